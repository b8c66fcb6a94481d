import type { Chain, Client, Transport } from 'viem'
import { sendTransaction, signMessage } from 'viem/actions'
import type { Address } from '../../policy/Hex.js'
import type { OwnerSigner } from '../OwnerSigner.js'

/** An owner whose key a development node holds unlocked: the node signs (`eth_sendTransaction`, `personal_sign`). */
export const unlockedOwner = (client: Client<Transport, Chain>, address: Address): OwnerSigner => ({
  address,
  sendTransaction: ({ to, data, value = 0n }) =>
    sendTransaction(client, { account: address, chain: client.chain, to, data, value }),
  signMessage: (message) => signMessage(client, { account: address, message }),
})
