import type { Choices } from '../Choices.js'
import type { Spot } from '../calldata/encode.js'
import { withData } from '../build.js'
import { allowedBase, mutant, type Base } from './base.js'
import type { Case } from '../Attempt.js'
import type { Context } from './Kind.js'

/** A place in the data of one call of an allowed operation. */
export type Aim = { readonly base: Base; readonly call: number; readonly data: Uint8Array; readonly spot: Spot }

/** An allowed operation of one or two calls, and a place of the wanted kind in it. */
export const aimAt = (context: Context, wanted: (spot: Spot) => boolean): Aim | undefined => {
  const { choices } = context
  for (let attempt = 0; attempt < 3; attempt++) {
    const base = allowedBase(context, { calls: choices.pick([1, 1, 1, 2]), runtime: choices.chance(5) })
    if (base === undefined) continue
    const call = choices.below(base.built.calls.length)
    const data = base.built.calls[call]?.data
    const spots = base.built.spots[call]?.filter(wanted) ?? []
    if (data !== undefined && spots.length > 0) return { base, call, data, spot: choices.pick(spots) }
  }
  return undefined
}

/** The operation with other bytes in the call aimed at. */
export function* mutated({ base, call }: Pick<Aim, 'base' | 'call'>, data: Uint8Array, note: string): Case {
  yield mutant(base, `${note}, call ${call}`, { operation: withData(base.built, call, data) })
}

/** Numbers that an offset or a length is tried with: next to the right one, of other scales, and where arithmetic wraps around. */
export const hostileNumbers = (right: bigint, choices: Choices): bigint => {
  const top = 1n << 256n
  return BigInt.asUintN(
    256,
    choices.pick([
      right + 1n,
      right - 1n,
      right + 32n,
      right - 32n,
      0n,
      32n,
      top - 1n,
      top - 32n,
      top >> 1n,
      (top >> 1n) - 1n,
      1n << 64n,
      (1n << 64n) - 1n,
      (1n << 32n) - 1n,
      right + (1n << 32n),
      right + (1n << 64n),
      right + (1n << 128n),
      right + (top >> 1n),
      // Times 32 these wrap around to the right size.
      right + (top >> 5n),
      right + (1n << 59n),
      top - right,
      BigInt(choices.below(512)),
    ]),
  )
}
