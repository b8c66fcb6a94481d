import type { Parameter } from '../policy/AbiType.js'
import type { Call, OperationFees } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'

/** What an operand may speak of. The fees line is judged without a call; `deny any` and `send` have no inputs. */
export type Context = {
  readonly policy: Policy
  /** Unix seconds. */
  readonly now: number
  /** Absent on the runtime path. */
  readonly fees: OperationFees | undefined
  readonly call: Call | undefined
  readonly inputs: readonly Parameter[]
}
