import { joined, numberBytes } from '../bytes.js'
import type { Value } from './Value.js'

/** A place in encoded bytes that a mutation may aim at; `at` counts bytes from the start of what was encoded. */
export type Spot = {
  readonly kind: 'word' | 'offset' | 'length' | 'content' | 'padding'
  readonly at: number
  /** Bytes; 32 for a word, an offset or a length. */
  readonly size: number
  /** The meaning of a word in range; the number that a standard encoder writes for an offset or a length. */
  readonly value: bigint
  /** High bytes (low ones for bytesN) that the type leaves unused. */
  readonly unused?: { readonly at: number; readonly size: number }
  /** Where the offset counts from. */
  readonly base?: number
}

/** Bytes as a standard encoder writes them, and the places in them. */
export type Encoded = { readonly bytes: Uint8Array; readonly spots: readonly Spot[] }

/** The spots of an encoding that now stands `by` bytes further. */
export const shifted = (spots: readonly Spot[], by: number): Spot[] =>
  spots.map((spot) => ({
    ...spot,
    at: spot.at + by,
    ...(spot.unused && { unused: { ...spot.unused, at: spot.unused.at + by } }),
    ...(spot.base !== undefined && { base: spot.base + by }),
  }))

const isDynamicValue = (value: Value): boolean => {
  switch (value.kind) {
    case 'word':
      return false
    case 'bytes':
      return true
    case 'array':
    case 'tuple':
      return value.dynamic
    default:
      return value satisfies never
  }
}

const encodeWord = ({ type, variable: { value } }: Value & { kind: 'word' }): Encoded => {
  const spot = { kind: 'word', at: 0, size: 32, value } as const
  switch (type.kind) {
    case 'fixedBytes': {
      const bytes = numberBytes(value << BigInt(256 - 8 * type.size))
      return { bytes, spots: [{ ...spot, unused: { at: type.size, size: 32 - type.size } }] }
    }
    case 'address':
      return { bytes: numberBytes(value), spots: [{ ...spot, unused: { at: 0, size: 12 } }] }
    case 'bool':
      return { bytes: numberBytes(value), spots: [{ ...spot, unused: { at: 0, size: 31 } }] }
    case 'uint':
    case 'int':
      return { bytes: numberBytes(value), spots: [{ ...spot, unused: { at: 0, size: 32 - type.bits / 8 } }] }
    default:
      return type satisfies never
  }
}

const encodeBytes = (content: Uint8Array): Encoded => {
  const length = content.length
  const padding = (32 - (length % 32)) % 32
  const value = BigInt(length)
  const spots: Spot[] = [{ kind: 'length', at: 0, size: 32, value }]
  if (length > 0) spots.push({ kind: 'content', at: 32, size: length, value: 0n })
  if (padding > 0) spots.push({ kind: 'padding', at: 32 + length, size: padding, value: 0n })
  return { bytes: joined(numberBytes(value), content, new Uint8Array(padding)), spots }
}

/** Heads, then tails: the encoding of the members of a tuple or an array. */
const encodeMembers = (members: readonly Value[]): Encoded => {
  const encoded = members.map((member) => ({ dynamic: isDynamicValue(member), ...encodeValue(member) }))
  const headSize = encoded.reduce((sum, { dynamic, bytes }) => sum + (dynamic ? 32 : bytes.length), 0)
  const heads: Uint8Array[] = []
  const tails: Uint8Array[] = []
  const spots: Spot[] = []
  let head = 0
  let tail = headSize
  for (const { dynamic, bytes, spots: own } of encoded)
    if (dynamic) {
      heads.push(numberBytes(BigInt(tail)))
      tails.push(bytes)
      spots.push({ kind: 'offset', at: head, size: 32, value: BigInt(tail), base: 0 }, ...shifted(own, tail))
      head += 32
      tail += bytes.length
    } else {
      heads.push(bytes)
      spots.push(...shifted(own, head))
      head += bytes.length
    }
  return { bytes: joined(...heads, ...tails), spots }
}

/** The canonical ABI encoding of a value; arguments are the tuple of them. */
export const encodeValue = (value: Value): Encoded => {
  switch (value.kind) {
    case 'word':
      return encodeWord(value)
    case 'bytes':
      return encodeBytes(value.bytes)
    case 'tuple':
      return encodeMembers(value.components)
    case 'array': {
      const members = encodeMembers(value.elements)
      if (!value.counted) return members
      const length = BigInt(value.elements.length)
      return {
        bytes: joined(numberBytes(length), members.bytes),
        spots: [{ kind: 'length', at: 0, size: 32, value: length }, ...shifted(members.spots, 32)],
      }
    }
    default:
      return value satisfies never
  }
}
