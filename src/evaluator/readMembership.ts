import { OPERAND } from '../compiler/layout.js'
import { type Membership, type WordMembership, wordFor } from './Condition.js'
import { flat, toWord } from './hex.js'
import type { ArgumentOperand, Operand } from './Operand.js'
import { INTEGER, classOf, classOfForm, isSigned } from './operandClass.js'
import type { Reader } from './Reader.js'
import { readOperand } from './readOperand.js'
import type { Scope } from './readPlace.js'
import { readAsset } from './Tables.js'
import type { ValueType } from './ValueType.js'

type Column = { readonly operand: Operand; readonly form: number; readonly width: number }

/** Reads what follows `in` and `not in`: columns, then rows of values. */
export const readMembership = (reader: Reader, scope: Scope, negated: boolean): Membership | WordMembership => {
  const start = reader.at
  const columns = Array.from({ length: reader.byte() }, () => readColumn(reader, scope))
  const count = reader.uint(2)
  const [only, second] = columns
  if (!only || count === 0) return reader.fail('a set is empty', start)
  const argument = second || only.operand.kind !== 'argument' ? undefined : only.operand
  if (argument && classOf(argument) !== INTEGER)
    return wordsOf(
      negated,
      argument,
      readRows(reader, count, () => readRowWord(reader, scope, only, argument.type)),
    )
  const rows = new Set<string>()
  const values = readRows(reader, count, () => {
    const row = columns.map((column) => readValue(reader, scope, column))
    const words = columns.map(({ operand }, index) => wordFor(operand, row[index] ?? 0n))
    if (words.every((word) => word !== undefined)) rows.add(words.join(''))
    return row
  })
  for (const [index, column] of columns.entries()) {
    const inColumn = values.map((row) => row[index] ?? 0n)
    requireLeast(reader, start, column, inColumn)
  }
  if (!argument) return { kind: 'member', negated, operands: columns.map(({ operand }) => operand), rows, values }
  return wordsOf(negated, argument, [...rows])
}

/** Rows ascend as bytes, so none stands twice. */
const readRows = <Row>(reader: Reader, count: number, readRow: () => Row): Row[] => {
  let before = ''
  return Array.from({ length: count }, () => {
    const at = reader.at
    const row = readRow()
    const text = reader.digits.slice(2 * at, 2 * reader.at)
    reader.must(text > before, 'the rows of a set do not ascend', at)
    before = text
    return row
  })
}

const FEW = 8
const NONE: ReadonlySet<string> = new Set()

/** One argument against constants. */
const wordsOf = (negated: boolean, argument: ArgumentOperand, words: readonly string[]): WordMembership => {
  const few = words.length <= FEW ? flat(words.join('')) : ''
  return { kind: 'words', negated, argument, few, many: few === '' ? new Set(words) : NONE }
}

/** An address, bytes or a bool as the argument's word has it. */
const readRowWord = (reader: Reader, scope: Scope, column: Column, type: ValueType): string => {
  if (column.form === OPERAND.bool) return toWord(readValue(reader, scope, column))
  const digits = reader.hex(column.width)
  if (column.form === OPERAND.address) scope.tables.unused.delete(digits)
  return type.from === 0 ? digits + type.zeros : type.zeros + digits
}

const readColumn = (reader: Reader, scope: Scope): Column => {
  const start = reader.at
  const operand = readOperand(reader, scope)
  const form = reader.byte()
  reader.must(form <= OPERAND.amount, 'a column has no known form', start)
  if (form === OPERAND.amount) readAsset(reader, scope.tables)
  const width = reader.byte()
  const expected = form === OPERAND.address ? 20 : form === OPERAND.bool ? 1 : width
  reader.must(width >= 1 && width <= 32 && width === expected, 'a column has an impossible width', start)
  reader.must(classOf(operand) === classOfForm(form, width), 'a column is of another type than its operand', start)
  return { operand, form, width }
}

const readValue = (reader: Reader, scope: Scope, { operand, form, width }: Column): bigint => {
  const start = reader.at
  const digits = reader.hex(width)
  if (form === OPERAND.address) scope.tables.unused.delete(digits)
  const unsigned = BigInt(`0x${digits}`)
  const value = form === OPERAND.negativeNumber ? BigInt.asIntN(8 * width, unsigned) : unsigned
  const possible = isSigned(operand) ? value < 1n << 255n : value >= 0n
  reader.must(possible && (form !== OPERAND.bool || value <= 1n), 'a value of a set is not possible', start)
  return value
}

/** Numbers have the least width that holds them all, and two's complement only where one is negative. */
const requireLeast = (
  reader: Reader,
  at: number,
  { form, width, operand }: Column,
  values: readonly bigint[],
): void => {
  if (classOf(operand) !== INTEGER) return
  const signed = form === OPERAND.negativeNumber
  reader.must(!signed || values.some((value) => value < 0n), 'a column of numbers has a sign for nothing', at)
  const bits = 8 * (width - 1)
  const narrower = (value: bigint): boolean =>
    value === (signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value))
  reader.must(width === 1 || !values.every(narrower), 'a column is too wide', at)
}
