import type { Address, Hex } from './Hex.js'

/** Where a policy is put into force: bytes, root and device text bind it, the canonical text does not speak of it. */
export type Binding = {
  readonly module: Address
  /** ERC-6900 entity id, 0 to 2^32 - 1. */
  readonly entityId: number
  /** The account's kill tag at the time of the grant, 6 bytes. */
  readonly tag: Hex
}
