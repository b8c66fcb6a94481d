import type { BytesComparison, Comparison, Condition, Membership, Quantified, Sum } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import { holds } from '../../src/semantics/holds.js'
import { readElements } from '../../src/semantics/readList.js'
import { constantValue, type Rational, sumOf } from '../../src/semantics/valueOf.js'
import { assign, elementsOf, resize } from './assign.js'
import { overwrite, partAt, resizePart } from './cell.js'
import { type Draft, type DraftElement, draftedContext } from './draft.js'
import type { Source } from './Source.js'
import { rangeOf } from './value.js'

const ROUNDS = 4

/** Changes the draft so that all conditions hold, if a few attempts are enough: what one condition needs may undo what another had. */
export function satisfyAll(source: Source, draft: Draft, conditions: readonly Condition[]): void {
  for (let round = 0; round < ROUNDS; round++) {
    const context = draftedContext(draft)
    const failing = round === 0 ? conditions : conditions.filter((condition) => !holds(condition, context, false))
    if (failing.length === 0) return
    for (const condition of failing) satisfy(source, draft, condition)
  }
}

/** Changes the draft so that the condition holds, where a single operand can do that; as close to its edge as possible, mostly. */
function satisfy(source: Source, draft: Draft, condition: Condition): void {
  switch (condition.kind) {
    case 'and':
      for (const part of condition.all) satisfy(source, draft, part)
      return
    case 'or':
      satisfy(source, draft, source.pick(condition.any))
      return
    case 'true':
    case 'false':
      return
    case 'compare':
      return satisfyComparison(source, draft, condition)
    case 'member': {
      if (condition.negated) return leaveRows(source, draft, condition)
      if (condition.rows.length === 0) return
      const row = source.pick(condition.rows)
      for (const [index, operand] of condition.operands.entries()) {
        const constant = row[index]
        if (constant) assign(draft, operand, constantValue(constant))
      }
      return
    }
    case 'bytes':
      return satisfyBytes(draft, condition)
    case 'every':
    case 'any':
      return satisfyQuantified(source, draft, condition)
    case 'now': {
      const { bound, seconds, operand } = condition
      const slack = BigInt(source.pick([0, 0, 1, 60]))
      const edge = BigInt(draft.now) + BigInt(bound === 'at most' ? seconds : -seconds)
      assign(draft, operand, bound === 'at most' ? edge - slack : edge + slack)
      return
    }
    default:
      return condition satisfies never
  }
}

/** Changes the draft so that the sum comes to the target or, where that is impossible, just below it. */
export function aim(source: Source, draft: Draft, sum: Sum, target: bigint): void {
  const operands = choosable(sum)
  if (operands.length === 0) return
  const operand = source.pick(operands)
  const root = rootOf(draft, operand, (changed) => minus(sumOf(sum, draftedContext(changed)), target))
  if (root !== undefined) assign(draft, operand, clamp(operand, root))
}

/** Values that stand in no row: others mostly do. */
function leaveRows(source: Source, draft: Draft, condition: Membership): void {
  for (let attempt = 0; attempt < 3 && !holds(condition, draftedContext(draft), false); attempt++) {
    const operand = source.pick(condition.operands)
    const [least, most] = limitsOf(operand)
    assign(
      draft,
      operand,
      clamp(operand, source.pick([most - BigInt(attempt), least + BigInt(attempt), 1n, source.bits(32)])),
    )
  }
}

/** What must not be equal mostly is not, as soon as it can be read. */
function satisfyBytes(draft: Draft, { operator, left, right }: BytesComparison): void {
  if (partAt(draft, left) === undefined) resizePart(draft, left, 5)
  if (typeof right !== 'string' && partAt(draft, right) === undefined) resizePart(draft, right, 4)
  if (operator === '!=' || operator === 'does not start with') return
  const wanted = typeof right === 'string' ? right : partAt(draft, right)?.data
  if (wanted === undefined) return
  const length = wanted.length / 2 - 1
  const before = partAt(draft, left)
  if (operator === '==' || before === undefined || before.data.length < wanted.length) resizePart(draft, left, length)
  const part = partAt(draft, left)
  if (part !== undefined) overwrite(part, 0, wanted)
}

