import { flipped, numberBytes, patched } from '../bytes.js'
import { aimAt, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** Another number in one word: one more, one less, a bit flipped, the greatest there is. */
export const otherWord: Kind = {
  name: 'another word',
  weight: 6,
  *make(context) {
    const { choices } = context
    const aim = aimAt(context, ({ kind }) => kind === 'word')
    if (aim === undefined) return
    const { at, value } = aim.spot
    const { account, key } = context.policy
    const other = choices.pick([
      value + 1n,
      value - 1n,
      0n,
      1n,
      -1n,
      1n << 255n,
      BigInt(account),
      BigInt(key),
      choices.big((1n << 256n) - 1n),
    ])
    const data = choices.chance(30)
      ? flipped(aim.data, 8 * at + choices.below(256))
      : patched(aim.data, at, numberBytes(other))
    yield* mutated(aim, data, 'another word')
  },
}
