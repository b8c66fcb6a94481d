import type { EnvironmentName } from '../policy/Operand.js'
import { type Bytes, spanOf } from './Bytes.js'
import { type Collection, type Countable, countOf, everyElement } from './Collection.js'
import type { Frame } from './Frame.js'
import { type Place, placeOf } from './Place.js'
import { type ValueType, isInRange, valueAt } from './ValueType.js'

/** A single value that a condition or a charge speaks of. */
export type Operand =
  | ConstantOperand
  | ArgumentOperand
  | EnvironmentOperand
  | PackedOperand
  | SliceOperand
  | MaskedOperand
  | { readonly kind: 'length'; readonly of: Countable }
  | TotalOperand

/** Known when the grant is loaded: a constant of the text, or the session's account or key. */
export type ConstantOperand = {
  readonly kind: 'constant'
  /** The operand's byte. */
  readonly form: number
  readonly value: bigint
  /** Bytes of a constant of bytes. */
  readonly size: number
}

/** A word of the arguments, or of a quantifier's element. */
export type ArgumentOperand = Place & {
  readonly kind: 'argument'
  readonly type: ValueType
  /** What the author calls it, once a denial has told it. */
  name?: string
}

/** An element of a packed collection: an address where it has 20 bytes. */
export type PackedOperand = {
  readonly kind: 'packed'
  readonly depth: number
  readonly over: Collection
  readonly size: number
}

/** A part of a byte string that always has `size` bytes, 1 to 32; an address where it has 20. */
export type SliceOperand = { readonly kind: 'slice'; readonly bytes: Bytes; readonly size: number }

/** The bits of an unsigned value that the mask keeps. */
export type MaskedOperand = { readonly kind: 'masked'; readonly operand: Operand; readonly mask: bigint }

/** The sum of a word of every element. */
export type TotalOperand = {
  readonly kind: 'total'
  readonly over: Collection
  /** The word as an operand in a quantifier over the collection has it. */
  readonly word: ArgumentOperand
}

export type EnvironmentOperand = {
  readonly kind: 'environment'
  readonly form: number
  readonly name: Exclude<EnvironmentName, 'session.account' | 'session.key'>
}

/** Where the argument's word stands, -1 where there is none to read, and also where it is out of its type's range. */
export const locate = (operand: ArgumentOperand, frame: Frame): number => {
  const at = placeOf(operand, frame)
  return at >= 0 && isInRange(operand.type, frame.text, at) ? at : -1
}

/** The operand's value, exact and signed; undefined is a fault. */
export const read = (operand: Operand, frame: Frame): bigint | undefined => {
  switch (operand.kind) {
    case 'constant':
      return operand.value
    case 'argument': {
      const at = locate(operand, frame)
      return at < 0 ? undefined : valueAt(operand.type, frame.text, at)
    }
    case 'environment':
      return readEnvironment(operand.name, frame)
    case 'packed': {
      const at = frame.elements[operand.depth]?.at ?? -1
      return at < 0 ? undefined : readBytes(frame, at, operand.size)
    }
    case 'slice': {
      const span = spanOf(operand.bytes, frame)
      return span && readBytes(frame, span.from, operand.size)
    }
    case 'masked': {
      const value = read(operand.operand, frame)
      return value === undefined ? undefined : value & operand.mask
    }
    case 'length': {
      const count = countOf(operand.of, frame)
      return count === undefined ? undefined : BigInt(count)
    }
    case 'total':
      return readTotal(operand, frame)
    default:
      return operand satisfies never
  }
}

/** The number that so many bytes make. */
const readBytes = ({ text }: Frame, at: number, size: number): bigint => BigInt(`0x${text.slice(at, at + 2 * size)}`)

const readTotal = ({ over, word }: TotalOperand, frame: Frame): bigint | undefined => {
  let total = 0n
  const readable = everyElement(over, frame, () => {
    const value = read(word, frame)
    total += value ?? 0n
    return value !== undefined
  })
  return readable && total >> 256n === 0n ? total : undefined
}

const readEnvironment = (name: EnvironmentOperand['name'], frame: Frame): bigint | undefined => {
  switch (name) {
    case 'call.value':
      return BigInt(`0x${frame.text.slice(frame.valueAt, frame.valueAt + 64)}`)
    case 'op.callGasLimit':
      return frame.fees?.callGasLimit
    case 'op.verificationGasLimit':
      return frame.fees?.verificationGasLimit
    case 'op.preVerificationGas':
      return frame.fees?.preVerificationGas
    case 'op.maxFeePerGas':
      return frame.fees?.maxFeePerGas
    case 'op.maxPriorityFeePerGas':
      return frame.fees?.maxPriorityFeePerGas
    default:
      return name satisfies never
  }
}
