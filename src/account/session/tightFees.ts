import { BaseError } from 'viem'
import { estimateMaxPriorityFeePerGas, getBlock } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { ChainClient } from './Context.js'

/** Wei a gas. */
export type TightFees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/** A block's base fee is at most an eighth above the last one's (EIP-1559); after two full blocks it is at most 81/64 of it. */
const RISE = { by: 81n, of: 64n }

/**
 * Fees for the next two blocks. A fee budget is charged gas limits times maxFeePerGas and gets nothing back, so viem's own default, twice the
 * estimate of both, would halve what the agent can do.
 */
export async function tightFees(client: ChainClient): Promise<TightFees> {
  const [{ baseFeePerGas }, maxPriorityFeePerGas] = await Promise.all([
    getAction(client, getBlock, 'getBlock')({ blockTag: 'latest' }),
    getAction(client, estimateMaxPriorityFeePerGas, 'estimateMaxPriorityFeePerGas')({ chain: client.chain ?? null }),
  ])
  if (baseFeePerGas === null) throw new BaseError('The chain has no base fee (EIP-1559), which UserOperations need.')
  const maxFeePerGas = (baseFeePerGas * RISE.by + RISE.of - 1n) / RISE.of + maxPriorityFeePerGas
  return { maxFeePerGas, maxPriorityFeePerGas }
}
