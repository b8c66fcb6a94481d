import { PAID_BY } from '../compiler/layout.js'
import type { Denial } from '../policy/Denial.js'
import type { OperationFees } from '../policy/Operation.js'
import { holds } from './Condition.js'
import { denial } from './denials.js'
import { describe } from './describe.js'
import type { Frame } from './Frame.js'
import { toBytes } from './hex.js'
import { NO_ELEMENTS } from './Place.js'
import type { Session } from './Session.js'

/** Whether the fields fit into a UserOperation of ERC-4337 v0.7. */
export const isPackable = (fees: OperationFees): boolean =>
  isBelow(fees.callGasLimit, 128) &&
  isBelow(fees.verificationGasLimit, 128) &&
  isBelow(fees.maxFeePerGas, 128) &&
  isBelow(fees.maxPriorityFeePerGas, 128) &&
  isBelow(fees.preVerificationGas, 256) &&
  (fees.paymasterAndData === '0x' || isBytes(fees.paymasterAndData))

const isBelow = (value: bigint, bits: number): boolean => value >= 0n && value >> BigInt(bits) === 0n

const isBytes = (text: string): boolean => text.length % 2 === 0 && typeof toBytes(text) !== 'number'

/** The fees of an operation as a frame that holds nothing else: only `op.*` is read there. */
const frameOf = (fees: OperationFees): Frame => ({
  text: '',
  to: '',
  noValue: true,
  valueAt: 0,
  dataAt: 0,
  dataEnd: 0,
  fees,
  command: '',
  rules: undefined,
  walk: undefined,
  elements: NO_ELEMENTS,
})

/** What the fees line objects to; `charge` is what it counts in the first meter, undefined where nothing is charged. */
export const judgeFees = (
  { internal: { fees: line } }: Session,
  fees: OperationFees,
  now: number,
  denials: Denial[],
): bigint | undefined => {
  if (line.where.length > 0) {
    const frame = frameOf(fees)
    for (const condition of line.where)
      if (!holds(condition, frame, now, false))
        denials.push(denial('fee-condition-failed', 'change-args', describe(condition, frame, now)))
  }
  if (line.paidBy === PAID_BY.unlimited) return undefined
  const { paymasterAndData } = fees
  if (line.paidBy !== PAID_BY.sponsored && paymasterAndData === '0x')
    return (fees.callGasLimit + fees.verificationGasLimit + fees.preVerificationGas) * fees.maxFeePerGas
  if (line.sponsor === '' || paymasterAndData.slice(2, 42).toLowerCase() !== line.sponsor) {
    const expected = [
      line.paidBy === PAID_BY.sponsored ? [] : ['0x'],
      line.sponsor === '' ? [] : [`0x${line.sponsor}…`],
    ]
    denials.push(
      denial('paymaster-not-allowed', 'change-args', {
        path: 'op.paymasterAndData',
        expected: expected.flat().join(' or '),
        actual: paymasterAndData.slice(0, 42),
      }),
    )
  }
  return undefined
}
