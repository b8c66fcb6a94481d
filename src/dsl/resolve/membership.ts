import { quote } from '../../diagnostic/quote.js'
import type { Condition } from '../../policy/Condition.js'
import type { Constant, Operand } from '../../policy/Operand.js'
import type { Node } from '../ast.js'
import { compare } from './compare.js'
import { countAndAmount, isPlainCount } from './compareNumbers.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { knownAddress, namer, number, sourceOf } from './expression.js'
import { junction } from './junction.js'
import { meet, mismatch } from './meet.js'
import { rangeOf } from './range.js'
import { plainOperand, type Value } from './Value.js'
import { elementsOf } from './valueAt.js'

/** `left in [items]`: one membership of constants, or comparisons where an item (or the left side) is more than a plain word. */
export function member(
  left: Value,
  items: readonly Value[],
  negated: boolean,
  node: Node,
  env: Env,
  context: Context,
): Condition | undefined {
  const columns = columnsOf(left)
  const operands = columns.map(plainOperand)
  if (!operands.every((operand) => operand !== undefined)) return oneByOne(left, items, negated, node, env, context)
  const rows: Constant[][] = []
  const rest: Value[] = []
  let failed = false
  for (const item of items) {
    const row = rowOf(columns, left, item, context)
    if (row === 'wrong') failed = true
    else if (row === 'not constant') rest.push(item)
    else rows.push(row)
  }
  if (failed) return undefined
  const others = rest.length > 0 ? [oneByOne(left, rest, negated, node, env, context)] : []
  if (rows.length > 0) others.unshift(membership(operands, rows, negated, node, context))
  return others.every((part) => part !== undefined) ? junction(negated ? 'and' : 'or', others) : undefined
}

function oneByOne(
  left: Value,
  items: readonly Value[],
  negated: boolean,
  node: Node,
  env: Env,
  context: Context,
): Condition | undefined {
  const parts = items.map((item) => compare(negated ? '!=' : '==', left, item, node, false, env, context))
  if (!parts.every((part) => part !== undefined)) return undefined
  const different = new Map(parts.map((part) => [show(part), part]))
  return junction(negated ? 'and' : 'or', [...different.values()])
}

const show = (condition: Condition): string =>
  JSON.stringify(condition, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))

/** A value as the single ones that it is made of. */
function columnsOf(value: Value): readonly Value[] {
  if (value.kind === 'tuple') return value.items.flatMap(columnsOf)
  return (value.kind === 'array' ? elementsOf(value)?.flatMap(columnsOf) : undefined) ?? [value]
}

/** An item as the single values that it is made of, in the shape of what stands left; undefined where its shape is another. */
function cellsOf(left: Value, item: Value): readonly Value[] | undefined {
  const members = left.kind === 'tuple' ? left.items : left.kind === 'array' ? elementsOf(left) : undefined
  if (members === undefined) return [item]
  const items = item.kind === 'tuple' || (item.kind === 'list' && left.kind === 'array') ? item.items : undefined
  if (items?.length !== members.length) return undefined
  const cells = members.map((member, index) => {
    const part = items[index]
    return part && cellsOf(member, part)
  })
  return cells.every((cell) => cell !== undefined) ? cells.flat() : undefined
}

/** The item as one constant for each column. */
function rowOf(
  columns: readonly Value[],
  left: Value,
  item: Value,
  context: Context,
): Constant[] | 'wrong' | 'not constant' {
  const cells = cellsOf(left, item)
  if (cells === undefined) {
    context.report({
      code: 'W072',
      severity: 'error',
      span: item.span,
      message: `${quote(sourceOf(item, context))} is no ${left.kind} of ${left.kind === 'tuple' ? left.items.length : columns.length}`,
      help: 'write one item in parentheses for each on the left: `(to, amount) in [(0x…, 5 USDC)]`',
    })
    return 'wrong'
  }
  const row: Constant[] = []
  for (const [index, cell] of cells.entries()) {
    const column = columns[index]
    const constant = column && cellOf(column, cell, context)
    if (constant === undefined || constant === 'wrong' || constant === 'not constant') return constant ?? 'wrong'
    row.push(constant)
  }
  return row
}

