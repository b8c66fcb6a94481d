import type { DenialCode } from '../policy/Denial.js'
import type { Hex } from '../policy/Hex.js'
import type { State } from '../policy/State.js'

/** What the module must answer, as the readings off the chain have it. */
export type Expectation =
  /** It allows, returns these bytes, and leaves the session in this state. */
  | { readonly kind: 'allow'; readonly returns: Hex; readonly state: State }
  /** It succeeds and, where they are given, returns these bytes. */
  | { readonly kind: 'success'; readonly returns?: Hex }
  /** It reverts, for one of these reasons where they are given. */
  | { readonly kind: 'deny'; readonly reasons?: readonly DenyReason[] }
  /** It fails, and be it for want of gas. */
  | { readonly kind: 'failure' }

/** A reason to deny, and what the module's error says beside its name, as text; null, or no facts at all, where that is not known. */
export type DenyReason = { readonly code: DenialCode; readonly facts?: readonly (string | null)[] }
