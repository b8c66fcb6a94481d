import type { Hex } from '../policy/Hex.js'
import type { AllowRule } from '../policy/Rule.js'
import type { Value } from './calldata/Value.js'
import type { Goal } from './solve/flatten.js'
import type { FeeVariables } from './solve/Scope.js'
import type { Variable } from './solve/Variable.js'

/** A call whose words can still be changed. */
export type DraftCall = {
  /** Index into the policy's rules. */
  readonly rule: number
  readonly allow: AllowRule
  /** Absent for a native transfer. */
  readonly args?: Value & { readonly kind: 'tuple' }
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
