import type { Argument, Constant, Element, Operand, Total } from '../policy/Operand.js'
import { typeCodeOf } from './abi.js'
import {
  argumentOf,
  insideOf,
  type Scope,
  stepsFromElement,
  writeBytes,
  writeCountable,
  writeSteps,
} from './encodePlace.js'
import { ENVIRONMENT, OPERAND } from './layout.js'
import type { Tables } from './Tables.js'
import type { Writer } from './Writer.js'

/** Writes one operand. */
export const writeOperand = (writer: Writer, operand: Operand, scope: Scope): void => {
  switch (operand.kind) {
    case 'constant':
      writeConstant(writer, operand.constant, scope.tables)
      return
    case 'argument':
      writeArgument(writer, operand, scope)
      return
    case 'element':
      writeElement(writer, operand, scope)
      return
    case 'packed element':
      writer.uint(OPERAND.packedElement, 1)
      writer.uint(operand.depth, 1)
      writer.uint(operand.size, 1)
      return
    case 'length':
      writer.uint(OPERAND.length, 1)
      writeCountable(writer, operand.of, scope)
      return
    case 'slice':
      writer.uint(OPERAND.slice, 1)
      writeBytes(writer, operand.bytes, scope)
      return
    case 'masked':
      writer.uint(OPERAND.mask, 1)
      writer.integer(operand.mask)
      writeOperand(writer, operand.operand, scope)
      return
    case 'total':
      writeTotal(writer, operand, scope)
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

const writeArgument = (writer: Writer, { path, type }: Argument, scope: Scope): void => {
  const from = argumentOf(path, scope)
  if (from.word === undefined) {
    writer.uint(OPERAND.argumentPath, 1)
    writeSteps(writer, from.steps)
  } else {
    writer.uint(OPERAND.argumentWord, 1)
    writer.uint(from.word, 1)
  }
  writer.uint(typeCodeOf(type), 1)
}

const writeElement = (writer: Writer, { depth, path, type }: Element, scope: Scope): void => {
  writer.uint(OPERAND.elementPath, 1)
  writer.uint(depth, 1)
  writeSteps(writer, stepsFromElement(depth, path, scope))
  writer.uint(typeCodeOf(type), 1)
}

const writeTotal = (writer: Writer, { over, path, type }: Total, scope: Scope): void => {
  writer.uint(OPERAND.sum, 1)
  writeCountable(writer, over, scope)
  writeSteps(writer, stepsFromElement(0, path, insideOf(over, scope)))
  writer.uint(typeCodeOf(type), 1)
}
