import type { Hex } from '../policy/Hex.js'
import type { AllowRule, DenyRule } from '../policy/Rule.js'
import type { TupleValue } from './calldata/Value.js'
import type { Goal } from './solve/flatten.js'
import type { FeeVariables } from './solve/Scope.js'
import type { Variable } from './solve/Variable.js'

/** A call whose words can still be changed. */
export type DraftCall = {
  /** Index into the policy's rules. */
  readonly rule: number
  readonly allow: AllowRule
  /** Every deny rule that speaks of it. */
  readonly denies: readonly DenyRule[]
  /** Absent for a native transfer. */
  readonly args?: TupleValue
  readonly callValue: Variable
}

/** An operation that was made to be allowed, with the goals that its variables fulfil. */
export type Draft = {
  readonly calls: readonly DraftCall[]
  readonly now: number
  /** Absent on the runtime path. */
  readonly fees?: FeeVariables
  readonly paymasterAndData: Hex
  readonly goals: readonly Goal[]
}
