import type { Address } from '../../policy/Hex.js'
import type { AllowRule, DenyRule } from '../../policy/Rule.js'
import type { Variable } from '../solve/Variable.js'
import type { TupleValue } from './Value.js'

/** A call inside an argument, whose words can still be changed. */
export type InnerCall = {
  readonly allow: AllowRule
  /** Every deny rule that speaks of it: the policy's, then those of each block around it. */
  readonly denies: readonly DenyRule[]
  /** Absent for a native transfer. */
  readonly args?: TupleValue
  /** The record's own value in a multisend; elsewhere the one of the call that carries it. */
  readonly callValue: Variable
  /** Where a multisend sends it, and how: 0 is a call. */
  to: Address
  operation: number
}
