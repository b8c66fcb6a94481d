import { TYPE } from '../compiler/layout.js'
import { toWord, zeros } from './hex.js'

/** A type of one word, prepared for reading words as text. */
export type ValueType = {
  /** Its byte in operands. */
  readonly code: number
  readonly kind: 'address' | 'bool' | 'uint' | 'int' | 'bytes'
  /** Bits that carry the value. */
  readonly bits: number
  readonly signed: boolean
  /** Where in the 64 digits the value's own stand; the others are zeros, or a signed type's sign. */
  readonly from: number
  readonly to: number
  /** The other digits' zeros. */
  readonly zeros: string
}

const make = (code: number, kind: ValueType['kind'], bits: number): ValueType => {
  const digits = kind === 'bool' ? 1 : bits / 4
  const from = kind === 'bytes' ? 0 : 64 - digits
  return { code, kind, bits, signed: kind === 'int', from, to: from + digits, zeros: zeros(64 - digits) }
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
  if (type.zeros === '') return true
  if (type.signed) return isSignExtended(type, text, at)
  const others = type.from === 0 ? text.slice(at + type.to, at + 64) : text.slice(at, at + type.from)
  return others === type.zeros && (type.kind !== 'bool' || text.charCodeAt(at + 63) <= ONE)
}

const ONE = '1'.charCodeAt(0)
const SEVEN = '7'.charCodeAt(0)
const ONES_WORD = 'f'.repeat(64)

const isSignExtended = ({ from, zeros: positive }: ValueType, text: string, at: number): boolean =>
  text.slice(at, at + from) === (text.charCodeAt(at + from) > SEVEN ? ONES_WORD.slice(0, from) : positive)

/** What a word in range says; of a bytesN the number its N bytes make. */
export const valueAt = (type: ValueType, text: string, at: number): bigint => {
  const value = BigInt(`0x${text.slice(at, type.kind === 'bytes' ? at + type.to : at + 64)}`)
  return type.signed ? BigInt.asIntN(256, value) : value
}

/** The word of this value, or undefined where no word of the type has it. */
export const wordOf = (type: ValueType, value: bigint): string | undefined => {
  if (type.signed ? BigInt.asIntN(type.bits, value) !== value : BigInt.asUintN(type.bits, value) !== value)
    return undefined
  return toWord(type.kind === 'bytes' ? value << BigInt(256 - type.bits) : value)
}
