/** What the account remembers of a session. */
export type State = {
  /** `killed`: the account's tag is no longer the grant's. */
  readonly status: 'none' | 'active' | 'revoked' | 'killed'
  /** One for each meter of the policy, in its order. */
  readonly meters: readonly MeterState[]
}

/**
 * The last window charged and what was spent in it (0 and 0 before the first charge). Of a rolling meter: the last sub-window, an eighth of the period,
 * and in `past` what was spent in the eight before it, the nearest first; other meters have no `past`.
 */
export type MeterState = { readonly window: number; readonly spent: bigint; readonly past?: readonly bigint[] }
