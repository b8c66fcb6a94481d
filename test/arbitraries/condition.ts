import { sliceWidth } from '../../src/compiler/sliceWidth.js'
import { sortOf } from '../../src/compiler/sortOf.js'
import type { Collection } from '../../src/policy/Collection.js'
import type { ComparisonOperator, Condition, Membership, Term } from '../../src/policy/Condition.js'
import type { Constant, Operand } from '../../src/policy/Operand.js'
import type { Bytes } from '../../src/policy/Place.js'
import { hexOf } from './address.js'
import { buildMask, buildPacking, buildPart, buildSlice, deeper, deeperPlace, deriveOperands } from './derive.js'
import { buildConstant, buildUnit, constantOperand } from './operand.js'
import { join, NONE, type ReadableList, readablesOfElement } from './readables.js'
import type { Source } from './Source.js'
import { buildSides, plain } from './sum.js'
import type { Scope } from './World.js'

const ORDERS: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=']

/** The conditions of a rule: up to three, none of them an `and`. */
export const buildConditions = (source: Source, scope: Scope, depth: number): readonly Condition[] =>
  source.many(
    0,
    3,
    () => (source.chance(8) ? buildNowBound(source, scope) : undefined) ?? buildInner(source, scope, depth, 'and'),
  )

/** Mostly what the call says alone: what it costs and whose it is would crowd out the rest. */
const focused = (source: Source, scope: Scope): Scope => {
  const operands = scope.operands.filter(({ kind }) => kind !== 'environment')
  return operands.length > 0 && source.chance(75) ? { ...scope, operands } : scope
}

