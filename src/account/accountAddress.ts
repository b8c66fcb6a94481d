import { type Client, getAddress, slice } from 'viem'
import { call, getCode } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Address } from '../policy/Hex.js'
import type { AccountKind } from './AccountKind.js'
import { ChainFault } from './ChainFault.js'

/**
 * Where the account of an owner and a salt stands, or will stand: the kind's factory says it. Rejects ChainFault where no factory of the kind
 * is known, or none answers on this chain, and what the client throws.
 */
export async function accountAddress(
  client: Client,
  kind: AccountKind,
  owner: Address,
  salt: bigint,
): Promise<Address> {
  const { deployment } = kind
  if (deployment === undefined)
    throw new ChainFault(
      'account-missing',
      `no factory of accounts of kind ${kind.name} is known`,
      'let the wallet that makes such accounts deploy it, and name its address with --account',
    )
  const { factory, addressOf } = deployment
  const { data } = await getAction(client, call, 'call')({ to: factory, data: addressOf(owner, salt) })
  if (data === undefined || data.length !== 66 || !/^0x0{24}/.test(data))
    throw new ChainFault(
      'account-missing',
      `the factory of accounts of kind ${kind.name} does not answer at ${getAddress(factory)}`,
      'look whether this is the right chain; where the factory is missing, no such account can be made',
    )
  return slice(data, 12)
}

/** Whether code stands at an address. */
export async function hasCode(client: Client, address: Address): Promise<boolean> {
  return (await getAction(client, getCode, 'getCode')({ address })) !== undefined
}
