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
  /** It reverts before it has looked at anything: the ABI's decoder has not read the arguments. */
  | { readonly kind: 'unread' }
  /** It does what it did when it was asked the same in other bytes. */
  | { readonly kind: 'same'; readonly success: boolean; readonly returns: Hex }
  /** It says that a grant is invalid, at one of these places: from and to, both included. */
  | { readonly kind: 'invalid grant'; readonly places: readonly (readonly [number, number])[] }
  /** It says that the scales of a grant's sum multiply to too much. */
  | { readonly kind: 'coefficient too large' }
  /** It fails, and be it for want of gas. */
  | { readonly kind: 'failure' }

/** A reason to deny, and what the module's error says beside its name, as text; null, or no facts at all, where that is not known. */
export type DenyReason = { readonly code: DenialCode; readonly facts?: readonly (string | null)[] }
