import type { Collection, Countable } from '../policy/Collection.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Call } from '../policy/Operation.js'
import type { Bytes } from '../policy/Place.js'
import type { Context } from './Context.js'
import type { Raw } from './Raw.js'
import { readPlace } from './readPlace.js'

/** The bytes, or the part of them that a range names; undefined (a fault) if they cannot be read or the part is not inside. */
export function readBytes({ place, slice }: Bytes, context: Context): Hex | undefined {
  const whole = readPlace(place, context)
  if (typeof whole !== 'string') return undefined
  if (slice === undefined) return whole
  const length = whole.length / 2 - 1
  const from = (position: number): number => (position < 0 ? length + position : position)
  const start = from(slice.start)
  const end = slice.end === undefined ? length : from(slice.end)
  return 0 <= start && start <= end && end <= length ? part(whole, start, end) : undefined
}

/** The elements of a collection; undefined is a fault. */
export function readElements(collection: Collection, context: Context): readonly Raw[] | undefined {
  if (collection.kind === 'array') {
    const list = readPlace(collection.place, context)
    return typeof list === 'string' ? undefined : list
  }
  const packed = readBytes(collection.bytes, context)
  if (packed === undefined) return undefined
  const { size, gap } = collection
  const length = packed.length / 2 - 1
  if (length === 0 && gap === 0) return []
  const count = (length + gap) / (size + gap)
  if (!Number.isInteger(count) || count < 1) return undefined
  return Array.from({ length: count }, (_, index) => {
    const start = index * (size + gap)
    return part(packed, start, start + size)
  })
}

/** How many elements, bytes or records there are; undefined is a fault. */
export function countOf(countable: Countable, context: Context): number | undefined {
  switch (countable.kind) {
    case 'array':
    case 'packed':
      return readElements(countable, context)?.length
    case 'bytes': {
      const bytes = readBytes(countable.bytes, context)
      return bytes && bytes.length / 2 - 1
    }
    case 'multisend':
      return readRecords(countable.bytes, context)?.length
    default:
      return countable satisfies never
  }
}

/** The calls of a multisend: records of operation1 ‖ to20 ‖ value32 ‖ length32 ‖ data; a fault unless they fill the bytes and every operation is 0, a call. */
export function readRecords(list: Bytes, context: Context): readonly Call[] | undefined {
  const bytes = readBytes(list, context)
  if (bytes === undefined) return undefined
  const total = bytes.length / 2 - 1
  const calls: Call[] = []
  for (let at = 0; at < total;) {
    const dataAt = at + 85
    if (dataAt > total || part(bytes, at, at + 1) !== '0x00') return undefined
    const length = BigInt(part(bytes, at + 53, dataAt))
    if (length > BigInt(total - dataAt)) return undefined
    const end = dataAt + Number(length)
    const to: Address = part(bytes, at + 1, at + 21)
    calls.push({ to, value: BigInt(part(bytes, at + 21, at + 53)), data: part(bytes, dataAt, end) })
    at = end
  }
  return calls
}

/** Bytes `[start, end)`. */
function part(bytes: Hex, start: number, end: number): Hex {
  return `0x${bytes.slice(2 + 2 * start, 2 + 2 * end)}`
}
