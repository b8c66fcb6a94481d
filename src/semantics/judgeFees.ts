import type { DenialCode } from '../policy/Denial.js'
import type { OperationFees } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import { type Interval, always } from './Interval.js'
import { isBytes } from './callsOf.js'
import { holds, momentsOfAll } from './holds.js'

/** What the fees line says: which objections it has, and what it charges to which meter. */
export type FeeJudgement = {
  readonly codes: readonly DenialCode[]
  readonly charge?: { readonly meter: number; readonly amount: bigint }
  readonly interval: Interval
}

/** Judges a UserOperation's gas fields; on the runtime path (no fields) nothing is looked at. */
export function judgeFees(policy: Policy, fees: OperationFees | undefined, now: number): FeeJudgement {
  if (fees === undefined) return { codes: [], interval: always }
  const context = { policy, now, fees, call: undefined, inputs: [], elements: [] }
  const { paidBy, where } = policy.fees
  const codes: DenialCode[] = []
  if (!where.every((condition) => holds(condition, context, false))) codes.push('fee-condition-failed')

  const paymasterAndData = fees.paymasterAndData.toLowerCase()
  const selfPaid = paymasterAndData === '0x'
  const sponsored = 'by' in paidBy && paymasterAndData.startsWith(paidBy.by)
  const maySelfPay = paidBy.kind === 'budget' || paidBy.kind === 'budget or sponsored'
  if (paidBy.kind !== 'unlimited' && !sponsored && !(selfPaid && maySelfPay)) codes.push('paymaster-not-allowed')

  const interval = momentsOfAll(where, context)
  if (!(selfPaid && maySelfPay)) return { codes, interval }
  const gas = fees.callGasLimit + fees.verificationGasLimit + fees.preVerificationGas
  return { codes, interval, charge: { meter: paidBy.meter, amount: gas * fees.maxFeePerGas } }
}

/** Whether the fields fit into a UserOperation of ERC-4337 v0.7. */
export function isPackable(fees: OperationFees): boolean {
  const narrow = [fees.callGasLimit, fees.verificationGasLimit, fees.maxFeePerGas, fees.maxPriorityFeePerGas]
  return (
    narrow.every((field) => 0n <= field && field < 2n ** 128n) &&
    0n <= fees.preVerificationGas &&
    fees.preVerificationGas < 2n ** 256n &&
    isBytes(fees.paymasterAndData)
  )
}
