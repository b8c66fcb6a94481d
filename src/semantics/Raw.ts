import type { ValueType } from '../policy/AbiType.js'
import type { Hex } from '../policy/Hex.js'

/** A value as it stands in the calldata: a word of 32 bytes, a byte string, or the parts of an array or tuple. Words may be out of their type's range. */
export type Raw = Hex | readonly Raw[]

/** The number that a word means as a value of the type (negative for a negative intN); undefined if it is out of range. */
export function wordValue(word: Raw | undefined, type: ValueType): bigint | undefined {
  if (typeof word !== 'string' || word.length !== 66) return undefined
  const bits = BigInt(word)
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
