import type { Denial } from './Denial.js'
import type { State } from './State.js'

export type Decision = Allowed | Denied

export type Allowed = {
  readonly outcome: 'allow'
  /** For each call, the index into `policy.rules` of the allow rule that is used: the first that holds. */
  readonly rules: readonly number[]
  /** What is added to each meter that is charged, in order of the meters. */
  readonly charges: readonly { readonly meter: number; readonly amount: bigint }[]
  readonly state: State
  /** The operation may be included in `[validFrom, validUntil)`, unix seconds; the moment of the decision lies inside. */
  readonly validFrom: number
  readonly validUntil: number
}

export type Denied = { readonly outcome: 'deny'; readonly denials: readonly Denial[] }
