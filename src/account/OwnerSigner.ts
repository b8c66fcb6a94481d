import type { Address, Hex } from '../policy/Hex.js'

/** A transaction of the owner's address. */
export type OwnerTransaction = { readonly to: Address; readonly data: Hex; readonly value?: bigint }

/**
 * The owner's address and how it signs: a keystore, an unlocked account of a development node, a Ledger. Every method rejects where the
 * person or the device refuses, with what to do.
 */
export type OwnerSigner = {
  readonly address: Address
  /** Signs and sends; resolves to the transaction's hash as soon as the node has it. */
  readonly sendTransaction: (transaction: OwnerTransaction) => Promise<Hex>
  /** `personal_sign` (EIP-191) of text, or of bytes; `r ‖ s ‖ v`, v 27 or 28. */
  readonly signMessage: (message: string | { readonly raw: Hex }) => Promise<Hex>
}