/** The cell as a constant of the column's type. The account and the key are known constants here. */
function cellOf(column: Value, cell: Value, context: Context): Constant | 'wrong' | 'not constant' {
  if (column.kind === 'word') {
    const word = meet(cell, column, context)
    if (word === undefined) return mismatch(column, cell, { span: cell.span }, context) ?? 'wrong'
    const address = knownAddress(word.operand, context)
    if (address !== undefined) return { kind: 'address', value: address }
    return word.operand.kind === 'constant' ? word.operand.constant : 'not constant'
  }
  if (column.kind !== 'number' || (cell.kind !== 'number' && cell.kind !== 'hex'))
    return mismatch(column, cell, { span: cell.span }, context) ?? 'wrong'
  const value = number(cell, context)
  if (value === undefined) return 'wrong'
  const show = namer(context)
  const refuse = (code: string, message: string, help: string) => {
    context.report({ code, severity: 'error', span: cell.span, message, help })
    return 'wrong' as const
  }
  if (column.unit !== undefined && value.unit !== undefined && column.unit !== value.unit)
    return refuse(
      'W064',
      `an amount of ${quote(show(column.unit))} is compared with one of ${quote(show(value.unit))}`,
      `write an amount of ${show(column.unit)}`,
    )
  if (isPlainCount(column) && value.unit !== undefined)
    return countAndAmount(column, value.unit, { span: cell.span }, context) ?? 'wrong'
  const operand = plainOperand(value)
  if (operand?.kind !== 'constant') return 'not constant'
  const range = rangeOf(plainOperand(column) ?? operand)
  const { constant } = operand
  if (
    range &&
    (constant.kind === 'number' || constant.kind === 'amount') &&
    (constant.value < range.min || constant.value > range.max)
  )
    return refuse(
      'W065',
      `${quote(sourceOf(column, context))} is ${range.name}, which is never ${quote(sourceOf(cell, context))}`,
      `it holds ${range.text}`,
    )
  return constant
}

/** Rows ascend as the bytes of their encoding do (docs/format.md), each once; a column that holds amounts holds nothing else. */
function membership(
  operands: readonly Operand[],
  rows: readonly (readonly Constant[])[],
  negated: boolean,
  node: Node,
  context: Context,
): Condition | undefined {
  const columns = operands.map((_, index) => {
    const assets = new Set(rows.flatMap((row) => (row[index]?.kind === 'amount' ? [row[index].asset] : [])))
    const [asset] = assets
    const negative = rows.some((row) => row[index]?.kind === 'number' && row[index].value < 0n)
    return { asset, mixed: assets.size > 1 || (asset !== undefined && negative) }
  })
  if (columns.some((column) => column.mixed)) {
    context.report({
      code: 'W064',
      severity: 'error',
      span: node.span,
      message: 'this list mixes amounts of different tokens',
      help: 'write a list for each token',
    })
    return undefined
  }
  const alike = rows.map((row) =>
    row.map((constant, index): Constant => {
      const asset = columns[index]?.asset
      return asset !== undefined && constant.kind === 'number'
        ? { kind: 'amount', value: constant.value, asset }
        : constant
    }),
  )
  const sorted = alike
    .sort(compareRows)
    .filter((row, index, all) => index === 0 || compareRows(all[index - 1] ?? [], row) !== 0)
  const condition: Condition = { kind: 'member', negated, operands, rows: sorted }
  context.spans.set(condition, node.span)
  return condition
}

function compareRows(a: readonly Constant[], b: readonly Constant[]): number {
  for (const [index, cell] of a.entries()) {
    const other = b[index]
    const order = other === undefined ? 0 : compareCells(cell, other)
    if (order !== 0) return order
  }
  return 0
}

/** In two's complement a negative number comes after those that are not. */
function compareCells(a: Constant, b: Constant): number {
  const [x, y] = [a.value, b.value]
  if (typeof x === 'bigint' && typeof y === 'bigint' && x < 0n !== y < 0n) return x < 0n ? 1 : -1
  return x < y ? -1 : x > y ? 1 : 0
}
