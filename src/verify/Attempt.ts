import type { Decision } from '../policy/Decision.js'
import type { Operation } from '../policy/Operation.js'
import type { MeterState } from '../policy/State.js'
import type { Signing } from './Signing.js'
import type { Trick } from './Trick.js'

/** One operation that is put to all three readings. */
export type Attempt = {
  readonly kind: 'operation'
  /** What was done to it, for people: `padding of call 0 not zero`. */
  readonly note: string
  readonly now: number
  readonly operation: Operation
  /** For each call the rule whose leaf the witness carries, where nobody says which rule is used. */
  readonly rules: readonly number[]
  /** It differs from an operation that is allowed in this state by one mutation. */
  readonly single: boolean
  /** Something done on the chain alone, which the module must refuse. */
  readonly trick?: Trick
  /** The key's own signature, where it is left out. */
  readonly signing?: Signing
}

/** The meters are put into another state, one that an honest session can come to. */
export type Preset = { readonly kind: 'meters'; readonly meters: readonly MeterState[] }

/** The session is ended, on the chain by the account's own call. */
export type Ending = { readonly kind: 'ending'; readonly by: 'revoke' | 'revokeAll' | 'setOwners' }

/** The session is not in force yet: what is asked carries the text that the owner signed. */
export type Carrying = { readonly kind: 'carried' }

/** A step of a case. */
export type Action = Attempt | Preset | Ending | Carrying

/** A case: its steps, each told what the last one came to, all from a session's beginning. */
export type Case = Generator<Action, void, Decision>
