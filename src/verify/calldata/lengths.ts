import type { Collection } from '../../policy/Collection.js'
import type { Comparison, Condition, Sum } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { Bytes, PathStep, Place } from '../../policy/Place.js'
import type { Rule } from '../../policy/Rule.js'
import { partsOf } from '../solve/flatten.js'
import type { Choices } from '../Choices.js'
import type { Lengths } from './Value.js'
import { MOST_ELEMENTS } from './views.js'

/** What rules say of the lengths of one function's arguments, by the path of an array or byte string. */
export type Wishes = {
  /** So many elements or bytes it takes for all operands to be readable. */
  readonly least: Map<string, number>
  /** So many bytes at either end are read as parts of their own: in a shorter string those share bytes, and then seldom both are what they should be. */
  readonly ends: Map<string, { readonly first: number; readonly last: number }>
  /** Lengths that a condition speaks of, and those next to them. */
  readonly liked: Map<string, number[]>
}

/** Where a condition stands: the paths of the collections whose elements it speaks of, the innermost first. */
type Reading = { readonly around: readonly string[]; readonly wishes: Wishes }

const like = ({ wishes: { liked } }: Reading, path: string, ...lengths: readonly number[]): void => {
  liked.set(path, [...(liked.get(path) ?? []), ...lengths.filter((length) => length >= 0)])
}

const need = ({ wishes: { least } }: Reading, path: string, length: number): void => {
  least.set(path, Math.max(least.get(path) ?? 0, length))
}

/** The path of what steps lead to; every array on the way must have the elements that are named. */
const walk = (at: Reading, start: string, steps: readonly PathStep[]): string => {
  let path = start
  for (const step of steps)
    if (step.kind === 'component') path += path === '' ? `${step.index}` : `.${step.index}`
    else {
      need(at, path, step.kind === 'last' ? 1 : step.index + 1)
      path += '.*'
    }
  return path
}

const pathOf = (at: Reading, place: Place): string =>
  walk(at, place.kind === 'argument' ? '' : (at.around[place.depth] ?? '?'), place.path)

const readBytes = (at: Reading, { place, slice }: Bytes): string => {
  const path = pathOf(at, place)
  if (slice === undefined) return path
  const size = Math.max(Math.abs(slice.start), Math.abs(slice.end ?? 0))
  need(at, path, size)
  const { first, last } = at.wishes.ends.get(path) ?? { first: 0, last: 0 }
  const fromTheEnd = slice.start < 0
  at.wishes.ends.set(path, {
    first: fromTheEnd ? first : Math.max(first, size),
    last: fromTheEnd ? Math.max(last, size) : last,
  })
  return path
}

/** The bytes that n packed elements take. */
const packedBytes = ({ size, gap }: { readonly size: number; readonly gap: number }, count: number): number =>
  count === 0 ? 0 : count * size + (count - 1) * gap

const readCollection = (at: Reading, over: Collection, counts: readonly number[] = [2, 1, 3]): string => {
  if (over.kind === 'array') {
    const path = pathOf(at, over.place)
    like(at, path, ...counts)
    return path
  }
  const path = readBytes(at, over.bytes)
  const beside = over.bytes.slice ? Math.abs(over.bytes.slice.start) : 0
  like(
    at,
    path,
    ...counts.filter((count) => count > 0 || over.gap === 0).map((count) => beside + packedBytes(over, count)),
  )
  return path
}

const readOperand = (at: Reading, operand: Operand, counts: readonly number[]): void => {
  switch (operand.kind) {
    case 'argument':
      walk(at, '', operand.path)
      return
    case 'element':
      walk(at, at.around[operand.depth] ?? '?', operand.path)
      return
    case 'length': {
      const { of } = operand
      if (of.kind === 'array' || of.kind === 'packed') readCollection(at, of, counts)
      else if (of.kind === 'bytes') like(at, readBytes(at, of.bytes), ...counts)
      return
    }
    case 'slice':
      readBytes(at, operand.bytes)
      return
    case 'masked':
      readOperand(at, operand.operand, counts)
      return
    case 'total':
      walk(at, `${readCollection(at, operand.over)}.*`, operand.path)
      return
    case 'constant':
    case 'environment':
    case 'packed element':
      return
    default:
      operand satisfies never
  }
}

