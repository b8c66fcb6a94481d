import { numberBytes, patched } from '../bytes.js'
import { aimAt, hostileNumbers, mutated } from './spots.js'
import type { Kind } from './Kind.js'

/** Lengths of arrays and bytes that are not what follows: one off, huge, wrapping around. */
export const length: Kind = {
  name: 'length wrong or huge',
  weight: 6,
  *make(context) {
    const aim = aimAt(context, ({ kind }) => kind === 'length')
    if (aim === undefined) return
    const wrong = hostileNumbers(aim.spot.value, context.choices)
    yield* mutated(aim, patched(aim.data, aim.spot.at, numberBytes(wrong)), 'another length')
  },
}
