import { aimAt, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** Calldata that ends too early: in the selector, in the heads, in a tail, one byte before its end. */
export const truncation: Kind = {
  name: 'truncation',
  weight: 6,
  *make(context) {
    const { choices } = context
    const aim = aimAt(context, () => true)
    if (aim === undefined) return
    const { at, size } = aim.spot
    const { length } = aim.data
    const cut = choices.pick([
      length - 1,
      at,
      at + 1,
      at + size - 1,
      at + size,
      4,
      3,
      0,
      1,
      5,
      length - 32,
      choices.below(length),
    ])
    if (cut < 0 || cut >= length) return
    yield* mutated(aim, aim.data.subarray(0, cut), `cut to ${cut} bytes`)
  },
}
