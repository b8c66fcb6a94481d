import { joined, numberBytes, patched } from '../bytes.js'
import { aimAt, hostileNumbers, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** Offsets that point elsewhere: aliased, shifted, wrapped around, or to a tail that was moved away by a gap. */
export const offset: Kind = {
  name: 'offset aliased or shifted',
  weight: 6,
  *make(context) {
    const { choices } = context
    const aim = aimAt(context, ({ kind }) => kind === 'offset')
    if (aim === undefined) return
    const { at, value, base = 0 } = aim.spot
    const tail = base + Number(value)
    if (choices.chance(25)) {
      // What it points to still stands there, one word further on.
      const gap = joined(aim.data.subarray(0, tail), new Uint8Array(32), aim.data.subarray(tail))
      yield* mutated(aim, patched(gap, at, numberBytes(value + 32n)), 'a gap before the tail')
      return
    }
    if (choices.chance(25)) {
      const copy = joined(aim.data, aim.data.subarray(tail))
      const moved = BigInt(aim.data.length - base)
      yield* mutated(aim, patched(copy, at, numberBytes(moved)), 'offset to a copy behind the arguments')
      return
    }
    const others = context.choices.pick([hostileNumbers(value, choices), BigInt(at - base), 0n])
    yield* mutated(aim, patched(aim.data, at, numberBytes(others)), 'another offset')
  },
}
