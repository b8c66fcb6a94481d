import { flipped } from '../bytes.js'
import { aimAt, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** Other bytes where nobody is to look, and trailing ones: what may stand there must not matter. */
export const content: Kind = {
  name: 'other content, trailing bytes',
  weight: 4,
  *make(context) {
    const { choices } = context
    const trailing = choices.chance(50)
    const aim = aimAt(context, ({ kind }) => trailing || kind === 'content')
    if (aim === undefined) return
    const { at, size } = aim.spot
    const { data } = aim
    if (!trailing) {
      yield* mutated(aim, flipped(data, 8 * at + choices.below(8 * size)), 'another bit of content')
      return
    }
    const more = choices.pick([1, 4, 31, 32, 33, 64])
    const longer = new Uint8Array(data.length + more).fill(0xff)
    longer.set(data)
    yield* mutated(aim, longer, `${more} bytes behind the arguments`)
  },
}
