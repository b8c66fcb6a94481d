import { bytesOf, joined, numberBytes } from '../bytes.js'
import type { InnerCall } from './InnerCall.js'
import { selectorOf } from './signature.js'
import type { BytesValue, Value, WordValue } from './Value.js'

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
export const shifted = (spots: readonly Spot[], by: number): readonly Spot[] =>
  by === 0 ? spots : spots.map((spot) => moved(spot, by))

// Each spot is moved once for every level around it; only words have an unused part, and only offsets a base.
const moved = (spot: Spot, by: number): Spot => {
  const at = spot.at + by
  const { unused, base } = spot
  if (unused !== undefined) return { ...spot, at, unused: { at: unused.at + by, size: unused.size } }
  return base === undefined ? { ...spot, at } : { ...spot, at, base: base + by }
}

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

const encodeWord = ({ type, variable: { value } }: WordValue): Encoded => {
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

/** The calldata of a call inside an argument: of a command its arguments alone, of a native transfer nothing. */
export const innerData = ({ allow: { action }, args }: InnerCall): Encoded => {
  if (args === undefined) return { bytes: new Uint8Array(), spots: [] }
  const { bytes, spots } = encodeValue(args)
  if (action.kind !== 'call') return { bytes, spots }
  return { bytes: joined(bytesOf(selectorOf(action)), bytes), spots: shifted(spots, 4) }
}

const encodeRecord = (call: InnerCall): Encoded => {
  const { bytes, spots } = innerData(call)
  const length = BigInt(bytes.length)
  const head = joined(
    numberBytes(BigInt(call.operation), 1),
    bytesOf(call.to),
    numberBytes(call.callValue.value),
    numberBytes(length),
  )
  return {
    bytes: joined(head, bytes),
    spots: [
      { kind: 'content', at: 0, size: 21, value: 0n },
      { kind: 'word', at: 21, size: 32, value: call.callValue.value },
      { kind: 'length', at: 53, size: 32, value: length },
      ...shifted(spots, head.length),
    ],
  }
}

const heldContent = ({ holds, bytes }: BytesValue): Encoded => {
  switch (holds?.form) {
    case undefined:
      return { bytes, spots: [] }
    case 'call':
      return innerData(holds.call)
    case 'records': {
      let at = 0
      const records = holds.records.map(encodeRecord)
      const spots = records.flatMap((record) => {
        at += record.bytes.length
        return shifted(record.spots, at - record.bytes.length)
      })
      return { bytes: joined(...records.map((record) => record.bytes)), spots }
    }
    case 'commands':
      return { bytes: Uint8Array.from(holds.inputs.elements.map(commandOf)), spots: [] }
    default:
      return holds satisfies never
  }
}

const commandOf = (input: Value): number => {
  const call = input.kind === 'bytes' && input.holds?.form === 'call' ? input.holds.call : undefined
  return call?.allow.action.kind === 'command' ? call.allow.action.command : 0
}

/** The bytes of a byte string, and the places in them. */
export const contentOf = (value: BytesValue): Encoded => {
  const content = heldContent(value)
  return value.tamper ? { bytes: value.tamper(content.bytes), spots: [] } : content
}

const encodeBytes = ({ bytes: content, spots: inner }: Encoded): Encoded => {
  const length = content.length
  const padding = (32 - (length % 32)) % 32
  const value = BigInt(length)
  const spots: Spot[] = [{ kind: 'length', at: 0, size: 32, value }]
  if (length > 0) spots.push({ kind: 'content', at: 32, size: length, value: 0n })
  spots.push(...shifted(inner, 32))
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
      return encodeBytes(contentOf(value))
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
