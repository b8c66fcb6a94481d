import type { GrantTally } from './changedGrants.js'
import type { Disagreement } from './Disagreement.js'

/** A part of the policy that was never the one reason of a denial. */
export type NotReached = { readonly name: string; readonly why: string }

/** What the gate did and found; plain JSON but for big integers. */
export type Report = {
  /** Operations decided by all three readings. */
  readonly cases: number
  readonly seed: number
  /** Operations of each kind. */
  readonly kinds: Readonly<Record<string, number>>
  readonly allowed: number
  readonly denied: number
  readonly coverage: {
    /** Denied operations that differ from an allowed one by a single mutation. */
    readonly single: number
    /** Conditions, limits, meters, times and denies of the policy, and how many of them were the one reason of a denial. */
    readonly parts: number
    readonly reached: number
  }
  /** Changed grants, and what the module made of them. */
  readonly grants: GrantTally
  /** Answers about who may install, grant and revoke. */
  readonly authority: number
  /** Malformed calls of the module's own functions, all refused. */
  readonly malformed: number
  readonly notReached: readonly NotReached[]
  /** Calls of the module. */
  readonly moduleCalls: number
  readonly seconds: number
  readonly disagreement?: Disagreement
}
