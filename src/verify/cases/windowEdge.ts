import type { MeterState } from '../../policy/State.js'
import { spentIn, windowAt, windowSeconds } from '../moments.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** A meter that is full in one window: its last second, the next window's first, and an older claim after that. */
export const windowEdge: Kind = {
  name: 'window edge',
  weight: 6,
  *make(context) {
    const { policy, choices } = context
    const { from, until } = policy
    // What was spent in a sub-window of a rolling meter stops counting nine later.
    const periods = policy.meters.flatMap((meter, index) => {
      const seconds = windowSeconds(meter)
      const after = meter.window.kind === 'rolling' ? 9 : 1
      return seconds !== undefined && from + after * seconds < until ? [{ index, seconds, after }] : []
    })
    if (periods.length === 0) return
    const { index, seconds, after: windows } = choices.pick(periods)
    const count = Math.floor((until - 1 - from) / seconds) - windows + 1
    const full = choices.below(count)
    const edge = from + seconds * (full + windows)
    const runtime = choices.chance(10)
    const after = allowedBase(context, { now: edge, runtime })
    if (after === undefined || !after.decision.charges.some(({ meter }) => meter === index)) return
    const last = edge - 1
    const meters = policy.meters.map((meter, at): MeterState => {
      const window = at === index ? full : windowAt(policy, at, last)
      return spentIn(meter, window, at === index ? meter.limit : 0n)
    })
    yield { kind: 'meters', meters }
    yield mutant(after, 'full: last second of the window', { now: last })
    const next = yield plain(after.built, 'first second of the next window')
    if (next.outcome === 'deny') return
    yield { ...plain(after.built, 'an older claim after a newer window'), now: last, single: true }
    yield { ...plain(after.built, 'again in the newer window') }
  },
}
