import type { MeterState } from '../../policy/State.js'
import type { Case } from '../Attempt.js'
import { windowAt } from '../moments.js'
import type { Context } from './Kind.js'

/** Every meter has counted something in some window, as far as its limit. */
export function* nearlySpent({ policy, choices }: Context): Case {
  const now = policy.from + choices.below(policy.until - policy.from)
  const meters = policy.meters.map((meter, index): MeterState => {
    const window = windowAt(policy, index, choices.pick([now, policy.from]))
    const spent = choices.pick([0n, meter.limit, meter.limit / 2n, choices.big(meter.limit)])
    return { window, spent }
  })
  yield { kind: 'meters', meters }
}
