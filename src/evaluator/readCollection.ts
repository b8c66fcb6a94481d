import { COLLECTION, LIMIT, RANGE_FLAG } from '../compiler/layout.js'
import type { ByteRange } from '../policy/Place.js'
import type { Bytes } from './Bytes.js'
import type { Collection, Countable } from './Collection.js'
import type { Reader } from './Reader.js'
import { type Scope, arraysAt, readPlace } from './readPlace.js'

/** Reads a byte string of the calldata, or a part of one. */
export const readBytes = (reader: Reader, scope: Scope): Bytes => {
  const start = reader.at
  const { place, type, word } = readPlace(reader, scope)
  reader.must((type.form === 'bytes' || type.form === 'string') && word === undefined, 'a place holds no bytes', start)
  return { place, range: readRange(reader) }
}

const { present, startFromEnd, end: endThere, endFromEnd } = RANGE_FLAG

const readRange = (reader: Reader): ByteRange | undefined => {
  const at = reader.at
  const flags = reader.byte()
  if (flags === 0) return undefined
  const position = (fromEnd: number): number => (flags & fromEnd ? -1 : 1) * reader.uint(2)
  const start = position(startFromEnd)
  const end = flags & endThere ? position(endFromEnd) : undefined
  const known = (flags & present) !== 0 && flags < 16 && ((flags & endFromEnd) === 0 || end !== undefined)
  // From the end, 0 would be written as -0, which is no position; the whole is written without a range.
  const sound = !Object.is(start, -0) && end !== 0 && (start !== 0 || end !== undefined)
  reader.must(known && sound, 'a range is not possible', at)
  return end === undefined ? { start } : { start, end }
}

/** How many bytes the range always selects, 1 to 32; undefined where that depends on the calldata. */
export const widthOf = ({ range }: Bytes): number | undefined => {
  if (!range) return undefined
  const { start, end } = range
  const width = end === undefined ? -start : end < 0 === start < 0 ? end - start : 0
  return width >= 1 && width <= 32 ? width : undefined
}

/** Reads what a quantifier goes over. */
export const readCollection = (reader: Reader, scope: Scope): Collection => {
  const at = reader.at
  const countable = readCountable(reader, scope)
  return 'bytes' in countable && !('size' in countable)
    ? reader.fail('what has a length alone is gone over', at)
    : countable
}

/** Reads what has a length, or what a quantifier goes over. */
export const readCountable = (reader: Reader, scope: Scope): Countable => {
  const at = reader.at
  switch (reader.byte()) {
    case COLLECTION.array: {
      const { place, type, word } = readPlace(reader, scope)
      const { element, length } = type
      if (!element || !type.dynamic || word !== undefined) return reader.fail('a place holds no array', at)
      return { kind: 'array', place, length, element }
    }
    case COLLECTION.words: {
      const route = readPlace(reader, scope)
      const length = reader.byte()
      const words = reader.byte()
      // Where several such arrays begin, the outermost is meant.
      const found = arraysAt(route).find((array) => array.length === length && array.element?.headWords === words)
      const element = found?.element ?? reader.fail('a place holds no such array', at)
      return { kind: 'array', place: route.place, length, element }
    }
    case COLLECTION.packed: {
      const bytes = readBytes(reader, scope)
      const size = reader.byte()
      const gap = reader.byte()
      reader.must(size >= 1 && size <= LIMIT.packedSize, 'a packed element has not 1 to 32 bytes', at)
      return { kind: 'packed', bytes, size, gap }
    }
    case COLLECTION.bytes:
      return { kind: 'bytes', bytes: readBytes(reader, scope) }
    case COLLECTION.multisend:
      return { kind: 'multisend', bytes: readBytes(reader, scope) }
    default:
      return reader.fail('a collection is of no known kind', at)
  }
}
