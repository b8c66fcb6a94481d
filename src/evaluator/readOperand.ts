import { ENVIRONMENT, OPERAND, STEP } from '../compiler/layout.js'
import type { ArgumentOperand, ConstantOperand, EnvironmentOperand, Operand, PathStep, Step } from './Operand.js'
import type { Reader } from './Reader.js'
import { type Tables, readAsset } from './Tables.js'
import { type Tuple, type Type, typeOf, valueType } from './Type.js'
import type { ValueType } from './ValueType.js'

/** What operands may be read at some place of the grant. */
export type Scope = {
  readonly tables: Tables
  /** The arguments; absent where there are none to read. */
  readonly inputs: Tuple | undefined
  /** A bound on now stands in bodies only; the fees line speaks of `op.*`, `session.*` and constants. */
  readonly place: 'body' | 'clause' | 'fees'
}

const ENVIRONMENT_NAMES: readonly EnvironmentOperand['name'][] = [
  'call.value',
  'op.callGasLimit',
  'op.verificationGasLimit',
  'op.preVerificationGas',
  'op.maxFeePerGas',
  'op.maxPriorityFeePerGas',
]

/** Reads one operand. */
export const readOperand = (reader: Reader, scope: Scope): Operand => {
  const at = reader.at
  const form = reader.byte()
  if (form === OPERAND.argumentWord) return readWord(reader, scope)
  if (form === OPERAND.argumentPath) return readPath(reader, scope)
  if (form === ENVIRONMENT['session.account']) return constant(form, BigInt(`0x${scope.tables.account}`))
  if (form === ENVIRONMENT['session.key']) return constant(form, BigInt(`0x${scope.tables.key}`))
  const name = ENVIRONMENT_NAMES.find((candidate) => ENVIRONMENT[candidate] === form)
  if (name === undefined) return readConstant(reader, scope.tables, form, at)
  reader.must(scope.place !== 'fees' || name !== 'call.value', 'the fees speak of call.value', at)
  return { kind: 'environment', form, name }
}

const constant = (form: number, value: bigint, size = 0): ConstantOperand => ({ kind: 'constant', form, value, size })

const readConstant = (reader: Reader, tables: Tables, form: number, at: number): ConstantOperand => {
  switch (form) {
    case OPERAND.number:
      return constant(form, reader.integer())
    case OPERAND.negativeNumber: {
      const magnitude = reader.integer()
      reader.must(magnitude > 0n && magnitude <= 1n << 255n, 'a negative number is zero or below -2^255', at)
      return constant(form, -magnitude)
    }
    case OPERAND.address: {
      const address = reader.hex(20)
      tables.unused.delete(address)
      return constant(form, BigInt(`0x${address}`))
    }
    case OPERAND.bytes: {
      const size = reader.byte()
      reader.must(size >= 1 && size <= 32, 'a bytes constant has not 1 to 32 bytes', at)
      return constant(form, reader.big(size), size)
    }
    case OPERAND.bool: {
      const value = reader.byte()
      reader.must(value <= 1, 'a bool is neither 0 nor 1', at)
      return constant(form, BigInt(value))
    }
    case OPERAND.amount:
      readAsset(reader, tables)
      return constant(form, reader.integer())
    default:
      return reader.fail('an operand is of no known kind', at)
  }
}

const readType = (reader: Reader, type: ValueType | undefined): ValueType => {
  const at = reader.at
  const code = reader.byte()
  reader.must(type !== undefined && type.code === code, "an argument's type is not the function's", at)
  return type
}

const inputsOf = (reader: Reader, scope: Scope): Tuple =>
  scope.inputs ?? reader.fail('an argument is read where there is none', reader.at - 1)

const readWord = (reader: Reader, scope: Scope): ArgumentOperand => {
  const inputs = inputsOf(reader, scope)
  const word = reader.byte()
  const type = readType(reader, valueInTuple(inputs, word))
  return (inputs.operands[word] ??= { kind: 'argument', inputs, type, argument: -1, word, steps: [], path: [] })
}

const readPath = (reader: Reader, scope: Scope): ArgumentOperand => {
  const inputs = inputsOf(reader, scope)
  const count = reader.byte()
  const path: PathStep[] = []
  const steps: Step[] = []
  let type: Type = { ...typeOf(inputs), dynamic: true }
  for (let taken = 0; taken < count; taken++) {
    const at = reader.at
    const raw = { kind: reader.byte(), index: reader.uint(2) }
    path.push(raw)
    if (raw.kind === STEP.wordOffset) {
      const value = valueIn(type, raw.index)
      reader.must(
        taken > 1 && !type.dynamic && type.form !== 'value' && value !== undefined,
        'a word offset leads nowhere',
        at,
      )
      steps.push(stepTo(raw.index, 1, false))
      type = valueType(value)
      continue
    }
    const next = type.dynamic ? stepInto(type, raw) : undefined
    if (!next) return reader.fail('a step leads nowhere', at)
    if (taken > 0) steps.push(next.step)
    else reader.must(next.type.dynamic, 'a static argument is written as a path', at)
    type = next.type
  }
  return {
    kind: 'argument',
    inputs,
    type: readType(reader, type.value),
    argument: path[0]?.index ?? 0,
    word: 0,
    steps,
    path,
  }
}

const stepTo = (index: number, stride: number, dynamic: boolean, counted = false, last = false): Step => ({
  counted,
  last,
  index,
  stride,
  dynamic,
})

const stepInto = (type: Type, { kind, index }: PathStep): { readonly step: Step; readonly type: Type } | undefined => {
  if (type.tuple) {
    const component = type.tuple.components[index]
    if (kind !== STEP.component || !component) return undefined
    return { step: stepTo(type.tuple.heads[index] ?? 0, 1, component.dynamic), type: component }
  }
  const { element, length } = type
  if (!element) return undefined
  const last = kind === STEP.last
  if (kind !== STEP.element && !(last && index === 0 && length === undefined)) return undefined
  if (length !== undefined && index >= length) return undefined
  return { step: stepTo(index, element.headWords, element.dynamic, length === undefined, last), type: element }
}

/** The type of a word of the heads that is reached through static types only. */
const valueInTuple = (tuple: Tuple, word: number): ValueType | undefined => {
  const index = tuple.heads.findLastIndex((head) => head <= word)
  const component = tuple.components[index]
  return component && !component.dynamic ? valueIn(component, word - (tuple.heads[index] ?? 0)) : undefined
}

const valueIn = (type: Type, word: number): ValueType | undefined => {
  if (word >= type.headWords) return undefined
  if (type.tuple) return valueInTuple(type.tuple, word)
  return type.element ? valueIn(type.element, word % type.element.headWords) : type.value
}