function satisfyQuantified(source: Source, draft: Draft, { kind, over, body }: Quantified): void {
  const length = elementsOf(draft, over).length
  const unreadable = over.kind === 'packed' && readElements(over, draftedContext(draft)) === undefined
  if (unreadable || (kind === 'any' ? length === 0 : length > 3 || source.chance(25)))
    resize(draft, over, source.pick(kind === 'any' ? [1, 2, 3] : [1, 2, 0, 3]))
  const elements = elementsOf(draft, over)
  const chosen: readonly DraftElement[] = kind === 'any' && elements.length > 0 ? [source.pick(elements)] : elements
  for (const element of chosen) {
    draft.elements.unshift(element)
    for (const condition of body) satisfy(source, draft, condition)
    draft.elements.shift()
  }
}

function satisfyComparison(source: Source, draft: Draft, comparison: Comparison): void {
  const operands = choosable([...comparison.left, ...comparison.right])
  if (operands.length === 0) return
  const operand = source.pick(operands)
  const root = partnerOf(draft, operand, comparison) ?? crossingOf(draft, operand, comparison)
  if (root === undefined) return
  const far = source.bits(64)
  const near = source.chance(80) ? [root, root + 1n, root - 1n] : [root - far, root + far, root]
  for (const value of operand.kind === 'masked' ? [...near, operand.mask, 0n] : near) {
    // A length or a mask cannot be whatever it is told to be: the next value may do.
    if (assign(draft, operand, clamp(operand, value)) && holds(comparison, draftedContext(draft), false)) return
  }
}

/** What an operand that is one side alone is compared with: not every operand changes by as much as it is told to. */
function partnerOf(draft: Draft, operand: Operand, { left, right }: Comparison): bigint | undefined {
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const [term] = side
    if (side.length !== 1 || term?.factors.length !== 1 || term.factors[0] !== operand) continue
    if (term.negative || term.scales.length > 0) continue
    const value = sumOf(other, draftedContext(draft))
    if (value !== undefined) return floorDivide(value.numerator, value.denominator)
  }
  return undefined
}

function crossingOf(draft: Draft, operand: Operand, comparison: Comparison): bigint | undefined {
  return rootOf(draft, operand, (changed) => {
    const context = draftedContext(changed)
    return difference(sumOf(comparison.left, context), sumOf(comparison.right, context))
  })
}

/** Where a function that is linear in the operand is zero, rounded down. */
function rootOf(draft: Draft, operand: Operand, f: (draft: Draft) => Rational | undefined): bigint | undefined {
  if (!assign(draft, operand, 0n)) return undefined
  const atZero = f(draft)
  assign(draft, operand, 1n)
  const slope = difference(f(draft), atZero)
  assign(draft, operand, 0n)
  if (atZero === undefined || slope === undefined || slope.numerator === 0n) return undefined
  return floorDivide(-atZero.numerator * slope.denominator, atZero.denominator * slope.numerator)
}

function choosable(sum: Sum): Operand[] {
  return sum
    .flatMap(({ factors }): Operand[] => [...factors])
    .filter(({ kind }) => kind !== 'constant')
    .filter((operand) => operand.kind !== 'environment' || !operand.name.startsWith('session'))
}

function clamp(operand: Operand, value: bigint): bigint {
  const [least, most] = limitsOf(operand)
  return value < least ? least : value > most ? most : value
}

function limitsOf(operand: Operand): readonly [bigint, bigint] {
  switch (operand.kind) {
    case 'argument':
    case 'element':
      return rangeOf(operand.type)
    case 'masked':
      return [0n, operand.mask]
    case 'packed element':
      return [0n, (1n << BigInt(8 * operand.size)) - 1n]
    case 'length':
      return [0n, 4096n]
    default:
      return [0n, 2n ** 256n - 1n]
  }
}

function difference(a: Rational | undefined, b: Rational | undefined): Rational | undefined {
  if (a === undefined || b === undefined) return undefined
  return {
    numerator: a.numerator * b.denominator - b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  }
}

function minus(a: Rational | undefined, b: bigint): Rational | undefined {
  return difference(a, { numerator: b, denominator: 1n })
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}
