import type { ComparisonOperator, Scale, Sum, Term } from '../../policy/Condition.js'
import type { Policy } from '../../policy/Policy.js'
import type { Atom, Polynomial } from './Atom.js'
import { addendsOf, decimalsOf, type Scope } from './Scope.js'
import type { Variable } from './Variable.js'

type Fraction = { readonly numerator: bigint; readonly denominator: bigint }

const powerOf10 = (exponent: number): bigint => 10n ** BigInt(exponent)

const fractionOf = (scale: Scale, policy: Policy): Fraction => {
  switch (scale.kind) {
    case 'percent':
      return { numerator: scale.percent.digits, denominator: 100n * powerOf10(scale.percent.decimals) }
    case 'at':
    case 'sold at': {
      const base = powerOf10(decimalsOf(scale.base, policy) + scale.price.decimals)
      const quote = powerOf10(decimalsOf(scale.quote, policy)) * scale.price.digits
      return scale.kind === 'at' ? { numerator: base, denominator: quote } : { numerator: quote, denominator: base }
    }
    case 'divide':
      return scale.by > 0n ? { numerator: 1n, denominator: scale.by } : { numerator: -1n, denominator: -scale.by }
    default:
      return scale satisfies never
  }
}

const scaleOf = ({ scales, negative }: Term, policy: Policy): Fraction =>
  scales
    .map((scale) => fractionOf(scale, policy))
    .reduce(
      (left, right) => ({
        numerator: left.numerator * right.numerator,
        denominator: left.denominator * right.denominator,
      }),
      { numerator: negative ? -1n : 1n, denominator: 1n },
    )

/** Remembered, for the terms of one policy are written out a thousand times. */
const fractions = new WeakMap<Term, { readonly policy: Policy; readonly fraction: Fraction }>()

const knownScaleOf = (term: Term, policy: Policy): Fraction => {
  const known = fractions.get(term)
  if (known?.policy === policy) return known.fraction
  const fraction = scaleOf(term, policy)
  fractions.set(term, { policy, fraction })
  return fraction
}

type Addends = readonly (Variable | bigint)[]

/** A product of sums written out: tells of one of each sum's addends in every way, what is known multiplied. */
const eachProduct = (
  sums: readonly Addends[],
  tell: (coefficient: bigint, variables: readonly Variable[]) => void,
  coefficient: bigint,
  variables: readonly Variable[] = [],
): void => {
  const sum = sums[0]
  if (sum === undefined) return tell(coefficient, variables)
  const rest = sums.slice(1)
  for (const addend of sum)
    if (typeof addend === 'bigint') eachProduct(rest, tell, coefficient * addend, variables)
    else eachProduct(rest, tell, coefficient, variables.length === 0 ? [addend] : [...variables, addend])
}

/** A sum that is to be compared with others, and where its operands are read. */
export type Side = { readonly sum: Sum; readonly scope: Scope; readonly minus?: boolean }

/** `Σ sides - bound operator 0` over whole numbers; never, if an operand cannot be read or a scale divides by nothing. */
export const polynomialOf = (sides: readonly Side[], operator: ComparisonOperator, bound = 0n): Atom => {
  const terms: { readonly numerator: bigint; readonly denominator: bigint; readonly factors: readonly Addends[] }[] = []
  let common = 1n
  for (const { sum, scope, minus } of sides)
    for (const term of sum) {
      const { numerator, denominator } = knownScaleOf(term, scope.policy)
      const factors: Addends[] = []
      for (const factor of term.factors) {
        const addends = addendsOf(factor, scope)
        if (addends === undefined) return { kind: 'never' }
        factors.push(addends)
      }
      common *= denominator
      terms.push({ numerator: minus ? -numerator : numerator, denominator, factors })
    }
  if (common === 0n) return { kind: 'never' }
  let constant = -bound * common
  const monomials: { coefficient: bigint; variables: readonly Variable[] }[] = []
  const add = (coefficient: bigint, variables: readonly Variable[]): void => {
    if (variables.length === 0) constant += coefficient
    else monomials.push({ coefficient, variables })
  }
  for (const { numerator, denominator, factors } of terms) eachProduct(factors, add, (numerator * common) / denominator)
  return { kind: 'polynomial', operator, constant, monomials } satisfies Polynomial
}
