import { LIMIT, SCALE, TERM_FLAG, TERM_SCALES_MASK, TERM_SCALES_SHIFT } from '../compiler/layout.js'
import { INTEGER, classOf } from './operandClass.js'
import type { Reader } from './Reader.js'
import { readOperand } from './readOperand.js'
import type { Scope } from './readPlace.js'
import type { Term } from './Sum.js'
import { decimalsOf, readAsset } from './Tables.js'

const TOO_MUCH = 1n << 256n

/** The terms of a comparison, left side first. */
export const readComparedTerms = (reader: Reader, scope: Scope): Term[] => {
  const start = reader.at
  const terms = readTerms(reader, scope)
  const firstRight = terms.findIndex((term) => term.right)
  reader.must(firstRight > 0 && terms.slice(firstRight).every((term) => term.right), 'a sum has not two sides', start)
  const common = terms.reduce((product, { denominator }) => product * denominator, 1n)
  reader.must(common < TOO_MUCH, 'the denominators are too large', start)
  return terms.map((term) => {
    const coefficient = (term.numerator * common) / term.denominator
    reader.must(coefficient < TOO_MUCH, 'a coefficient is too large', start)
    reader.must(coefficient === 1n || term.factors.length === 1, 'a product has a coefficient', start)
    return { ...term, negative: term.negative !== term.right, coefficient }
  })
}

/** The terms of an amount: a sum without scales, or one term of one factor with scales. */
export const readAmountTerms = (reader: Reader, scope: Scope): Term[] => {
  const start = reader.at
  const terms = readTerms(reader, scope)
  const [first] = terms
  const plain = terms.every((term) => !term.scaled)
  const alone = terms.length === 1 && first !== undefined && first.factors.length === 1
  const scaledOne = alone && !first.negative
  reader.must(
    terms.every((term) => !term.right) && (plain || scaledOne),
    'an amount is no sum and no scaled operand',
    start,
  )
  reader.must(!(plain && scaledOne), 'an amount is written as a sum of one operand', start)
  if (first) reader.must(first.numerator < TOO_MUCH && first.denominator < TOO_MUCH, 'a scale is too large', start)
  return terms
}

/** The sides of a comparison that would have a shorter form: no scales, one factor each, neither negative. */
export const isPlain = (terms: readonly Term[]): boolean =>
  terms.length === 2 &&
  terms.every(({ scaled, right, negative, factors }) => !scaled && negative === right && factors.length === 1)

const readTerms = (reader: Reader, scope: Scope): Term[] => {
  const count = reader.byte()
  reader.must(count > 0, 'a sum has no terms')
  return Array.from({ length: count }, () => readTerm(reader, scope))
}

const KNOWN = TERM_FLAG.negative | TERM_FLAG.right | TERM_FLAG.twoFactors | (TERM_SCALES_MASK << TERM_SCALES_SHIFT)

const readTerm = (reader: Reader, scope: Scope): Term => {
  const start = reader.at
  const flags = reader.byte()
  reader.must((flags & ~KNOWN) === 0, 'a term has unknown flags', start)
  let numerator = 1n
  let denominator = 1n
  const scales = (flags >> TERM_SCALES_SHIFT) & TERM_SCALES_MASK
  for (let taken = 0; taken < scales; taken++) {
    const [up, down] = readScale(reader, scope)
    numerator *= up
    denominator *= down
  }
  const first = readOperand(reader, scope)
  const factors = flags & TERM_FLAG.twoFactors ? ([first, readOperand(reader, scope)] as const) : ([first] as const)
  reader.must(
    factors.every((factor) => classOf(factor) === INTEGER),
    'a sum has a factor that is no number',
    start,
  )
  return {
    negative: (flags & TERM_FLAG.negative) !== 0,
    right: (flags & TERM_FLAG.right) !== 0,
    scaled: scales > 0,
    numerator,
    denominator,
    coefficient: 1n,
    factors,
  }
}

const readScale = (reader: Reader, { tables }: Scope): readonly [bigint, bigint] => {
  const start = reader.at
  const kind = reader.byte()
  switch (kind) {
    case SCALE.percent: {
      const [digits, unit] = readDecimal(reader)
      return [digits, unit * 100n]
    }
    case SCALE.at:
    case SCALE.soldAt: {
      const assets = [readAsset(reader, tables), readAsset(reader, tables)]
      const [quote = 0, base = 0] = assets.map((asset) => {
        const decimals = reader.byte()
        reader.must(decimals === decimalsOf(asset, tables), 'a price names other decimals than the token', start)
        return decimals
      })
      const [digits, unit] = readDecimal(reader)
      reader.must(digits > 0n, 'a price is zero', start)
      const up = 10n ** BigInt(base) * unit
      const down = digits * 10n ** BigInt(quote)
      return kind === SCALE.at ? [up, down] : [down, up]
    }
    case SCALE.divide: {
      const by = reader.integer()
      reader.must(by > 0n, 'a division by zero', start)
      return [1n, by]
    }
    default:
      return reader.fail('a scale is of no known kind', start)
  }
}

/** Digits and the power of ten below them. */
const readDecimal = (reader: Reader): readonly [bigint, bigint] => {
  const start = reader.at
  const decimals = reader.byte()
  const digits = reader.integer()
  reader.must(decimals <= LIMIT.decimals, 'a number has too many decimals', start)
  reader.must(decimals === 0 || digits % 10n !== 0n, 'a number ends in a zero decimal', start)
  return [digits, 10n ** BigInt(decimals)]
}
