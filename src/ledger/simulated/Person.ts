import type { Address, TransactionSerializableEIP1559 } from 'viem'
import type { Page } from '../pages/Device.js'

/** What the device shows and asks its holder to confirm. */
export type Asked =
  | { readonly kind: 'address'; readonly path: string; readonly address: Address; readonly chainId?: bigint }
  | {
      readonly kind: 'message'
      readonly path: string
      readonly address: Address
      /** As shown: the message, or `0x` and its bytes in hex where one of them is not printable. */
      readonly text: string
      readonly inHex: boolean
      /** As the device breaks them; of texts outside the layout rules an approximation. */
      readonly pages: readonly Page[]
    }
  | {
      readonly kind: 'transaction'
      readonly path: string
      readonly address: Address
      readonly transaction: TransactionSerializableEIP1559
      /** Whether it carries what the device does not show. */
      readonly blind: boolean
    }

/** Whoever holds the device: sees what is asked, and approves (`true`) or refuses. */
export type Person = (asked: Asked) => boolean | Promise<boolean>
