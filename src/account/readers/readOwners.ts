import { type Client, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Address } from '../../policy/Hex.js'
import { askModule } from './askModule.js'
import { moduleAbi } from './moduleAbi.js'

/** Who may speak for an account under an entity id, by text. */
export type Owners =
  | { readonly installed: false }
  | {
      /** The account has installed the module under this entity id once; whether it is installed still, the account knows. */
      readonly installed: true
      readonly first: Address
      /** May revoke too. */
      readonly second?: Address
      /** False: only the account's own call grants. */
      readonly textGrants: boolean
    }

const TEXT_GRANTS_OFF = 1

/** Reads the owners of an entity id, after the latest block or that one. Rejects ChainFault where no module answers, and what the client throws. */
export async function readOwners(
  client: Client,
  {
    module,
    account,
    entityId,
    blockNumber,
  }: {
    readonly module: Address
    readonly account: Address
    readonly entityId: number
    readonly blockNumber?: bigint
  },
): Promise<Owners> {
  const request = { address: module, abi: moduleAbi, functionName: 'ownersOf', args: [account, entityId] } as const
  const at = blockNumber === undefined ? {} : { blockNumber }
  const answer = await askModule(module, getAction(client, readContract, 'readContract')({ ...request, ...at }))
  const [first, second, flags, installed] = answer
  if (!installed) return { installed }
  return {
    installed,
    first: lowerCase(first),
    ...(second !== zeroAddress && { second: lowerCase(second) }),
    textGrants: (flags & TEXT_GRANTS_OFF) === 0,
  }
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