const factorsOf = (sum: Sum): Operand[] => sum.flatMap(({ factors }) => [...factors])

/** Small numbers that operands are compared with, and those next to them. */
const near = (values: readonly bigint[]): number[] =>
  values
    .filter((value) => value >= 0n && value <= 1000n)
    .flatMap((value) => [Number(value), Number(value) + 1, Number(value) - 1])

const readComparison = (at: Reading, { left, right }: Comparison): void => {
  const operands = [...factorsOf(left), ...factorsOf(right)]
  const constants = operands.flatMap((operand) => (operand.kind === 'constant' ? [BigInt(operand.constant.value)] : []))
  for (const operand of operands) readOperand(at, operand, near(constants))
}

const readCondition = (at: Reading, condition: Condition): void => {
  switch (condition.kind) {
    case 'compare':
      readComparison(at, condition)
      return
    case 'member':
      for (const [column, operand] of condition.operands.entries())
        readOperand(
          at,
          operand,
          near(condition.rows.flatMap((row) => (row[column] ? [BigInt(row[column].value)] : []))),
        )
      return
    case 'now':
      readOperand(at, condition.operand, [])
      return
    case 'bytes': {
      const path = readBytes(at, condition.left)
      if (typeof condition.right === 'string') {
        const length = condition.right.length / 2 - 1
        if (condition.left.slice === undefined) like(at, path, length, length + 1)
      } else readBytes(at, condition.right)
      return
    }
    case 'every':
    case 'any': {
      const path = readCollection(at, condition.over)
      const inside = { ...at, around: [`${path}.*`, ...at.around] }
      for (const part of condition.body) readCondition(inside, part)
      return
    }
    case 'and':
    case 'or':
      for (const part of partsOf(condition)) readCondition(at, part)
      return
    case 'true':
    case 'false':
      return
    default:
      condition satisfies never
  }
}

const operandsIn = (condition: Condition): readonly Operand[] => {
  switch (condition.kind) {
    case 'compare':
      return [...factorsOf(condition.left), ...factorsOf(condition.right)]
    case 'member':
      return condition.operands
    case 'now':
      return [condition.operand]
    default:
      return partsOf(condition).flatMap(operandsIn)
  }
}

/** Every operand that a rule reads, the rules nested in it left out. */
export const operandsOfRule = (rule: Rule): Operand[] => [
  ...rule.where.flatMap(operandsIn),
  ...(rule.effect === 'allow' ? rule.charges.flatMap(({ amount }) => factorsOf(amount)) : []),
]

const usualBytes = [0, 1, 31, 32, 33, 20, 64, 100]

/** What these rules say of the lengths of what they read. */
export const wishesOf = (rules: readonly Rule[]): Wishes => {
  const wishes: Wishes = { least: new Map(), ends: new Map(), liked: new Map() }
  const at: Reading = { around: [], wishes }
  for (const rule of rules) {
    for (const condition of rule.where) readCondition(at, condition)
    if (rule.effect === 'allow')
      for (const { amount } of rule.charges) for (const operand of factorsOf(amount)) readOperand(at, operand, [])
  }
  return wishes
}

/** Lengths with which all that was wished for can be read, and which conditions speak of. */
export const lengthsFor = (wishes: Wishes, choices: Choices): Lengths => {
  const pickLength = (path: string, usual: (least: number) => readonly number[]): number => {
    const least = wishes.least.get(path) ?? 0
    const { first, last } = wishes.ends.get(path) ?? { first: 0, last: 0 }
    const all = (wishes.liked.get(path) ?? []).filter((length) => length >= least)
    const roomy = all.filter((length) => length >= first + last)
    const liked = roomy.length > 0 && !choices.chance(10) ? roomy : all
    return choices.pick(liked.length > 0 && !choices.chance(15) ? liked : usual(least))
  }
  return {
    array: (path) =>
      Math.min(
        pickLength(path, (least) => [least, least + 1, least + 2]),
        MOST_ELEMENTS,
      ),
    bytes: (path) => pickLength(path, (least) => [...usualBytes.filter((length) => length >= least), least]),
  }
}
