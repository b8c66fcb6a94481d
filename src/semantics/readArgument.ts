import { type AbiParameter, decodeAbiParameters, encodeAbiParameters } from 'viem'
import type { AbiType, Parameter, ValueType } from '../policy/AbiType.js'
import type { Hex } from '../policy/Hex.js'
import type { Argument } from '../policy/Operand.js'

/**
 * The value of a word of the arguments, as a number (negative for a negative intN); undefined is a fault: the encoding is not canonical on the
 * way to it, the word is out of its type's range, or an index is past the end. `data` is calldata with its selector.
 */
export function readArgument(data: Hex, inputs: readonly Parameter[], argument: Argument): bigint | undefined {
  const index = argument.path[0]?.kind === 'component' ? argument.path[0].index : -1
  const read = inputs[index]
  if (read === undefined) return undefined
  const types = inputs.map(({ type }, at) => {
    // What lies behind an offset matters only on the way to the word: to reach through a dynamic argument, all up to it; for a word of the heads, none.
    const followed = isDynamic(read.type) && at <= index
    return isDynamic(type) && !followed ? word : masked(type)
  })
  const encoded = data.slice(10)
  let value: unknown
  try {
    const values = decodeAbiParameters(types, `0x${encoded}`)
    if (!encoded.startsWith(encodeAbiParameters(types, values).slice(2))) return undefined
    value = values
  } catch {
    return undefined // viem throws on whatever it cannot decode
  }
  for (const step of argument.path) {
    if (!Array.isArray(value)) return undefined
    value = step.kind === 'last' ? value.at(-1) : value[step.index]
  }
  return typeof value === 'string' && value.length === 66 ? valueOf(BigInt(value), argument.type) : undefined
}

const word: AbiParameter = { type: 'bytes32' }

/** The same layout with every value read as a plain word: words that nobody reads may hold anything, and text need not be UTF-8. */
function masked(type: AbiType): AbiParameter {
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

/** The number that a word means as a value of the type; undefined if it is out of range. */
function valueOf(bits: bigint, type: ValueType): bigint | undefined {
  switch (type.kind) {
    case 'address':
      return bits < 2n ** 160n ? bits : undefined
    case 'bool':
      return bits < 2n ? bits : undefined
    case 'uint':
      return bits < 2n ** BigInt(type.bits) ? bits : undefined
    case 'int': {
      const signed = BigInt.asIntN(256, bits)
      return BigInt.asIntN(type.bits, bits) === signed ? signed : undefined
    }
    case 'fixedBytes': {
      const unit = 2n ** BigInt(256 - 8 * type.size)
      return bits % unit === 0n ? bits / unit : undefined
    }
    default:
      return type satisfies never
  }
}
