import type { MeterState } from '../../policy/State.js'
import { windowAt } from '../moments.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** A meter that is full in one window: its last second, the next window's first, and an older claim after that. */
export const windowEdge: Kind = {
  name: 'window edge',
  weight: 6,
  *make(context) {
    const { policy, choices } = context
    const { from, until } = policy
    const periods = policy.meters.flatMap(({ window }, index) =>
      window.kind === 'period' && from + window.seconds < until ? [{ index, seconds: window.seconds }] : [],
    )
    if (periods.length === 0) return
    const { index, seconds } = choices.pick(periods)
    const count = Math.floor((until - 1 - from) / seconds)
    const edge = from + seconds * (1 + choices.below(count))
    const runtime = choices.chance(10)
    const after = allowedBase(context, { now: edge, runtime })
    if (after === undefined || !after.decision.charges.some(({ meter }) => meter === index)) return
    const last = edge - 1
    const meters = policy.meters.map((meter, at): MeterState => {
      const window = windowAt(policy, at, last)
      return at === index ? { window, spent: meter.limit } : { window, spent: 0n }
    })
    yield { kind: 'meters', meters }
    yield mutant(after, 'full: last second of the window', { now: last })
    const next = yield plain(after.built, 'first second of the next window')
    if (next.outcome === 'deny') return
    yield { ...plain(after.built, 'an older claim after a newer window'), now: last, single: true }
    yield { ...plain(after.built, 'again in the newer window') }
  },
}
