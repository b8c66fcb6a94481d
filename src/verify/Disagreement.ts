import type { Decision } from '../policy/Decision.js'
import type { Hex } from '../policy/Hex.js'
import type { Operation } from '../policy/Operation.js'
import type { MeterState, State } from '../policy/State.js'

/** One step of the case that showed a disagreement. */
export type DisagreementStep =
  | { readonly kind: 'operation'; readonly note: string; readonly now: number; readonly operation: Operation }
  | { readonly kind: 'meters'; readonly meters: readonly MeterState[] }
  | { readonly kind: 'ending'; readonly by: string }
  | { readonly kind: 'carried' }

/** The smallest case found in which the three readings do not agree; the last of `steps` is the one they differ in. */
export type Disagreement = {
  /** The kind of case, and what was done to the operation. */
  readonly kind: string
  readonly note: string
  /** One sentence: who says what. */
  readonly what: string
  readonly steps: readonly DisagreementStep[]
  /** The state in which the last step was decided. */
  readonly state?: State
  readonly reference?: Decision
  readonly evaluator?: Decision
  /** The witness's rules, what the module returned, and the calldata it was asked with. */
  readonly module?: string
  readonly witness?: Hex
}

/** Thrown inside the gate to stop a case; never leaves it. */
export class Disagree extends Error {
  readonly facts: Disagreement

  constructor(facts: Disagreement) {
    super(facts.what)
    this.name = 'Disagree'
    this.facts = facts
  }
}
