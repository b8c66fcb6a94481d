import { allowedBase, mutant } from './base.js'
import type { Kind } from './Kind.js'

/** Before the policy begins, after it has ended, and moments at the ends of what a witness can claim. */
export const expiry: Kind = {
  name: 'beginning and expiry',
  weight: 3,
  *make(context) {
    const { policy, choices } = context
    const { from, until } = policy
    const base =
      allowedBase(context, { now: choices.pick([from, until - 1]), runtime: choices.chance(20) }) ??
      allowedBase(context)
    if (base === undefined) return
    const runtime = base.built.operation.fees === undefined
    const moments = [from - 1, until, 0, 1, from - 86_400, until + 86_400, 2 ** 38 - 1, 2 ** 38, 2 ** 40 - 1]
    const now = choices.pick(runtime ? moments.filter((moment) => moment > 0) : moments)
    yield mutant(base, 'outside the policy’s time', { now })
  },
}
