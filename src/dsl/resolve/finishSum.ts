import type { Scale, Sum, Term } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { Asset, Decimal } from '../../policy/Units.js'
import { multiply, normalize } from '../units/decimal.js'
import type { Context } from './Context.js'
import type { DraftTerm, Factor } from './Value.js'

/** A term has at most so many scales (three bits in docs/format.md). */
const mostScales = 7
const tooMuch = 1n << 256n

/** The sides of a comparison in the policy's form, or undefined where it is too much for that form. */
export function finishSides(sides: readonly (readonly DraftTerm[])[], context: Context): Sum[] | undefined {
  const plain = sides.map((terms) => terms.map((term) => finishTerm(term, false)))
  if (fits(plain, context)) return plain.map((terms) => terms.filter((term) => term !== undefined))
  // A constant factor can also be a percentage, and then leaves its place to an argument.
  const scaled = sides.map((terms) => terms.map((term) => finishTerm(term, true)))
  return fits(scaled, context) ? scaled.map((terms) => terms.filter((term) => term !== undefined)) : undefined
}

/** One term: fractions, and constants where there is no room for them, become percentages. Undefined where more than two factors are left. */
function finishTerm(term: DraftTerm, constantsAway: boolean): Term | undefined {
  let negative = term.negative
  const scales: Scale[] = [...term.scales]
  let factors: Factor[] = [...term.factors]
  const move = (movable: (factor: Factor) => Decimal | undefined) => {
    for (let index = factors.length - 1; index >= 0 && factors.length > 1; index--) {
      const factor = factors[index]
      const value = factor && movable(factor)
      if (value === undefined || value.digits === 0n) continue
      if (value.digits < 0n) negative = !negative
      const digits = value.digits < 0n ? -value.digits : value.digits
      scales.push({
        kind: 'percent',
        percent: multiply({ digits, decimals: value.decimals }, { digits: 100n, decimals: 0 }),
      })
      factors = factors.filter((_, other) => other !== index)
    }
  }
  move((factor) => (factor.kind === 'fraction' ? factor.value : undefined))
  if (factors.length > 2 || (constantsAway && factors.length > 1)) move(constantNumber)
  const whole = factors.map(wholeFactor)
  const [first, second, third] = whole
  if (first === undefined || third !== undefined || scales.length > mostScales) return undefined
  if (second === undefined) return whole.length > 1 ? undefined : { negative, scales, factors: [first] }
  return { negative, scales, factors: [first, second] }
}

const constantNumber = (factor: Factor): Decimal | undefined =>
  factor.kind === 'constant' && factor.constant.kind === 'number'
    ? { digits: factor.constant.value, decimals: 0 }
    : undefined

/** A fraction alone is no operand, unless it is a whole number after all (`1.5 * 2`). */
function wholeFactor(factor: Factor): Operand | undefined {
  if (factor.kind !== 'fraction') return factor
  const { digits, decimals } = normalize(factor.value.digits, factor.value.decimals)
  return decimals === 0 ? { kind: 'constant', constant: { kind: 'number', value: digits } } : undefined
}

/** The limits of docs/format.md for sums: coefficients below 2^256, and 1 for a product. */
function fits(sides: readonly (readonly (Term | undefined)[])[], context: Context): sides is readonly Term[][] {
  const terms = sides.flat()
  let common = 1n
  const ratios: (readonly [bigint, bigint, Term])[] = []
  for (const term of terms) {
    if (term === undefined) return false
    const [up, down] = ratioOf(term.scales, context)
    common *= down
    if (common >= tooMuch) return false
    ratios.push([up, down, term])
  }
  return ratios.every(([up, down, { factors }]) => {
    const coefficient = (up * common) / down
    return factors.length === 1 ? coefficient < tooMuch : coefficient === 1n
  })
}

/** Numerator and denominator of all scales together, not reduced. */
export function ratioOf(scales: readonly Scale[], context: Context): readonly [bigint, bigint] {
  let [up, down] = [1n, 1n]
  for (const scale of scales) {
    const [u, d] = ratio(scale, context)
    up *= u
    down *= d
  }
  return [up, down]
}

function ratio(scale: Scale, context: Context): readonly [bigint, bigint] {
  const power = (decimals: number) => 10n ** BigInt(decimals)
  switch (scale.kind) {
    case 'percent':
      return [scale.percent.digits, 100n * power(scale.percent.decimals)]
    case 'divide':
      return [1n, scale.by]
    case 'at':
    case 'sold at': {
      const up = power(decimalsOf(scale.base, context) + scale.price.decimals)
      const down = scale.price.digits * power(decimalsOf(scale.quote, context))
      return scale.kind === 'at' ? [up, down] : [down, up]
    }
    default:
      return scale satisfies never
  }
}

function decimalsOf(asset: Asset, { names }: Context): number {
  if (asset === 'ETH') return 18
  const token = names.byAddress.get(asset)?.find((entity) => entity.kind === 'token')
  return typeof token?.decimals === 'number' ? token.decimals : 0
}
