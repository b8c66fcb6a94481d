import type { Decimal } from '../../policy/Units.js'

/** The same number with digits not divisible by 10 unless decimals is 0. */
export function normalize(digits: bigint, decimals: number): Decimal {
  let [d, n] = [digits, decimals]
  while (n > 0 && d % 10n === 0n) [d, n] = [d / 10n, n - 1]
  return { digits: d, decimals: n }
}

/** The decimal as a whole number of units of 10^-decimals; undefined where it is not a whole number of them. */
export function scaleUp(value: Decimal, decimals: number): bigint | undefined {
  return value.decimals > decimals ? undefined : value.digits * 10n ** BigInt(decimals - value.decimals)
}

/** The product, exact. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return normalize(a.digits * b.digits, a.decimals + b.decimals)
}

/** `1500000` with 6 decimals is `1.5`: plain decimal text without an exponent. */
export function decimalText({ digits, decimals }: Decimal): string {
  if (decimals === 0) return digits.toString()
  const text = digits.toString().padStart(decimals + 1, '0')
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`
}
