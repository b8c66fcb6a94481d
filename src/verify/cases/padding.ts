import { flipped } from '../bytes.js'
import { aimAt, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** A bit in the bytes that fill up the last word of `bytes` and `string`. */
export const padding: Kind = {
  name: 'dirty padding',
  weight: 4,
  *make(context) {
    const { choices } = context
    const aim = aimAt(context, ({ kind }) => kind === 'padding')
    if (aim === undefined) return
    const { at, size } = aim.spot
    const bit = choices.pick([0, 8 * size - 1, choices.below(8 * size)])
    yield* mutated(aim, flipped(aim.data, 8 * at + bit), 'padding not zero')
  },
}