const buildInner = (source: Source, whole: Scope, depth: number, outside: 'and' | 'or'): Condition => {
  const scope = focused(source, whole)
  if (depth > 0 && source.chance(30)) {
    const inside = outside === 'and' ? 'or' : 'and'
    const members = source.many(2, 3, () => buildInner(source, whole, depth - 1, inside))
    return inside === 'or' ? { kind: 'or', any: members } : { kind: 'and', all: members }
  }
  switch (source.below(12)) {
    case 0:
    case 1:
    case 2:
      return buildPlainComparison(source, scope)
    case 8:
    case 9:
    case 11:
      return buildQuantified(source, whole, depth) ?? buildPlainComparison(source, scope)
    case 10:
      return buildBytesComparison(source, scope) ?? buildPlainComparison(source, scope)
    case 3:
    case 4:
      return buildMembership(source, scope)
    case 5:
    case 6:
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
      : constantOperand(buildConstant(source, scope, left, buildUnit(source, scope, left)))
  const operator = source.pick(sort === 'integer' ? ORDERS : (['==', '!='] as const))
  const [a, b] = source.chance(15) ? [right, left] : [left, right]
  return { kind: 'compare', operator, left: plain(a), right: plain(b) }
}

// A mask binds less than sums do: in one it needs brackets, which only bytes can do without.
const integersOf = ({ operands, wide }: Scope): readonly Operand[] =>
  operands.filter((operand) => sortOf(operand) === 'integer' && (wide === true || operand.kind !== 'masked'))

const buildSumComparison = (source: Source, scope: Scope): Condition => {
  const integers = integersOf(scope)
  const [left, right] = buildSides(source, scope, integers)
  // Constants alone are compared once and for all, and of two plain operands neither may be out of the other's range.
  const speaks = [...left, ...right].some(({ factors }) => factors.some(({ kind }) => kind !== 'constant'))
  const plainly = [left, right].every((side) => side.length === 1 && isPlain(side[0]))
  return speaks && (!plainly || scope.wide === true)
    ? { kind: 'compare', operator: source.pick(ORDERS), left, right }
    : buildPlainComparison(source, scope)
}

const isPlain = (term: Term | undefined): boolean =>
  term !== undefined && !term.negative && term.scales.length === 0 && term.factors.length === 1

const buildMembership = (source: Source, scope: Scope): Membership => {
  const operands = source.many(1, 3, () => source.pick(scope.operands))
  const units = operands.map((operand) => buildUnit(source, scope, operand))
  const rows = source.many(1, 4, () =>
    operands.map((operand, column) => buildConstant(source, scope, operand, units[column])),
  )
  return { kind: 'member', negated: source.chance(40), operands, rows: ascending(rows) }
}

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

/** `every` or `any` over a list or the elements of a packed one; undefined where there is none. */
const buildQuantified = (source: Source, scope: Scope, depth: number): Condition | undefined => {
  const { lists, bytes } = scope.reach
  if (lists.length + bytes.length === 0 || depth < -1) return undefined
  const kind = source.pick(['every', 'any'] as const)
  const list = lists.length > 0 && (bytes.length === 0 || source.chance(70)) ? source.pick(lists) : undefined
  const packing = buildPacking(source)
  const over: Collection =
    list === undefined
      ? {
          kind: 'packed',
          bytes: source.chance(80) ? { place: source.pick(bytes) } : buildPart(source, source.pick(bytes)),
          ...packing,
        }
      : { kind: 'array', place: list.place }
  const inside = list === undefined ? NONE : readablesOfElement(list.type.element)
  const packed: Operand = { kind: 'packed element', depth: 0, size: packing.size }
  const own: readonly Operand[] =
    list === undefined
      ? [
          packed,
          ...(packing.size === 20
            ? []
            : [{ kind: 'masked', operand: packed, mask: buildMask(source, 8 * packing.size) } as const]),
        ]
      : [...inside.words, ...deriveOperands(source, inside)]
  const outer = { lists: scope.reach.lists.map(deeperList), bytes: scope.reach.bytes.map(deeperPlace), words: [] }
  const others = scope.operands.map(deeper)
  const innerScope: Scope = {
    ...scope,
    now: false,
    operands: [...own, ...others],
    reach: join([inside, inside, outer]),
  }
  // The first condition speaks of an element, where something of one can be said; now and then of all that are in it, too.
  const around = others.filter((operand) => operand.kind === 'element' || operand.kind === 'packed element')
  const speaking: Scope = own.length > 0 ? { ...innerScope, operands: [...own, ...around], reach: inside } : innerScope
  const deep = source.chance(25)
    ? buildQuantified(source, { ...innerScope, operands: own.length > 0 ? own : others }, depth - 1)
    : undefined
  const body = source.many(1, source.chance(30) ? 2 : 1, (index) =>
    index === 0
      ? (deep ?? buildInner(source, speaking, depth - 1, 'and'))
      : buildInner(source, innerScope, depth - 1, 'and'),
  )
  return { kind, over, body }
}

const deeperList = ({ place, type }: ReadableList): ReadableList => ({ place: deeperPlace(place), type })

/** Byte strings compared with a constant or with each other; undefined where there is none. */
const buildBytesComparison = (source: Source, scope: Scope): Condition | undefined => {
  const { bytes } = scope.reach
  if (bytes.length === 0) return undefined
  const part = (): Bytes => {
    const place = source.pick(bytes)
    // A slice of known width is a value, and compared like one.
    return scope.wide === true && source.chance(20) ? buildSlice(source, place).bytes : buildPart(source, place)
  }
  const operator = source.pick(['==', 'starts with', '!=', 'does not start with'] as const)
  const left = part()
  const size = source.pick([4, 1, 20, 33, 100])
  const right = bytes.length > 1 && source.chance(40) ? part() : hexOf(source.random(8 * size), size)
  const other = typeof right === 'string' ? size : sizeOf(right)
  // As many bytes as words may have are compared as words, but for their beginning.
  if (other !== undefined && other <= 32 && sizeOf(left) === other)
    return { kind: 'bytes', operator: operator === '==' ? 'starts with' : 'does not start with', left, right }
  return { kind: 'bytes', operator, left, right }
}

const sizeOf = ({ slice }: Bytes): number | undefined => slice && sliceWidth(slice)

/** A bound on now by an unsigned argument, where there is one. */
const buildNowBound = (source: Source, scope: Scope): Condition | undefined => {
  const times = scope.operands.filter((operand) =>
    scope.wide ? sortOf(operand) === 'integer' : operand.kind === 'argument' && operand.type.kind === 'uint',
  )
  if (!scope.now || times.length === 0) return undefined
  return {
    kind: 'now',
    bound: source.pick(['at most', 'at least']),
    operand: source.pick(times),
    seconds: source.pick([0, 60, 1200, 86_400, 90, 2 ** 38 - 1]),
  }
}
