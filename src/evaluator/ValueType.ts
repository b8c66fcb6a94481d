import { TYPE } from '../compiler/layout.js'
import { ZERO_WORD, toWord } from './hex.js'

/** A type of one word, prepared for reading words as text. */
export type ValueType = {
  /** Its byte in operands. */
  readonly code: number
  readonly kind: 'address' | 'bool' | 'uint' | 'int' | 'bytes'
  /** Bits that carry the value. */
  readonly bits: number
  readonly signed: boolean
  /** Where in the 64 digits zeros must stand, and those zeros (unused by a signed type). */
  readonly zerosAt: number
  readonly zeros: string
}

const make = (code: number, kind: ValueType['kind'], bits: number): ValueType => {
  const digits = kind === 'bool' ? 1 : bits / 4
  return {
    code,
    kind,
    bits,
    signed: kind === 'int',
    zerosAt: kind === 'bytes' ? digits : 0,
    zeros: ZERO_WORD.slice(digits),
  }
}

const BY_NAME = new Map<string, ValueType>([
  ['address', make(TYPE.address, 'address', 160)],
  ['bool', make(TYPE.bool, 'bool', 1)],
])
for (let n = 0; n < 32; n++) {
  const bits = 8 * (n + 1)
  BY_NAME.set(`uint${bits}`, make(TYPE.uint + n, 'uint', bits))
  BY_NAME.set(`int${bits}`, make(TYPE.int + n, 'int', bits))
  BY_NAME.set(`bytes${n + 1}`, make(TYPE.fixedBytes + n, 'bytes', bits))
}

/** The type of this canonical ABI name, if it is one of a single word. */
export const valueTypeOf = (name: string): ValueType | undefined => BY_NAME.get(name)

/** The 64 digits at this character are a value of the type. */
export const isInRange = (type: ValueType, text: string, at: number): boolean => {
  if (type.signed) return isSignExtended(type, text, at)
  if (!text.startsWith(type.zeros, at + type.zerosAt)) return false
  return type.kind !== 'bool' || text.charCodeAt(at + 63) <= ONE
}

const ONE = '1'.charCodeAt(0)
const SEVEN = '7'.charCodeAt(0)
const ONES_WORD = 'f'.repeat(64)

const isSignExtended = (type: ValueType, text: string, at: number): boolean => {
  const extension = type.zeros.length
  const negative = text.charCodeAt(at + extension) > SEVEN
  return text.startsWith(negative ? ONES_WORD.slice(0, extension) : type.zeros, at)
}

/** What a word in range says; of a bytesN the number its N bytes make. */
export const valueAt = (type: ValueType, text: string, at: number): bigint => {
  const end = type.kind === 'bytes' ? at + type.zerosAt : at + 64
  const value = BigInt(`0x${text.slice(at, end)}`)
  return type.signed ? BigInt.asIntN(256, value) : value
}

/** The word of this value, or undefined where no word of the type has it. */
export const wordOf = (type: ValueType, value: bigint): string | undefined => {
  if (type.signed ? BigInt.asIntN(type.bits, value) !== value : BigInt.asUintN(type.bits, value) !== value)
    return undefined
  return toWord(type.kind === 'bytes' ? value << BigInt(256 - type.bits) : value)
}
