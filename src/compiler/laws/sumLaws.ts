import type { Scale, Sum, Term } from '../../policy/Condition.js'
import type { Decimal } from '../../policy/Units.js'
import { LIMIT } from '../layout.js'
import { ratioOf } from '../ratioOf.js'
import { sortOf } from '../sortOf.js'
import { operandLaws, type LawScope } from './operandLaws.js'
import type { Report } from './Report.js'

const WORD = 1n << 256n

/** One term: its scales are numbers that its bytes can hold, its factors are there to be read. */
export const termLaws = ({ scales, factors }: Term, scope: LawScope, report: Report): void => {
  if (scales.length > LIMIT.scales) report(`a term has ${scales.length} scales, more than ${LIMIT.scales}`)
  for (const scale of scales) scaleLaws(scale, scope, report)
  for (const factor of factors) operandLaws(factor, scope, report)
}

const scaleLaws = (scale: Scale, { assets }: LawScope, report: Report): void => {
  switch (scale.kind) {
    case 'percent':
      decimalLaws(scale.percent, report)
      return
    case 'at':
    case 'sold at':
      decimalLaws(scale.price, report)
      if (scale.price.digits === 0n) report('a price is zero')
      for (const asset of [scale.quote, scale.base]) {
        if (!assets.has(asset)) report(`a price in ${asset}, which is none of the tokens`)
      }
      return
    case 'divide':
      if (scale.by <= 0n || scale.by >= WORD) report(`a divisor is 1 to 2^256 - 1, not ${scale.by}`)
      return
    default:
      scale satisfies never
  }
}

const decimalLaws = ({ digits, decimals }: Decimal, report: Report): void => {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > LIMIT.decimals) {
    return report(`${decimals} decimals are not 0 to ${LIMIT.decimals}`)
  }
  if (digits < 0n || digits >= WORD) report(`${digits} is no number of 256 bits`)
  if (decimals > 0 && digits % 10n === 0n) report('a decimal number ends in a zero')
}

/** The common denominator of all terms and what each is multiplied by fit words, and a product of two words is multiplied by nothing. */
export const coefficientLaws = (terms: readonly Term[], scope: LawScope, report: Report): void => {
  if (terms.every(({ scales }) => scales.length === 0)) return
  if (terms.some(({ scales }) => scales.length > LIMIT.scales || scales.some((scale) => !isSound(scale, scope)))) return
  const ratios = terms.map((term) => ratioOf(term, (asset) => scope.assets.get(asset) ?? 0))
  let common = 1n
  for (const { denominator } of ratios) {
    common *= denominator
    if (common >= WORD) return report('the common denominator of a comparison is 2^256 or more')
  }
  for (const [index, { numerator, denominator }] of ratios.entries()) {
    const coefficient = numerator * (common / denominator)
    if (coefficient >= WORD) report('a coefficient of a comparison is 2^256 or more')
    if (terms[index]?.factors.length === 2 && coefficient !== 1n)
      report('a product of two operands is multiplied or divided')
  }
}

/** Whether the scale obeys its own laws, so that multiplying it out is safe. */
const isSound = (scale: Scale, scope: LawScope): boolean => {
  let sound = true
  scaleLaws(scale, scope, () => {
    sound = false
  })
  return sound
}

/** What a charge counts: a sum without scales, or one scaled operand; both of integers. */
export const amountLaws = (amount: Sum, scope: LawScope, report: Report): void => {
  if (amount.length < 1 || amount.length > LIMIT.terms)
    report(`an amount of ${amount.length} terms has not 1 to ${LIMIT.terms}`)
  for (const term of amount) {
    termLaws(term, scope, report)
    if (term.factors.some((factor) => sortOf(factor) !== 'integer'))
      report('an amount counts something that is no integer')
    if (term.scales.length > 0 && (amount.length > 1 || term.factors.length > 1 || term.negative)) {
      report('an amount is a sum without scales, or one operand with scales')
    }
  }
  coefficientLaws(amount, scope, report)
}
