import type { Address } from '../../policy/Hex.js'

/** A chain that has a name in the language, and the contract that wraps its coin. */
export type Chain = { readonly name: string; readonly id: number; readonly wrapped: Address }

const opStack: Address = '0x4200000000000000000000000000000000000006'

/** Names as in viem's chain list; wrapped coins as used by Uniswap's deployments on each chain. */
export const chains: readonly Chain[] = [
  { name: 'mainnet', id: 1, wrapped: '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2' },
  { name: 'sepolia', id: 11_155_111, wrapped: '0xfff9976782d46cc05630d1f6ebab18b2324d6b14' },
  { name: 'base', id: 8453, wrapped: opStack },
  { name: 'base-sepolia', id: 84_532, wrapped: opStack },
  { name: 'optimism', id: 10, wrapped: opStack },
  { name: 'optimism-sepolia', id: 11_155_420, wrapped: opStack },
  { name: 'unichain', id: 130, wrapped: opStack },
  { name: 'arbitrum', id: 42_161, wrapped: '0x82af49447d8a07e3bd95bd0d56f35241523fbab1' },
  { name: 'arbitrum-sepolia', id: 421_614, wrapped: '0x980b62da83eff3d4576c647993b0c1d7faf17c73' },
  { name: 'polygon', id: 137, wrapped: '0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270' },
]

const aliases: Readonly<Record<string, string>> = { ethereum: 'mainnet' }

/** The id of a chain by its name, whatever the case; undefined for a name that the language does not know. */
export function chainId(name: string): number | undefined {
  const lower = name.toLowerCase()
  return chains.find((chain) => chain.name === (aliases[lower] ?? lower))?.id
}

/** The contract that wraps the chain's coin; undefined on a chain that the language does not know. */
export function wrappedCoin(id: number): Address | undefined {
  return chains.find((chain) => chain.id === id)?.wrapped
}
