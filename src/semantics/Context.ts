import type { Parameter } from '../policy/AbiType.js'
import type { OperationFees } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { Called } from './Called.js'
import type { Raw } from './Raw.js'

/** What an operand may speak of. The fees line is judged without a call; `deny any` and `send` have no inputs. */
export type Context = {
  readonly policy: Policy
  /** Unix seconds. */
  readonly now: number
  /** Absent on the runtime path. */
  readonly fees: OperationFees | undefined
  readonly call: Called | undefined
  readonly inputs: readonly Parameter[]
  /** The elements that the quantifiers around speak of, the innermost first. */
  readonly elements: readonly Raw[]
}
