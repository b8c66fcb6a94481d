import type { BytesComparison, Comparison, Condition, Membership, Scale, Sum, Term } from '../policy/Condition.js'
import type { Constant, Operand } from '../policy/Operand.js'
import type { Decimal } from '../policy/Units.js'
import { columnOf } from './Column.js'
import { writeOperand } from './encodeOperand.js'
import { insideOf, type Scope, writeBytes, writeCountable } from './encodePlace.js'
import {
  AMOUNT_SUM,
  BYTES_SIDE,
  COMPARE_BYTES,
  COMPARE_SIGNED,
  COMPARE_SUMS,
  COMPARE_UNSIGNED,
  CONDITION,
  SCALE,
  TERM_FLAG,
  TERM_SCALES_SHIFT,
} from './layout.js'
import { signOf } from './signOf.js'
import type { Writer } from './Writer.js'

/** Writes `count1 ‖ condition*`. */
export const writeConditions = (writer: Writer, conditions: readonly Condition[], scope: Scope): void => {
  writer.uint(conditions.length, 1)
  for (const condition of conditions) writeCondition(writer, condition, scope)
}

const writeCondition = (writer: Writer, condition: Condition, scope: Scope): void => {
  switch (condition.kind) {
    case 'and':
      writer.uint(CONDITION.and, 1)
      writeConditions(writer, condition.all, scope)
      return
    case 'or':
      writer.uint(CONDITION.or, 1)
      writeConditions(writer, condition.any, scope)
      return
    case 'true':
    case 'false':
      writer.uint(CONDITION[condition.kind], 1)
      return
    case 'compare':
      writeComparison(writer, condition, scope)
      return
    case 'member':
      writeMembership(writer, condition, scope)
      return
    case 'bytes':
      writeBytesComparison(writer, condition, scope)
      return
    case 'every':
    case 'any':
      writer.uint(CONDITION[condition.kind], 1)
      writeCountable(writer, condition.over, scope)
      writeConditions(writer, condition.body, insideOf(condition.over, scope))
      return
    case 'now':
      writer.uint(condition.bound === 'at most' ? CONDITION.nowAtMost : CONDITION.nowAtLeast, 1)
      writeOperand(writer, condition.operand, scope)
      writer.uint(condition.seconds, 5)
      return
    default:
      condition satisfies never
  }
}

const writeBytesComparison = (writer: Writer, { operator, left, right }: BytesComparison, scope: Scope): void => {
  writer.uint(COMPARE_BYTES[operator], 1)
  writeBytes(writer, left, scope)
  if (typeof right === 'string') {
    writer.uint(BYTES_SIDE.constant, 1)
    writer.uint(right.length / 2 - 1, 2)
    writer.hex(right)
  } else {
    writer.uint(BYTES_SIDE.bytes, 1)
    writeBytes(writer, right, scope)
  }
}

const writeComparison = (writer: Writer, { operator, left, right }: Comparison, scope: Scope): void => {
  const a = plainFactor(left)
  const b = plainFactor(right)
  if (a !== undefined && b !== undefined) {
    const signs = [signOf(a), signOf(b)]
    const signed = signs.includes('signed')
    if (!signed || !signs.includes('unsigned')) {
      writer.uint((signed ? COMPARE_SIGNED : COMPARE_UNSIGNED)[operator], 1)
      writeOperand(writer, a, scope)
      writeOperand(writer, b, scope)
      return
    }
  }
  writer.uint(COMPARE_SUMS[operator], 1)
  writer.uint(left.length + right.length, 1)
  for (const term of left) writeTerm(writer, term, 0, scope)
  for (const term of right) writeTerm(writer, term, TERM_FLAG.right, scope)
}

/** The operand that the sum is, if it is no more than one. */
const plainFactor = (sum: Sum): Operand | undefined => {
  const [term] = sum
  if (term === undefined || sum.length > 1) return undefined
  return term.negative || term.scales.length > 0 || term.factors.length > 1 ? undefined : term.factors[0]
}

/** Writes what a charge counts. */
export const writeAmount = (writer: Writer, amount: Sum, scope: Scope): void => {
  const plain = plainFactor(amount)
  if (plain !== undefined) {
    writeOperand(writer, plain, scope)
    return
  }
  writer.uint(AMOUNT_SUM, 1)
  writer.uint(amount.length, 1)
  for (const term of amount) writeTerm(writer, term, 0, scope)
}

const writeTerm = (writer: Writer, term: Term, side: number, scope: Scope): void => {
  const negative = term.negative ? TERM_FLAG.negative : 0
  const two = term.factors.length > 1 ? TERM_FLAG.twoFactors : 0
  writer.uint(negative | side | two | (term.scales.length << TERM_SCALES_SHIFT), 1)
  for (const scale of term.scales) writeScale(writer, scale, scope)
  for (const factor of term.factors) writeOperand(writer, factor, scope)
}

const writeScale = (writer: Writer, scale: Scale, { tables }: Scope): void => {
  switch (scale.kind) {
    case 'percent':
      writer.uint(SCALE.percent, 1)
      writeDecimal(writer, scale.percent)
      return
    case 'at':
    case 'sold at':
      writer.uint(scale.kind === 'at' ? SCALE.at : SCALE.soldAt, 1)
      writer.uint(tables.assetCode(scale.quote), 1)
      writer.uint(tables.assetCode(scale.base), 1)
      writer.uint(tables.decimalsOf(scale.quote), 1)
      writer.uint(tables.decimalsOf(scale.base), 1)
      writeDecimal(writer, scale.price)
      return
    case 'divide':
      writer.uint(SCALE.divide, 1)
      writer.integer(scale.by)
      return
    default:
      scale satisfies never
  }
}

const writeDecimal = (writer: Writer, { digits, decimals }: Decimal): void => {
  writer.uint(decimals, 1)
  writer.integer(digits)
}

const writeMembership = (writer: Writer, { negated, operands, rows }: Membership, scope: Scope): void => {
  const columns = operands.map((_, index) => columnOf(rows.map((row) => row[index])))
  writer.uint(negated ? CONDITION.notIn : CONDITION.in, 1)
  writer.uint(operands.length, 1)
  for (const [index, operand] of operands.entries()) {
    const column = columns[index]
    if (column === undefined) continue
    writeOperand(writer, operand, scope)
    writer.uint(column.form, 1)
    if (column.asset !== undefined) writer.uint(scope.tables.assetCode(column.asset), 1)
    writer.uint(column.width, 1)
  }
  writer.uint(rows.length, 2)
  for (const row of rows) for (const [index, column] of columns.entries()) writeValue(writer, row[index], column.width)
}

const writeValue = (writer: Writer, constant: Constant | undefined, width: number): void => {
  switch (constant?.kind) {
    case undefined:
      throw new RangeError('a row is shorter than its columns: the policy cannot be encoded')
    case 'number':
    case 'amount':
      writer.wide(constant.value, width)
      return
    case 'bool':
      writer.uint(constant.value ? 1 : 0, width)
      return
    case 'address':
    case 'bytes':
      writer.hex(constant.value)
      return
    default:
      constant satisfies never
  }
}
