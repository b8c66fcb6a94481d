/** What the account remembers of a session. */
export type State = {
  /** `killed`: the account's tag is no longer the grant's. */
  readonly status: 'none' | 'active' | 'revoked' | 'killed'
  /** One for each meter of the policy, in its order. */
  readonly meters: readonly MeterState[]
}

/** The last window charged and what was spent in it (0 and 0 before the first charge). */
export type MeterState = { readonly window: number; readonly spent: bigint }
