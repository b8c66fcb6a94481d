import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** The same operation again and again: each is charged, until a meter says no. */
export const replay: Kind = {
  name: 'replay',
  weight: 4,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 2]), runtime: choices.chance(10) })
    if (base === undefined) return
    yield plain(base.built, 'once')
    for (let time = 0; time < 1 + choices.below(3); time++) yield mutant(base, 'the same again', {})
  },
}
