import { getAddress } from 'viem/utils'
import type { Address } from '../../policy/Hex.js'

/** An address as written: in order, or why not. A mixed-case address must carry the checksum of EIP-55. */
export type ReadAddress =
  { readonly ok: true; readonly address: Address } | { readonly ok: false; readonly expected: string }

/** Reads `0x` and 40 hex digits; digits of one case carry no checksum and are taken as they are. */
export function readAddress(text: string): ReadAddress {
  const digits = text.slice(2)
  const address: Address = `0x${digits.toLowerCase()}`
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase()) return { ok: true, address }
  const expected = getAddress(address)
  return expected === text ? { ok: true, address } : { ok: false, expected }
}
