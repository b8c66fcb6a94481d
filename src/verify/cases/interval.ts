import { allowedBase, mutant, plain } from './base.js'
import { nearlySpent } from './presets.js'
import type { Kind } from './Kind.js'

/** The first and the last second of the interval in which an operation may be included, and one second beyond: hours, windows, bounds on now. */
export const interval: Kind = {
  name: 'one second around the inclusion interval',
  weight: 9,
  *make(context) {
    const { choices } = context
    if (choices.chance(40)) yield* nearlySpent(context)
    const base = allowedBase(context, { runtime: choices.chance(10) })
    if (base === undefined) return
    const { validFrom, validUntil } = base.decision
    const begin = choices.chance(50)
    const inside = begin ? validFrom : validUntil - 1
    const outside = begin ? validFrom - 1 : validUntil
    const edge = begin ? 'first second' : 'last second'
    const note = `${edge} of the interval`
    yield mutant(base, `one second past the ${note}`, { now: outside })
    yield { ...plain(base.built, `at the ${note}`), now: inside }
  },
}
