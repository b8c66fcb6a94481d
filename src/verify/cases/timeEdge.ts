import { timeEdges } from '../moments.js'
import { allowedBase, mutant } from './base.js'
import type { Kind } from './Kind.js'

/** Each moment at which something begins or ends, and the second before it, for an operation that is allowed on one side. */
export const timeEdge: Kind = {
  name: 'time edge',
  weight: 6,
  *make(context) {
    const { policy, choices } = context
    const edge = choices.pick(timeEdges(policy, choices))
    const [side, other] = choices.chance(50) ? [edge, edge - 1] : [edge - 1, edge]
    const runtime = choices.chance(20)
    const base = allowedBase(context, { now: side, runtime })
    if (base)
      yield mutant(base, side < other ? 'at an edge in time' : 'one second before an edge in time', { now: other })
  },
}
