import type { MeterState } from '../../policy/State.js'
import type { Case } from '../Attempt.js'
import { spentIn, windowAt } from '../moments.js'
import type { Context } from './Kind.js'

/** Every meter has counted something in some window, as far as its limit. */
export function* nearlySpent({ policy, choices }: Context): Case {
  const now = policy.from + choices.below(policy.until - policy.from)
  const meters = policy.meters.map((meter, index): MeterState => {
    const window = windowAt(policy, index, choices.pick([now, policy.from]))
    const spent = choices.pick([0n, meter.limit, meter.limit / 2n, choices.big(meter.limit)])
    const state = spentIn(meter, window, spent)
    if (state.past === undefined) return state
    // What was spent before leaves the present sub-window the rest; nothing was spent before the first.
    let left = meter.limit - spent
    const past = state.past.map((_, ago) => {
      const share = ago < window ? choices.pick([0n, left, choices.big(left)]) : 0n
      left -= share
      return share
    })
    return { ...state, past }
  })
  yield { kind: 'meters', meters }
}
