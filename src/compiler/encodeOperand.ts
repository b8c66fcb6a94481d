import type { AbiType } from '../policy/AbiType.js'
import type { Argument, Constant, Operand, PathStep } from '../policy/Operand.js'
import { headWordsOf, isDynamic, typeCodeOf } from './abi.js'
import type { FunctionShape } from './FunctionShape.js'
import { ENVIRONMENT, OPERAND, STEP } from './layout.js'
import type { Tables } from './Tables.js'
import type { Writer } from './Writer.js'

/** What an operand's bytes depend on: the tables, and the function whose arguments are meant, if any. */
export type Scope = { readonly tables: Tables; readonly shape: FunctionShape | undefined }

/** Writes one operand. */
export const writeOperand = (writer: Writer, operand: Operand, scope: Scope): void => {
  switch (operand.kind) {
    case 'constant':
      writeConstant(writer, operand.constant, scope.tables)
      return
    case 'argument':
      writeArgument(writer, operand, scope.shape)
      return
    case 'environment':
      writer.uint(ENVIRONMENT[operand.name], 1)
      return
    default:
      operand satisfies never
  }
}

const writeConstant = (writer: Writer, constant: Constant, tables: Tables): void => {
  switch (constant.kind) {
    case 'number':
      writer.uint(constant.value < 0n ? OPERAND.negativeNumber : OPERAND.number, 1)
      writer.integer(constant.value < 0n ? -constant.value : constant.value)
      return
    case 'amount':
      writer.uint(OPERAND.amount, 1)
      writer.uint(tables.assetCode(constant.asset), 1)
      writer.integer(constant.value)
      return
    case 'address':
      writer.uint(OPERAND.address, 1)
      writer.hex(constant.value)
      return
    case 'bool':
      writer.uint(OPERAND.bool, 1)
      writer.uint(constant.value ? 1 : 0, 1)
      return
    case 'bytes':
      writer.uint(OPERAND.bytes, 1)
      writer.uint(constant.value.length / 2 - 1, 1)
      writer.hex(constant.value)
      return
    default:
      constant satisfies never
  }
}

const writeArgument = (writer: Writer, argument: Argument, shape: FunctionShape | undefined): void => {
  const [first, ...rest] = argument.path
  const index = first?.kind === 'component' ? first.index : undefined
  const type = index === undefined ? undefined : shape?.action.inputs[index]?.type
  const head = index === undefined ? undefined : shape?.heads[index]
  if (index === undefined || type === undefined || head === undefined) {
    throw new RangeError('a path leads to no argument: the policy cannot be encoded')
  }
  if (isDynamic(type)) {
    const steps = [{ step: STEP.component, index }, ...stepsInside(type, rest)]
    writer.uint(OPERAND.argumentPath, 1)
    writer.uint(steps.length, 1)
    for (const step of steps) {
      writer.uint(step.step, 1)
      writer.uint(step.index, 2)
    }
  } else {
    writer.uint(OPERAND.argumentWord, 1)
    writer.uint(head + wordInside(type, rest), 1)
  }
  writer.uint(typeCodeOf(argument.type), 1)
}

/** A step as bytes: its kind and its index. */
type WrittenStep = { readonly step: number; readonly index: number }

const stepsInside = (type: AbiType, path: readonly PathStep[]): readonly WrittenStep[] => {
  const [step, ...rest] = path
  if (step === undefined) return []
  if (!isDynamic(type)) return [{ step: STEP.wordOffset, index: wordInside(type, path) }]
  const inside = stepsInside(memberOf(type, step), rest)
  switch (step.kind) {
    case 'component':
      return [{ step: STEP.component, index: step.index }, ...inside]
    case 'element':
      return [{ step: STEP.element, index: step.index }, ...inside]
    case 'last':
      return [{ step: STEP.last, index: 0 }, ...inside]
    default:
      return step satisfies never
  }
}

/** The word of a static type that a path leads to. */
const wordInside = (type: AbiType, path: readonly PathStep[]): number => {
  const [step, ...rest] = path
  if (step === undefined) return 0
  const member = memberOf(type, step)
  const before = step.kind === 'last' ? 0 : step.index
  const start =
    type.kind === 'tuple'
      ? type.components.slice(0, before).reduce((sum, component) => sum + headWordsOf(component.type), 0)
      : before * headWordsOf(member)
  return start + wordInside(member, rest)
}

/** The type one step inside. */
const memberOf = (type: AbiType, step: PathStep): AbiType => {
  if (type.kind === 'tuple' && step.kind === 'component') {
    const component = type.components[step.index]
    if (component !== undefined) return component.type
  }
  if (type.kind === 'array' && step.kind !== 'component') return type.element
  throw new RangeError('a path leads nowhere: the policy cannot be encoded')
}
