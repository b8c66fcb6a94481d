import { type AbiParameter, decodeAbiParameters, encodeAbiParameters, hexToBytes } from 'viem'
import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { PathStep, Place } from '../policy/Place.js'
import { argumentsOf } from './Called.js'
import type { Context } from './Context.js'
import type { Raw } from './Raw.js'

/** What stands at a place; undefined is a fault: the encoding is not canonical on the way to it, or an index is past the end. */
export function readPlace(place: Place, context: Context): Raw | undefined {
  if (place.kind === 'element') return follow(context.elements[place.depth], place.path)
  return context.call && readArgument(argumentsOf(context.call), context.inputs, place.path)
}

/** The same for a path from the arguments; `encoded` is hex digits, without a selector. */
export function readArgument(
  encoded: string,
  inputs: readonly Parameter[],
  path: readonly PathStep[],
): Raw | undefined {
  const index = path[0]?.kind === 'component' ? path[0].index : -1
  const values = readUpTo(index, encoded, inputs)
  return values && follow(values, path)
}

/** What is known of one encoding of arguments. */
type Read = {
  readonly bytes: Uint8Array
  /** The arguments as far as it takes to read one of them, by its index; undefined is a fault. */
  readonly upTo: Map<number, Raw | undefined>
  exact?: boolean
}

/** Encodings read last of arguments of these types: conditions, rules and policies read the same ones again and again. */
const lastRead = new WeakMap<readonly Parameter[], Map<string, Read>>()
/** As many as one operation is likely to carry calls of one function. */
const REMEMBERED = 16

function readOf(encoded: string, inputs: readonly Parameter[]): Read {
  const reads = lastRead.get(inputs) ?? new Map<string, Read>()
  lastRead.set(inputs, reads)
  const known = reads.get(encoded)
  if (known !== undefined) return known
  if (reads.size >= REMEMBERED) reads.clear()
  const read = { bytes: hexToBytes(`0x${encoded}`), upTo: new Map<number, Raw | undefined>() }
  reads.set(encoded, read)
  return read
}

function readUpTo(index: number, encoded: string, inputs: readonly Parameter[]): Raw | undefined {
  const { bytes, upTo } = readOf(encoded, inputs)
  if (!upTo.has(index)) upTo.set(index, decodeUpTo(index, encoded, bytes, inputs))
  return upTo.get(index)
}

function decodeUpTo(index: number, encoded: string, bytes: Uint8Array, inputs: readonly Parameter[]): Raw | undefined {
  const read = inputs[index]
  if (read === undefined) return undefined
  const types = inputs.map(({ type }, at) => {
    // What lies behind an offset matters only on the way to the word: to reach through a dynamic argument, all up to it; for a word of the heads, none.
    const followed = isDynamic(read.type) && at <= index
    return isDynamic(type) && !followed ? word : masked(type)
  })
  const decoded = decodeStrictly(types, bytes)
  return decoded && encoded.startsWith(decoded.again) ? decoded.values : undefined
}

/** Whether the digits are the canonical encoding of such arguments and nothing else; words may hold anything. */
export function isExactly(inputs: readonly Parameter[], encoded: string): boolean {
  const read = readOf(encoded, inputs)
  read.exact ??=
    decodeStrictly(
      inputs.map(({ type }) => masked(type)),
      read.bytes,
    )?.again === encoded
  return read.exact
}

/** Goes along the steps; the raw value is undefined where one of them leads nowhere. */
export function follow(start: Raw | undefined, path: readonly PathStep[]): Raw | undefined {
  return path.reduce<Raw | undefined>((value, step) => {
    if (value === undefined || typeof value === 'string') return undefined
    return step.kind === 'last' ? value.at(-1) : value[step.index]
  }, start)
}

/** Comparing with a fresh encoding is what makes viem's lenient decoder strict. */
function decodeStrictly(
  types: readonly AbiParameter[],
  encoded: Uint8Array,
): { readonly values: Raw; readonly again: string } | undefined {
  try {
    const values = decodeAbiParameters(types, encoded)
    return { values: values as Raw, again: encodeAbiParameters(types, values).slice(2) }
  } catch {
    return undefined // viem throws on whatever it cannot decode
  }
}

const word: AbiParameter = { type: 'bytes32' }

const maskedTypes = new WeakMap<AbiType, AbiParameter>()

/** Remembered, for one policy has few types. */
function masked(type: AbiType): AbiParameter {
  const known = maskedTypes.get(type)
  if (known !== undefined) return known
  const parameter = mask(type)
  maskedTypes.set(type, parameter)
  return parameter
}

/** The same layout with every value read as a plain word: words that nobody reads may hold anything, and text need not be UTF-8. */
function mask(type: AbiType): AbiParameter {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return { type: 'bytes' }
    case 'array': {
      const element = masked(type.element)
      return { ...element, type: `${element.type}[${type.length ?? ''}]` }
    }
    case 'tuple':
      return { type: 'tuple', components: type.components.map((component) => masked(component.type)) }
    case 'address':
    case 'bool':
    case 'uint':
    case 'int':
    case 'fixedBytes':
      return word
    default:
      return type satisfies never
  }
}

/** As the ABI specification defines it. */
function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return true
    case 'array':
      return type.length === undefined || isDynamic(type.element)
    case 'tuple':
      return type.components.some((component) => isDynamic(component.type))
    default:
      return false
  }
}
