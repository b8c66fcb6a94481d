import type { Case } from '../Attempt.js'
import { allowedBase, mutant, plain, type Wishes } from './base.js'
import { nearlySpent } from './presets.js'
import type { Context, Kind } from './Kind.js'

/** The first or the last second of the interval of an allowed operation, and one second past it. */
export function* intervalOf(context: Context, wishes: Wishes): Case {
  const { choices } = context
  const base = allowedBase(context, wishes)
  if (base === undefined) return
  const { validFrom, validUntil } = base.decision
  const begin = choices.chance(50)
  const inside = begin ? validFrom : validUntil - 1
  const outside = begin ? validFrom - 1 : validUntil
  const note = `the ${begin ? 'first' : 'last'} second of the interval`
  yield mutant(base, `one second past ${note}`, { now: outside })
  yield { ...plain(base.built, `at ${note}`), now: inside }
}

/** The edges of the interval in which an operation may be included: hours, windows, bounds on now, gaps between denies. */
export const interval: Kind = {
  name: 'one second around the inclusion interval',
  weight: 9,
  *make(context) {
    const { choices } = context
    if (choices.chance(40)) yield* nearlySpent(context)
    yield* intervalOf(context, { runtime: choices.chance(10) })
  },
}
