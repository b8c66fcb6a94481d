import { concat, numberToHex, size } from 'viem'
import type { Hex } from '../policy/Hex.js'
import { bytesOf, flipped, hexOf } from './bytes.js'

/** Half of secp256k1's order: the highest s that counts; with the next one a signature is the same in another form (EIP-2). */
export const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** `r ‖ s ‖ v` that nobody made; the embedded chain can be told whose it is. */
export const signatureOf = (s: bigint, r: Hex = `0x${'7c'.repeat(32)}`): Hex =>
  concat([r, numberToHex(s, { size: 32 }), '0x1b'])

/** The same with one bit flipped; bit 0 is the highest of the first byte. */
export const flip = (hex: Hex, bit: number): Hex => hexOf(flipped(bytesOf(hex), bit))

/** The bit that makes a number odd. */
export const lastBit = (hex: Hex): number => 8 * size(hex) - 1
