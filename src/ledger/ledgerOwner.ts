import type { Chain, Client, Hex, Transport, TypedDataDefinition } from 'viem'
import { toAccount } from 'viem/accounts'
import { sendTransaction } from 'viem/actions'
import type { Address } from '../policy/Hex.js'
import { LedgerError } from './LedgerError.js'
import type { Ledger } from './openLedger.js'

/** An owner whose key stays on the Ledger: it signs there, and the node gets what is signed. Rejects with a LedgerError, or with the node's fault. */
export type LedgerOwner = {
  /** In lower case. */
  readonly address: Address
  readonly sendTransaction: (transaction: {
    readonly to: Address
    readonly data: Hex
    /** wei */
    readonly value?: bigint
  }) => Promise<Hex>
  readonly signMessage: (message: string | { readonly raw: Hex }) => Promise<Hex>
  /** EIP-712, which the device refuses at factory settings: only for accounts that ask their owner for typed data. */
  readonly signTypedData: (typedData: TypedDataDefinition) => Promise<Hex>
}

/** The Ledger as the owner of accounts on the client's chain. A transaction with call data needs blind signing on the device. */
export const ledgerOwner = (client: Client<Transport, Chain>, ledger: Ledger): LedgerOwner => {
  const account = toAccount({
    address: ledger.address,
    signMessage: ({ message }) =>
      typeof message === 'string'
        ? ledger.signMessage(message)
        : Promise.reject(new LedgerError('unknown', 'only text is signed here')),
    signTransaction: (transaction) => {
      const { type, chainId } = transaction
      if (type !== 'eip1559' || chainId === undefined) {
        throw new LedgerError('unknown', `a transaction of type ${String(type)} is not signed here`)
      }
      return ledger.signTransaction({ ...transaction, type, chainId })
    },
    signTypedData: (typedData) => ledger.signTypedData(typedData as TypedDataDefinition),
  })
  return {
    address: ledger.address.toLowerCase() as Address,
    signMessage: ledger.signMessage,
    signTypedData: ledger.signTypedData,
    sendTransaction: ({ to, data, value = 0n }) =>
      sendTransaction(client, { account, chain: client.chain, type: 'eip1559', to, data, value }),
  }
}
