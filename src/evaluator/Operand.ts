import type { EnvironmentName } from '../policy/Operand.js'
import type { Frame } from './Frame.js'
import { smallAt } from './hex.js'
import { tailOf } from './tailOf.js'
import type { Tuple } from './Type.js'
import { type ValueType, isInRange, valueAt } from './ValueType.js'

/** A single value that a condition or a charge speaks of. */
export type Operand = ConstantOperand | ArgumentOperand | EnvironmentOperand

/** Known when the grant is loaded: a constant of the text, or the session's account or key. */
export type ConstantOperand = {
  readonly kind: 'constant'
  /** The operand's byte. */
  readonly form: number
  readonly value: bigint
  /** Bytes of a constant of bytes. */
  readonly size: number
}

/** A word of the arguments. */
export type ArgumentOperand = {
  readonly kind: 'argument'
  readonly inputs: Tuple
  readonly type: ValueType
  /** The dynamic argument that it is reached through; -1: a word of the heads. */
  readonly argument: number
  /** Word of the heads, counted from the first argument. */
  readonly word: number
  readonly steps: readonly Step[]
  /** As it stands in the grant, for telling about it. */
  readonly path: readonly PathStep[]
  /** What the author calls it, once a denial has told it. */
  name?: string
}

/** A way further into an encoding. */
export type Step = {
  /** A count stands before the elements, and must be above the index. */
  readonly counted: boolean
  readonly last: boolean
  readonly index: number
  /** Words of one element's head. */
  readonly stride: number
  /** What is found there is an offset. */
  readonly dynamic: boolean
}

export type PathStep = { readonly kind: number; readonly index: number }

export type EnvironmentOperand = {
  readonly kind: 'environment'
  readonly form: number
  readonly name: Exclude<EnvironmentName, 'session.account' | 'session.key'>
}

/** Where the argument's word stands, -1 where there is none to read: calldata too short, not canonical on the way. */
export const placeOf = (operand: ArgumentOperand, frame: Frame): number =>
  operand.argument < 0 ? headAt(operand, frame) : follow(operand, frame)

/** The same, and -1 also where the word is out of its type's range. */
export const locate = (operand: ArgumentOperand, frame: Frame): number => {
  const at = placeOf(operand, frame)
  return at >= 0 && isInRange(operand.type, frame.text, at) ? at : -1
}

const headAt = ({ inputs, word }: ArgumentOperand, { dataAt, dataEnd }: Frame): number =>
  dataAt + 8 + 64 * inputs.words <= dataEnd ? dataAt + 8 + 64 * word : -1

const follow = ({ inputs, argument, steps }: ArgumentOperand, frame: Frame): number => {
  let at = tailOf(frame, inputs, argument)
  if (at < 0) return -1
  // The walk has seen all of the argument: every count and offset met here is in bounds.
  for (const { counted, last, index, stride, dynamic } of steps) {
    let found = index
    let base = at
    if (counted) {
      const count = smallAt(frame.text, at)
      if (last) found = count - 1
      if (found < 0 || found >= count) return -1
      base += 64
    }
    at = base + 64 * found * stride
    if (dynamic) at = base + 2 * smallAt(frame.text, at)
  }
  return at
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
    default:
      return operand satisfies never
  }
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
