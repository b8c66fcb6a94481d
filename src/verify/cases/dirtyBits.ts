import { flipped, patched } from '../bytes.js'
import { aimAt, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** A bit where a word's type has none: high bits of addresses and numbers, low ones of bytesN, a sign not extended. */
export const dirtyBits: Kind = {
  name: 'dirty bits',
  weight: 8,
  *make(context) {
    const { choices } = context
    const aim = aimAt(context, ({ kind, unused }) => kind === 'word' && unused !== undefined && unused.size > 0)
    const unused = aim?.spot.unused
    if (aim === undefined || unused === undefined) return
    const bits = 8 * unused.size
    const bit = choices.pick([0, bits - 1, choices.below(bits)])
    const data = choices.chance(20)
      ? patched(
          aim.data,
          unused.at,
          aim.data.subarray(unused.at, unused.at + unused.size).map((byte) => byte ^ 0xff),
        )
      : flipped(aim.data, 8 * unused.at + bit)
    yield* mutated(aim, data, 'bits outside the type')
  },
}
