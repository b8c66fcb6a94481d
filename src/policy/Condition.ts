import type { Collection } from './Collection.js'
import type { Hex } from './Hex.js'
import type { Constant, Operand } from './Operand.js'
import type { Bytes } from './Place.js'
import type { Asset, Decimal } from './Units.js'

/**
 * What must hold, in negation normal form: there is no `not`. `and` and `or` have at least two members, none of their own
 * kind. A comparison with an operand that cannot be read is false in an allow rule and true in a deny rule.
 */
export type Condition =
  | { readonly kind: 'and'; readonly all: readonly Condition[] }
  | { readonly kind: 'or'; readonly any: readonly Condition[] }
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | Comparison
  | Membership
  | BytesComparison
  | Quantified
  | NowBound

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>='

/** Compares two sums as exact rational numbers, whatever their size. */
export type Comparison = {
  readonly kind: 'compare'
  readonly operator: ComparisonOperator
  readonly left: Sum
  readonly right: Sum
}

/** The tuple of the operands equals (or, negated, equals none) of the rows. Rows ascend by the bytes of their encoding and differ. */
export type Membership = {
  readonly kind: 'member'
  readonly negated: boolean
  readonly operands: readonly Operand[]
  readonly rows: readonly (readonly Constant[])[]
}

/** Compares byte strings byte by byte, with a constant (of any length up to 65,535 bytes) or with another one of the calldata. */
export type BytesComparison = {
  readonly kind: 'bytes'
  readonly operator: '==' | '!=' | 'starts with' | 'does not start with'
  readonly left: Bytes
  readonly right: Hex | Bytes
}

/**
 * The body holds of every element, or of any. Over an empty list `every` holds and `any` does not; a list that cannot be read is a fault, as in
 * a comparison. The body has one condition at least, all of which must hold, and none of them is an `and`; operands of kind `element` and `packed element` speak of the element.
 */
export type Quantified = {
  readonly kind: 'every' | 'any'
  readonly over: Collection
  readonly body: readonly Condition[]
}

/** `operand <= now + seconds` or `operand >= now - seconds`, only as a conjunct of a rule's `where`: it narrows the inclusion interval. */
export type NowBound = {
  readonly kind: 'now'
  readonly bound: 'at most' | 'at least'
  readonly operand: Operand
  /** Not negative, below 2^38. */
  readonly seconds: number
}

/** The sum of its terms; at least one. */
export type Sum = readonly Term[]

/**
 * `± scales (factor [* factor])`. In a comparison each term is multiplied by the product of all terms' denominators; a term of two factors must
 * then have coefficient 1, and every coefficient is below 2^256.
 */
export type Term = {
  readonly negative: boolean
  readonly scales: readonly Scale[]
  readonly factors: readonly [Operand] | readonly [Operand, Operand]
}

/** A constant rational factor, exact. */
export type Scale =
  | { readonly kind: 'percent'; readonly percent: Decimal }
  /**
   * `at P quote per base` turns an amount of quote into base: `x * 10^baseDecimals / (P * 10^quoteDecimals)`; `sold at` is its inverse.
   */
  | { readonly kind: 'at' | 'sold at'; readonly price: Decimal; readonly quote: Asset; readonly base: Asset }
  /** Not zero. */
  | { readonly kind: 'divide'; readonly by: bigint }
