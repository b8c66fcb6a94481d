import { allowedBase, plain } from './base.js'
import { nearlySpent } from './presets.js'
import type { Kind } from './Kind.js'

/** Operations whose values were solved for: one call, in a fresh session or one that has spent before. */
export const allowed: Kind = {
  name: 'allowed by construction',
  weight: 10,
  *make(context) {
    if (context.choices.chance(40)) yield* nearlySpent(context)
    const base = allowedBase(context, { runtime: context.choices.chance(15) })
    if (base) yield plain(base.built, 'as solved')
  },
}
