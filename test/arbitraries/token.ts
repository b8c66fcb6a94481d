import type { Token } from '../../src/policy/Units.js'
import type { Source } from './Source.js'

const TOKENS: readonly Token[] = [
  { symbol: 'USDC', address: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913', decimals: 6 },
  { symbol: 'WETH', address: '0x4200000000000000000000000000000000000006', decimals: 18 },
  { symbol: 'ODD', address: '0x5555555555555555555555555555555555555555', decimals: 'base units' },
  { symbol: 'N0dec', address: '0x6666666666666666666666666666666666666666', decimals: 0 },
  { symbol: 'X', address: '0x7777777777777777777777777777777777777777', decimals: 77 },
]

/** Some tokens in some order; the policy keeps those that it uses. */
export const buildTokens = (source: Source): readonly Token[] => {
  const rest = [...TOKENS]
  const count = 1 + source.below(TOKENS.length)
  return Array.from({ length: count }, () => rest.splice(source.below(rest.length), 1)).flat()
}
