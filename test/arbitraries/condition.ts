import type { ComparisonOperator, Condition, Membership, Sum, Term } from '../../src/policy/Condition.js'
import type { Constant, Operand } from '../../src/policy/Operand.js'
import { buildConstant, sortOf } from './operand.js'
import type { Source } from './Source.js'
import { assetsOf, type Scope } from './World.js'

const ORDERS: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=']

/** One operand as a sum. */
export const plain = (operand: Operand): Sum => [{ negative: false, scales: [], factors: [operand] }]

const constant = (value: Constant): Operand => ({ kind: 'constant', constant: value })

/** The conditions of a rule: up to three, none of them an `and`. */
export const buildConditions = (source: Source, scope: Scope, depth: number): readonly Condition[] =>
  source.many(0, 3, () =>
    scope.now && source.chance(8) ? buildNowBound(source, scope) : buildInner(source, scope, depth, 'and'),
  )

const buildInner = (source: Source, scope: Scope, depth: number, outside: 'and' | 'or'): Condition => {
  if (depth > 0 && source.chance(30)) {
    const inside = outside === 'and' ? 'or' : 'and'
    const members = source.many(2, 3, () => buildInner(source, scope, depth - 1, inside))
    return inside === 'or' ? { kind: 'or', any: members } : { kind: 'and', all: members }
  }
  switch (source.below(6)) {
    case 0:
    case 1:
      return buildPlainComparison(source, scope)
    case 2:
    case 3:
      return buildMembership(source, scope)
    case 4:
      return buildSumComparison(source, scope)
    default:
      return source.chance(20) ? { kind: source.pick(['true', 'false']) } : buildPlainComparison(source, scope)
  }
}

const buildPlainComparison = (source: Source, scope: Scope): Condition => {
  const left = source.pick(scope.operands)
  const sort = sortOf(left)
  const alike = scope.operands.filter((operand) => operand !== left && sortOf(operand) === sort)
  const right =
    alike.length > 0 && source.chance(25)
      ? source.pick(alike)
      : constant(buildConstant(source, scope, left, source.chance(30) ? source.pick(assetsOf(scope)) : undefined))
  const operator = source.pick(sort === 'number' ? ORDERS : (['==', '!='] as const))
  return { kind: 'compare', operator, left: plain(left), right: plain(right) }
}

const numbersOf = (scope: Scope): readonly Operand[] => scope.operands.filter((operand) => sortOf(operand) === 'number')

const buildSumComparison = (source: Source, scope: Scope): Condition => {
  const numbers = numbersOf(scope)
  if (numbers.length === 0) return buildPlainComparison(source, scope)
  const side = (): Sum => source.many(1, 3, () => buildTerm(source, numbers))
  return { kind: 'compare', operator: source.pick(ORDERS), left: side(), right: side() }
}

const buildTerm = (source: Source, numbers: readonly Operand[]): Term => ({
  negative: source.chance(30),
  scales: [],
  factors: source.chance(20) ? [source.pick(numbers), source.pick(numbers)] : [source.pick(numbers)],
})

const buildMembership = (source: Source, scope: Scope): Membership => {
  const operands = source.many(1, 3, () => source.pick(scope.operands))
  const forms = operands.map((operand) =>
    sortOf(operand) === 'number' && source.chance(30) ? source.pick(assetsOf(scope)) : undefined,
  )
  const rows = source.many(1, 4, () =>
    operands.map((operand, column) => positive(buildConstant(source, scope, operand, forms[column]), forms[column])),
  )
  return { kind: 'member', negated: source.chance(40), operands, rows: ascending(rows) }
}

/** All constants of a column are of one form: an amount column holds no negative number. */
const positive = (value: Constant, asset: string | undefined): Constant =>
  asset !== undefined && value.kind === 'number'
    ? { kind: 'amount', value: -value.value, asset: asset === 'ETH' ? 'ETH' : `0x${asset.slice(2)}` }
    : value

/** The rows in the order of their encoding, each once. */
const ascending = (rows: readonly (readonly Constant[])[]): readonly (readonly Constant[])[] => {
  const key = (row: readonly Constant[]): string => row.map(wordOf).join('')
  const byKey = new Map(rows.map((row) => [key(row), row]))
  return [...byKey.keys()].sort().map((k) => byKey.get(k) ?? [])
}

// As all values of a column have one width, the words of 32 bytes sort as they do.
const wordOf = (value: Constant): string => {
  switch (value.kind) {
    case 'number':
    case 'amount':
      return BigInt.asUintN(256, value.value).toString(16).padStart(64, '0')
    case 'bool':
      return value.value ? '1' : '0'
    case 'address':
    case 'bytes':
      return value.value
    default:
      return value satisfies never
  }
}

const buildNowBound = (source: Source, scope: Scope): Condition => {
  const operand = source.pick(numbersOf(scope))
  return {
    kind: 'now',
    bound: source.pick(['at most', 'at least']),
    operand,
    seconds: source.pick([0, 60, 1200, 86_400]),
  }
}
