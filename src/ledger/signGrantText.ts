import { type Address, isAddressEqual, verifyMessage } from 'viem'
import { MOST } from '../compiler/device/screens.js'
import type { Hex } from '../policy/Hex.js'
import { LedgerError } from './LedgerError.js'

/** Whoever signs the text: a Ledger, or its simulation. */
export type TextSigner = { readonly address: Address; readonly signMessage: (message: string) => Promise<Hex> }

export type SignGrantText = {
  readonly owner: TextSigner
  /** As `deviceText` or `killText` printed it. */
  readonly text: string
  /** The owner that the module knows. */
  readonly expectedAddress: Address
}

/**
 * The owner's signature of a grant's or a kill's text, `r ‖ s ‖ v`, verified against the owner that the module knows. Nothing reaches the
 * device where the text would not be shown as written, or the owner is another one. Rejects with a LedgerError.
 */
export const signGrantText = async ({ owner, text, expectedAddress }: SignGrantText): Promise<Hex> => {
  if (!/^[\x20-\x7e\n]+$/.test(text)) throw new LedgerError('not-readable')
  if (text.length > MOST.characters || text.split('\n').length > MOST.lines) throw new LedgerError('too-long')
  if (!isAddressEqual(owner.address, expectedAddress)) {
    throw new LedgerError('wrong-address', `the owner is ${expectedAddress}, this is ${owner.address}`)
  }
  const signature = await owner.signMessage(text)
  const genuine = await verifyMessage({ address: expectedAddress, message: text, signature }).catch(() => false)
  if (!genuine) throw new LedgerError('wrong-signature')
  return signature
}
