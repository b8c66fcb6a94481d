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

/** A product of sums written out: one of each sum's addends in every way. */
const products = <T>(sums: readonly (readonly T[])[]): readonly (readonly T[])[] =>
  sums.reduce<readonly (readonly T[])[]>(
    (done, sum) => done.flatMap((product) => sum.map((addend) => [...product, addend])),
    [[]],
  )

/** A sum that is to be compared with others, and where its operands are read. */
export type Side = { readonly sum: Sum; readonly scope: Scope; readonly minus?: boolean }

/** `Σ sides - bound operator 0` over whole numbers; never, if an operand cannot be read or a scale divides by nothing. */
export const polynomialOf = (sides: readonly Side[], operator: ComparisonOperator, bound = 0n): Atom => {
  const terms = sides.flatMap(({ sum, scope, minus }) =>
    sum.map((term) => {
      const { numerator, denominator } = scaleOf(term, scope.policy)
      return {
        numerator: minus ? -numerator : numerator,
        denominator,
        factors: term.factors.map((factor) => addendsOf(factor, scope)),
      }
    }),
  )
  const common = terms.reduce((product, { denominator }) => product * denominator, 1n)
  if (common === 0n) return { kind: 'never' }
  let constant = -bound * common
  const monomials: { coefficient: bigint; variables: readonly Variable[] }[] = []
  for (const { numerator, denominator, factors } of terms) {
    const known = factors.filter((factor) => factor !== undefined)
    if (known.length < factors.length) return { kind: 'never' }
    for (const product of products(known)) {
      const variables = product.filter((factor) => typeof factor !== 'bigint')
      const coefficient = product
        .filter((factor) => typeof factor === 'bigint')
        .reduce((whole, factor) => whole * factor, (numerator * common) / denominator)
      if (variables.length === 0) constant += coefficient
      else monomials.push({ coefficient, variables })
    }
  }
  return { kind: 'polynomial', operator, constant, monomials } satisfies Polynomial
}
