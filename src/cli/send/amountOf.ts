import type { Token } from '../../policy/Units.js'

const ether = new Map([
  ['eth', 18],
  ['gwei', 9],
  ['wei', 0],
])

/**
 * An amount in base units from words such as `0.1 ETH`, `50 gwei`, `25 USDC`, exactly; a bare whole number is in base units already. Undefined
 * where it is no amount, names no unit that is known, or has more digits than the unit has: nothing is rounded.
 */
export const amountOf = (text: string, tokens: readonly Token[] = []): bigint | undefined => {
  const [, whole = '', fraction = '', unit] =
    /^(\d{1,78})(?:\.(\d{1,78}))?(?:\s*([A-Za-z][A-Za-z0-9]*))?$/.exec(text.trim()) ?? []
  if (whole === '') return undefined
  const decimals = unit === undefined ? 0 : decimalsOf(unit, tokens)
  if (decimals === undefined || fraction.length > decimals) return undefined
  const amount = BigInt(whole + fraction.padEnd(decimals, '0'))
  return amount < 1n << 256n ? amount : undefined
}

/** A token's symbol as the writ has it; ether's units in any case. */
const decimalsOf = (unit: string, tokens: readonly Token[]): number | undefined => {
  const token = tokens.find(({ symbol }) => symbol === unit)
  if (token !== undefined) return token.decimals === 'base units' ? undefined : token.decimals
  return ether.get(unit.toLowerCase())
}
