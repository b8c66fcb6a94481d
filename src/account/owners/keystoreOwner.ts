import type { Chain, Client, LocalAccount, Transport } from 'viem'
import { sendTransaction } from 'viem/actions'
import type { Address } from '../../policy/Hex.js'
import type { OwnerSigner } from '../OwnerSigner.js'

/** An owner whose key is in this process: it signs here, and the node gets what is signed. */
export const keystoreOwner = (client: Client<Transport, Chain>, account: LocalAccount): OwnerSigner => ({
  address: account.address.toLowerCase() as Address,
  sendTransaction: ({ to, data, value = 0n }) =>
    sendTransaction(client, { account, chain: client.chain, to, data, value }),
  signMessage: (message) => account.signMessage({ message }),
})
