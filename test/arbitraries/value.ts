import type { AbiParameter } from 'viem'
import type { AbiType, ValueType } from '../../src/policy/AbiType.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Raw } from '../../src/semantics/Raw.js'
import { hexOf } from './address.js'
import type { Source } from './Source.js'

/** A value of the ABI with its words left raw: 256 bits that need not fit their type, bytes, or the parts of an array or tuple. */
export type Value = bigint | Hex | Value[]

/** Values of the type with arrays of up to three elements and words mostly in range. */
export function buildValue(source: Source, type: AbiType): Value {
  switch (type.kind) {
    case 'bytes':
    case 'string': {
      const size = source.pick([0, 1, 32, 33, 4])
      return size === 0 ? '0x' : hexOf(source.random(8 * size), size)
    }
    case 'array':
      return source.many(type.length ?? 0, type.length ?? 3, () => buildValue(source, type.element))
    case 'tuple':
      return type.components.map((component) => buildValue(source, component.type))
    default:
      return source.chance(98) ? wordOf(buildWord(source, type), type) : source.random(256)
  }
}

/** The simplest value of the type. */
export function zeroOf(type: AbiType): Value {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return '0x'
    case 'array':
      return Array.from({ length: type.length ?? 0 }, () => zeroOf(type.element))
    case 'tuple':
      return type.components.map((component) => zeroOf(component.type))
    default:
      return 0n
  }
}

/** The least and the greatest value of a type, as the reference counts them. */
export function rangeOf(type: ValueType): readonly [bigint, bigint] {
  switch (type.kind) {
    case 'address':
      return [0n, 2n ** 160n - 1n]
    case 'bool':
      return [0n, 1n]
    case 'uint':
      return [0n, 2n ** BigInt(type.bits) - 1n]
    case 'int':
      return [-(2n ** BigInt(type.bits - 1)), 2n ** BigInt(type.bits - 1) - 1n]
    case 'fixedBytes':
      return [0n, 2n ** BigInt(8 * type.size) - 1n]
    default:
      return type satisfies never
  }
}

/** viem's name of the type with every value a bytes32 and every string bytes. */
export function rawType(type: AbiType): AbiParameter {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return { type: 'bytes' }
    case 'array': {
      const element = rawType(type.element)
      return { ...element, type: `${element.type}[${type.length ?? ''}]` }
    }
    case 'tuple':
      return { type: 'tuple', components: type.components.map((component) => rawType(component.type)) }
    default:
      return { type: 'bytes32' }
  }
}

/** The value as viem encodes it. */
export function rawValue(value: Value): Raw {
  if (typeof value === 'bigint') return hexOf(value, 32)
  return Array.isArray(value) ? value.map(rawValue) : value
}

/** The word of a value: two's complement for intN, to the left for bytesN. */
export function wordOf(value: bigint, type: ValueType): bigint {
  return BigInt.asUintN(256, type.kind === 'fixedBytes' ? value << BigInt(256 - 8 * type.size) : value)
}

function buildWord(source: Source, type: ValueType): bigint {
  const [least, most] = rangeOf(type)
  const bits = most.toString(2).length
  const value = source.bits(bits)
  return least < 0n && source.chance(50) ? -value - 1n : value
}
