import type { Comparison, Condition, Sum } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import { holds } from '../../src/semantics/holds.js'
import { constantValue, type Rational, sumOf } from '../../src/semantics/valueOf.js'
import { assign, type Draft, draftedContext, rangeOf } from './draft.js'
import type { Source } from './Source.js'

/** Changes the draft so that the condition holds, where a single operand can do that; as close to its edge as possible, mostly. */
export function satisfy(source: Source, draft: Draft, condition: Condition): void {
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
      if (condition.negated || condition.rows.length === 0) return
      const row = source.pick(condition.rows)
      for (const [index, operand] of condition.operands.entries()) {
        const constant = row[index]
        if (constant) assign(draft, operand, constantValue(constant))
      }
      return
    }
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

function satisfyComparison(source: Source, draft: Draft, comparison: Comparison): void {
  const operands = choosable([...comparison.left, ...comparison.right])
  if (operands.length === 0) return
  const operand = source.pick(operands)
  const root = rootOf(draft, operand, (changed) => {
    const context = draftedContext(changed)
    return difference(sumOf(comparison.left, context), sumOf(comparison.right, context))
  })
  if (root === undefined) return
  const far = source.bits(64)
  const near = source.chance(80) ? [root, root + 1n, root - 1n] : [root - far, root + far, root]
  for (const value of near) {
    if (!assign(draft, operand, clamp(operand, value))) return
    if (holds(comparison, draftedContext(draft), false)) return
  }
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
    .filter(
      (operand) =>
        operand.kind === 'argument' || (operand.kind === 'environment' && !operand.name.startsWith('session')),
    )
}

function clamp(operand: Operand, value: bigint): bigint {
  const [least, most] = operand.kind === 'argument' ? rangeOf(operand.type) : [0n, 2n ** 256n - 1n]
  return value < least ? least : value > most ? most : value
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
