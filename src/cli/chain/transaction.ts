import type { OwnerSigner, OwnerTransaction } from '../../account/OwnerSigner.js'
import { ChainFault } from '../../account/ChainFault.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Io } from '../Io.js'
import { asked } from './asked.js'
import type { Connection } from './connect.js'
import { waiting } from './waiting.js'

/** Sends a transaction and waits until it is in a block; its hash. Ends with a ChainFault where it fails or reverts. */
export const transact = async (
  io: Io,
  { client }: Connection,
  signer: OwnerSigner,
  transaction: OwnerTransaction,
): Promise<Hex> => {
  const hash = await asked(signer.sendTransaction(transaction))
  const receipt = client.waitForTransactionReceipt({ hash })
  const { status } = await waiting(io, `waiting for transaction ${hash}`, asked(receipt))
  if (status !== 'success')
    throw new ChainFault('transaction-reverted', `transaction ${hash} was included and reverted`, 'run the same again')
  return hash
}

/**
 * Waits until no transaction of an address is on its way: one that an earlier run left behind may do what this one is about to do again. A
 * transaction that never gets into a block ends the wait with a ChainFault.
 */
export const settle = async (io: Io, { client }: Connection, address: Address, limitSeconds = 120): Promise<void> => {
  const isPending = async (): Promise<boolean> => {
    const [included, sent] = await Promise.all([
      client.getTransactionCount({ address, blockTag: 'latest' }),
      client.getTransactionCount({ address, blockTag: 'pending' }),
    ])
    return sent > included
  }
  const wait = async (): Promise<boolean> => {
    const end = Date.now() + limitSeconds * 1000
    while (await asked(isPending())) {
      if (Date.now() > end) return false
      await new Promise((resolve) => setTimeout(resolve, client.pollingInterval))
    }
    return true
  }
  if (await waiting(io, `waiting for an earlier transaction of ${address}`, wait())) return
  throw new ChainFault(
    'nonce-taken',
    `a transaction of ${address} has been waiting for ${limitSeconds} seconds, and a new one would stand behind it`,
    'wait, or replace it with one that pays more, then run the same again',
  )
}
