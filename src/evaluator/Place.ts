import type { Collection } from './Collection.js'
import type { Frame } from './Frame.js'
import { smallAt } from './hex.js'
import { tailOf } from './tailOf.js'
import type { Tuple } from './Type.js'

/** A place in the calldata, reached from the arguments or from the element that a quantifier stands at. */
export type Place = {
  readonly inputs: Tuple
  /** The dynamic argument that it is reached through; -1: none. */
  readonly argument: number
  /** Word of the heads, where it is reached through no dynamic argument and no element. */
  readonly word: number
  /** The quantifier whose element it is reached from, 0 the innermost around; -1: none. */
  readonly depth: number
  /** What that quantifier goes over. */
  readonly over: Collection | undefined
  readonly steps: readonly Step[]
  /** As it stands in the grant, for telling about it. */
  readonly path: readonly PathStep[]
}

/** A way further into an encoding. */
export type Step = {
  /** A count stands before the elements, and must be above the index. */
  readonly counted: boolean
  readonly last: boolean
  readonly index: number
  /** Words of one element's head. */
  readonly stride: number
  /** What is found there is an offset. */
  readonly dynamic: boolean
}

export type PathStep = { readonly kind: number; readonly index: number }

/** An element that a quantifier stands at: where its encoding begins, and which one it is. */
export type ElementAt = { readonly at: number; readonly index: number }

/** No quantifier is being judged. */
export const NO_ELEMENTS: readonly ElementAt[] = []

/** Where the place is in the text, -1 where there is none: calldata too short, not canonical on the way, no such element. */
export const placeOf = (place: Place, frame: Frame): number => {
  if (place.argument >= 0) return follow(tailOf(frame, place.inputs, place.argument), place, frame)
  return place.depth < 0 ? headAt(place, frame) : follow(frame.elements[place.depth]?.at ?? -1, place, frame)
}

const headAt = ({ inputs, word }: Place, { dataAt, dataEnd }: Frame): number =>
  dataAt + 8 + 64 * inputs.words <= dataEnd ? dataAt + 8 + 64 * word : -1

const follow = (start: number, { steps }: Place, { text }: Frame): number => {
  let at = start
  if (at < 0) return -1
  // The walk has seen all of the argument: every count and offset met here is in bounds.
  for (const { counted, last, index, stride, dynamic } of steps) {
    let found = index
    let base = at
    if (counted) {
      const count = smallAt(text, at)
      if (last) found = count - 1
      if (found < 0 || found >= count) return -1
      base += 64
    }
    at = base + 64 * found * stride
    if (dynamic) at = base + 2 * smallAt(text, at)
  }
  return at
}
