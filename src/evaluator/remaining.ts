import type { State } from '../policy/State.js'
import type { Asset } from '../policy/Units.js'
import { countOf, isPossible, moveOn } from './charge.js'
import { windowInterval, windowOf } from './MeterEntry.js'
import type { Session } from './Session.js'

/**
 * How a meter stands: base units of what it counts, or calls; the window is `[windowStart, windowEnd)` in unix seconds, within the session's life.
 * Of a rolling meter: its present sub-window, and what was spent in that and the eight before it.
 */
export type Remaining = {
  readonly meter: number
  readonly counts: Asset | 'calls'
  readonly limit: bigint
  readonly spent: bigint
  readonly remaining: bigint
  readonly windowStart: number
  readonly windowEnd: number
}

/** How every meter stands at `time`; before and after the session's life, as at its begin and end. Nothing remains in a window that has passed. */
export const remaining = (session: Session, state: State, time: number): Remaining[] => {
  const now = Math.min(Math.max(Math.floor(time) || 0, session.from), session.until - 1)
  return session.internal.meters.map((entry, meter) => {
    const window = windowOf(entry, session.from, now)
    const before = state.meters[meter] ?? { window, spent: entry.limit }
    const passed = before.window > window || !isPossible(entry, before)
    const spent = countOf(passed ? before : moveOn(entry, before, window))
    const left = passed || spent > entry.limit ? 0n : entry.limit - spent
    const { from, until } = windowInterval(entry, session, window)
    const counts = session.meters[meter]?.counts ?? 'calls'
    return { meter, counts, limit: entry.limit, spent, remaining: left, windowStart: from, windowEnd: until }
  })
}
