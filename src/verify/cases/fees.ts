import type { OperationFees } from '../../policy/Operation.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

const WIDE = (1n << 128n) - 1n

const fields = [
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
] as const

/** Gas fields one off, at the ends of their range, and so large that sums and products pass 256 bits. */
export const fees: Kind = {
  name: 'gas fields',
  weight: 5,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { sponsored: choices.chance(30) })
    const present = base?.built.operation.fees
    if (base === undefined || present === undefined) return
    const field = choices.pick(fields)
    const now = present[field]
    const most = field === 'preVerificationGas' ? (1n << 256n) - 1n : WIDE
    const wanted = choices.pick([now + 1n, now - 1n, most, most - 1n, 0n, most / 2n, now * 2n, most + 1n])
    // One past the field's width cannot be packed, nor written into calldata: only the off-chain readings see it.
    const changed: OperationFees = { ...present, [field]: wanted < 0n ? 0n : wanted }
    yield mutant(base, `${field} ${wanted} for ${now}`, { operation: { ...base.built.operation, fees: changed } })
    if (choices.chance(30)) {
      const huge: OperationFees = {
        ...present,
        callGasLimit: WIDE,
        verificationGasLimit: WIDE,
        maxFeePerGas: choices.pick([WIDE, 1n << 127n]),
      }
      yield { ...plain(base.built, 'a product past 256 bits'), operation: { ...base.built.operation, fees: huge } }
    }
  },
}
