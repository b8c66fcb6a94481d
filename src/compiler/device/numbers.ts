import type { Asset, Decimal, Token } from '../../policy/Units.js'
import { decimalText, tokenOf } from '../text/numberText.js'

/** The longest number that is written digit by digit, in characters. */
const SHORT = 16

/** An exact number as pieces, between which a line may break. */
export type NumberText = readonly string[]

/** An integer or a decimal. */
export const numberText = (value: bigint, decimals = 0): NumberText => {
  if (value < 0n) {
    const [first = '', ...rest] = numberText(-value, decimals)
    return [`-${first}`, ...rest]
  }
  const short = shortText(value, decimals)
  return short === undefined ? groupedText(value, decimals) : [short]
}

/** A price or a percentage. */
export const decimalNumber = ({ digits, decimals }: Decimal): NumberText => numberText(digits, decimals)

/** A number and the name of what it counts: of the coin or token, of its base units where the token has no decimals, or where the number is shorter so. */
export const amountTexts = (
  value: bigint,
  asset: Asset,
  tokens: readonly Token[],
): { readonly number: NumberText; readonly unit: readonly string[] } => {
  const token = asset === 'ETH' ? undefined : tokenOf(asset, tokens)
  const decimals = asset === 'ETH' ? 18 : (token?.decimals ?? 'base units')
  const symbol = token?.symbol ?? 'ETH'
  const units = asset === 'ETH' ? ['wei'] : ['units', symbol]
  if (decimals === 'base units') return { number: numberText(value), unit: units }
  const own = shortText(value, decimals)
  if (own !== undefined) return { number: [own], unit: [symbol] }
  const base = shortText(value, 0)
  if (base !== undefined) return { number: [base], unit: units }
  return { number: groupedText(value, decimals), unit: [symbol] }
}

/** At most 16 characters: all digits, or an integer without its zeros at the end and their count, `2e19`. */
const shortText = (value: bigint, decimals: number): string | undefined => {
  const text = decimalText({ digits: value, decimals })
  if (text.length <= SHORT) return text
  if (text.includes('.')) return undefined
  const mantissa = text.replace(/0+$/, '')
  const scientific = `${mantissa}e${text.length - mantissa.length}`
  return mantissa.length < text.length && scientific.length <= SHORT ? scientific : undefined
}

/** All digits, in threes from the point: `1'234'567.890'1`. */
const groupedText = (value: bigint, decimals: number): NumberText => {
  const [whole = '', fraction] = decimalText({ digits: value, decimals }).split('.')
  const pieces = threes(whole, whole.length % 3)
  if (fraction === undefined) return pieces
  const [first = '', ...rest] = threes(fraction, 0)
  return [...pieces.slice(0, -1), `${pieces.at(-1) ?? ''}.${first}`, ...rest]
}

/** Digits cut into threes after the first few; each piece but the last has its mark. */
const threes = (digits: string, first: number): readonly string[] => {
  const pieces = first === 0 ? [] : [digits.slice(0, first)]
  for (let at = first; at < digits.length; at += 3) pieces.push(digits.slice(at, at + 3))
  return pieces.map((piece, index) => (index === pieces.length - 1 ? piece : `${piece}'`))
}
