import type { OwnerSigner } from '../../../src/account/OwnerSigner.js'
import type { Address } from '../../../src/policy/Hex.js'
import type { Anvil } from './Anvil.js'

/** An owner by the key of one of the node's funded accounts. */
export function fundedOwner(anvil: Anvil, index: number): OwnerSigner {
  const account = anvil.funded(index)
  return {
    address: account.address.toLowerCase() as Address,
    sendTransaction: (transaction) => anvil.wallet(index).sendTransaction(transaction),
    signMessage: (message) => account.signMessage({ message }),
  }
}
