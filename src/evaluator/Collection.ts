import { RECORD } from '../compiler/layout.js'
import { type Bytes, spanOf } from './Bytes.js'
import type { Frame } from './Frame.js'
import { smallAt } from './hex.js'
import { type Place, placeOf } from './Place.js'
import type { Type } from './Type.js'

/** What a quantifier goes over. */
export type Collection =
  | {
      readonly kind: 'array'
      readonly place: Place
      /** Undefined: the encoding says it. */
      readonly length: number | undefined
      readonly element: Type
    }
  /** Elements of `size` bytes, `gap` bytes between them. */
  | { readonly kind: 'packed'; readonly bytes: Bytes; readonly size: number; readonly gap: number }

/** What has a length. */
export type Countable = Collection | { readonly kind: 'bytes' | 'multisend'; readonly bytes: Bytes }

/** Where each element begins, that of a dynamic type behind its offset; undefined is a fault. */
export const elementsOf = (collection: Collection, frame: Frame): readonly number[] | undefined => {
  const count = countOf(collection, frame)
  if (count === undefined) return undefined
  if (collection.kind === 'packed') {
    const start = spanOf(collection.bytes, frame)?.from ?? 0
    return Array.from({ length: count }, (_, index) => start + 2 * index * (collection.size + collection.gap))
  }
  const { place, length, element } = collection
  const base = placeOf(place, frame) + (length === undefined ? 64 : 0)
  return Array.from({ length: count }, (_, index) => {
    const at = base + 64 * index * element.headWords
    return element.dynamic ? base + 2 * smallAt(frame.text, at) : at
  })
}

/** Stands at one element after another for as long as the test holds; whether it held of every one, undefined where the collection cannot be read. */
export const everyElement = (over: Collection, frame: Frame, test: (index: number) => boolean): boolean | undefined => {
  const outer = frame.elements
  const every = elementsOf(over, frame)?.every((at, index) => {
    frame.elements = [{ at, index }, ...outer]
    return test(index)
  })
  frame.elements = outer
  return every
}

/** How many elements, bytes or records there are; undefined is a fault. */
export const countOf = (countable: Countable, frame: Frame): number | undefined => {
  switch (countable.kind) {
    case 'array': {
      const at = placeOf(countable.place, frame)
      return at < 0 ? undefined : (countable.length ?? smallAt(frame.text, at))
    }
    case 'packed': {
      const { bytes, size, gap } = countable
      const span = spanOf(bytes, frame)
      const count = span && ((span.until - span.from) / 2 + gap) / (size + gap)
      // No bytes at all are no element where there is no gap, and otherwise no whole number of them.
      return Number.isInteger(count) ? count : undefined
    }
    case 'bytes': {
      const span = spanOf(countable.bytes, frame)
      return span && (span.until - span.from) / 2
    }
    case 'multisend':
      return recordsOf(countable.bytes, frame)?.length
    default:
      return countable satisfies never
  }
}

/** A record of a multisend, by places in the text. */
export type SentCall = {
  readonly to: string
  readonly valueAt: number
  readonly dataAt: number
  readonly dataEnd: number
}

/** The records of a multisend; undefined unless they fill the bytes exactly and each is a call. */
export const recordsOf = (bytes: Bytes, frame: Frame): readonly SentCall[] | undefined => {
  const span = spanOf(bytes, frame)
  if (!span) return undefined
  const { text } = frame
  const records: SentCall[] = []
  let at = span.from
  while (at < span.until) {
    const toAt = at + 2 * RECORD.operation
    const valueAt = toAt + 2 * RECORD.target
    const dataAt = valueAt + 128
    if (dataAt > span.until || text.slice(at, toAt) !== '00') return undefined
    const length = smallAt(text, valueAt + 64)
    const dataEnd = dataAt + 2 * length
    if (length < 0 || dataEnd > span.until) return undefined
    records.push({ to: text.slice(toAt, valueAt), valueAt, dataAt, dataEnd })
    at = dataEnd
  }
  return records
}
