import type { Scale, Term } from '../policy/Condition.js'
import type { Asset } from '../policy/Units.js'

/** A positive rational number, not reduced: as the format's `D` and its coefficients count it. */
export type Ratio = { readonly numerator: bigint; readonly denominator: bigint }

/** What the scales of a term make together. */
export const ratioOf = ({ scales }: Term, decimalsOf: (asset: Asset) => number): Ratio =>
  scales.reduce<Ratio>(
    (product, scale) => {
      const { numerator, denominator } = ratioOfScale(scale, decimalsOf)
      return { numerator: product.numerator * numerator, denominator: product.denominator * denominator }
    },
    { numerator: 1n, denominator: 1n },
  )

const ratioOfScale = (scale: Scale, decimalsOf: (asset: Asset) => number): Ratio => {
  switch (scale.kind) {
    case 'percent':
      return { numerator: scale.percent.digits, denominator: 100n * tenTo(scale.percent.decimals) }
    case 'at':
      return {
        numerator: tenTo(decimalsOf(scale.base) + scale.price.decimals),
        denominator: scale.price.digits * tenTo(decimalsOf(scale.quote)),
      }
    case 'sold at':
      return {
        numerator: scale.price.digits * tenTo(decimalsOf(scale.quote)),
        denominator: tenTo(decimalsOf(scale.base) + scale.price.decimals),
      }
    case 'divide':
      return { numerator: 1n, denominator: scale.by }
    default:
      return scale satisfies never
  }
}

const tenTo = (decimals: number): bigint => 10n ** BigInt(decimals)
