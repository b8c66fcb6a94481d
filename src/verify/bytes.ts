import type { Hex } from '../policy/Hex.js'

/** Bytes of well-formed hex text. */
export const bytesOf = (hex: Hex): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))

/** Hex text of bytes, lower case. */
export const hexOf = (bytes: Uint8Array): Hex =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`

/** One after the other. */
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The low `size` bytes of a number, two's complement for a negative one. */
export const numberBytes = (value: bigint, size = 32): Uint8Array => {
  // Most are offsets and lengths.
  if (0n <= value && value < 0x1_0000n && size >= 2) {
    const bytes = new Uint8Array(size)
    bytes[size - 1] = Number(value)
    bytes[size - 2] = Number(value) >> 8
    return bytes
  }
  const text = BigInt.asUintN(8 * size, value)
    .toString(16)
    .padStart(2 * size, '0')
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** The unsigned number that the bytes `[at, at + 32)` make; what is missing counts as zero. */
export const wordAt = (bytes: Uint8Array, at: number): bigint => {
  const word = new Uint8Array(32)
  word.set(bytes.subarray(at, at + 32))
  return BigInt(hexOf(word))
}

/** A copy with other bytes at a place. */
export const patched = (bytes: Uint8Array, at: number, patch: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  copy.set(patch.subarray(0, Math.max(0, bytes.length - at)), at)
  return copy
}

/** A copy with one bit flipped; bit 0 is the highest of the first byte. */
export const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  const at = bit >> 3
  copy[at] = (copy[at] ?? 0) ^ (0x80 >> (bit & 7))
  return copy
}
