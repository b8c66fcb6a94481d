import type { ComparisonOperator } from '../policy/Condition.js'
import type { Frame } from './Frame.js'
import { type Operand, read } from './Operand.js'

/** `± numerator/denominator * factor [* factor]`. */
export type Term = {
  /** In a comparison: moved to the left side. */
  readonly negative: boolean
  readonly numerator: bigint
  readonly denominator: bigint
  /** In a comparison: numerator times the denominators of all other terms. */
  readonly coefficient: bigint
  readonly factors: readonly [Operand] | readonly [Operand, Operand]
  readonly right: boolean
  readonly scaled: boolean
}

/** What a charge counts: one plain operand, or a sum. */
export type Amount = Operand | { readonly kind: 'sum'; readonly terms: readonly Term[] }

/** Left sum minus right sum, times the product of all denominators, exact; undefined is a fault. */
export const compareSums = (terms: readonly Term[], frame: Frame): bigint | undefined => {
  let sum = 0n
  for (const term of terms) {
    const product = productOf(term, frame)
    if (product === undefined) return undefined
    sum += (term.negative ? -product : product) * term.coefficient
  }
  return sum
}

const productOf = ({ factors: [first, second] }: Term, frame: Frame): bigint | undefined => {
  const value = read(first, frame)
  if (value === undefined || second === undefined) return value
  const other = read(second, frame)
  return other === undefined ? undefined : value * other
}

const TOO_MUCH = 1n << 256n

/** The amount in base units, a scaled one rounded up; undefined (a fault) where an operand cannot be read, and below 0 or at 2^256 and above. */
export const readAmount = (amount: Amount, frame: Frame): bigint | undefined => {
  const value = amount.kind === 'sum' ? sumOf(amount.terms, frame) : read(amount, frame)
  // An unsigned word is an amount as it is.
  if (amount.kind === 'argument' && !amount.type.signed) return value
  return value === undefined || value < 0n || value >= TOO_MUCH ? undefined : value
}

const sumOf = (terms: readonly Term[], frame: Frame): bigint | undefined => {
  let sum = 0n
  for (const term of terms) {
    const product = productOf(term, frame)
    if (product === undefined) return undefined
    const scaled = (term.negative ? -product : product) * term.numerator
    // A sum of several terms has no scales; one term is rounded up, and below zero it is a fault however small.
    if (scaled < 0n && term.denominator !== 1n) return undefined
    sum += (scaled + term.denominator - 1n) / term.denominator
  }
  return sum
}

/** The right side as a whole number that bounds a left side of whole numbers in the same way; undefined where it cannot be read, or is no whole number and must be equalled. */
export const boundOf = (operator: ComparisonOperator, right: readonly Term[], frame: Frame): bigint | undefined => {
  let numerator = 0n
  let denominator = 1n
  for (const term of right) {
    const product = productOf(term, frame)
    if (product === undefined) return undefined
    // A term of the right side was moved to the left, which turned its sign.
    const scaled = (term.negative ? product : -product) * term.numerator
    numerator = numerator * term.denominator + scaled * denominator
    denominator *= term.denominator
  }
  const whole = numerator / denominator
  const floor = numerator % denominator < 0n ? whole - 1n : whole
  if (floor * denominator === numerator) return floor
  if (operator === '==' || operator === '!=') return undefined
  return operator === '>=' || operator === '<' ? floor + 1n : floor
}
