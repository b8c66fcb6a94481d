import { type Client, numberToHex } from 'viem'
import { readContract } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Address, Hex } from '../../policy/Hex.js'
import { askModule } from './askModule.js'
import { moduleAbi } from './moduleAbi.js'

/** An account as the module knows it. */
export type AccountState = {
  /** When the account last ended every session, in Unix seconds; 0: never. */
  readonly killedAt: number
  /** The kill tag that a new grant must name, 6 bytes. */
  readonly tag: Hex
}

/** Reads an account's kill word. Rejects ChainFault where no module answers, and what the client throws. */
export async function readAccount(
  client: Client,
  {
    module,
    account,
    blockNumber,
  }: { readonly module: Address; readonly account: Address; readonly blockNumber?: bigint },
): Promise<AccountState> {
  const request = { address: module, abi: moduleAbi, functionName: 'killWord', args: [account] } as const
  const read = getAction(client, readContract, 'readContract')
  const [killedAt, tag] = await askModule(
    module,
    read({ ...request, ...(blockNumber !== undefined && { blockNumber }) }),
  )
  return { killedAt, tag: tagOf(tag) }
}

/** A kill tag as grants carry it, 6 bytes. */
export const tagOf = (tag: number): Hex => numberToHex(tag, { size: 6 })
