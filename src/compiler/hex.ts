import type { Hex } from '../policy/Hex.js'

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Bytes as text. */
export const hexOfBytes = (bytes: Uint8Array): Hex => {
  // Joined by pieces: one text that grows byte by byte would be a rope as long as the grant.
  const pieces: string[] = []
  for (let start = 0; start < bytes.length; start += 4096) {
    let piece = ''
    for (const byte of bytes.subarray(start, start + 4096)) piece += PAIRS[byte]
    pieces.push(piece)
  }
  return `0x${pieces.join('')}`
}

/** The bytes that a text names, or the offset (in the text) at which it is no hex. Upper-case digits are digits. */
export const bytesOfHex = (text: string): Uint8Array | { readonly invalidAt: number } => {
  if (!text.startsWith('0x')) return { invalidAt: 0 }
  const bytes = new Uint8Array(Math.floor((text.length - 2) / 2))
  for (let i = 0; i < bytes.length; i += 1) {
    const high = VALUES[text.charCodeAt(2 + 2 * i)] ?? -1
    const low = VALUES[text.charCodeAt(3 + 2 * i)] ?? -1
    if (high < 0 || low < 0) return { invalidAt: 2 + 2 * i }
    bytes[i] = high * 16 + low
  }
  return text.length % 2 === 0 ? bytes : { invalidAt: text.length - 1 }
}

const VALUES = new Int8Array(128).fill(-1)
for (let value = 0; value < 16; value += 1) {
  VALUES[value.toString(16).charCodeAt(0)] = value
  VALUES[value.toString(16).toUpperCase().charCodeAt(0)] = value
}
