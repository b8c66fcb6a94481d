/** A word of nothing. */
export const ZERO_WORD = '0'.repeat(64)

/** All words have 64 lower-case digits, so that text order is the order of unsigned numbers. Takes -2^255 to 2^256 - 1, in two's complement. */
export const toWord = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0')

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The same text in a piece of memory of its own: a part of a long text costs every reader a second look elsewhere. */
export const flat = (text: string): string => [text.slice(0, 1), text.slice(1)].join('')

/** Two lower-case digits a byte, no prefix. */
export const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += DIGITS[byte]
  return text
}

const VALUES = new Int8Array(128).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) VALUES[digit.charCodeAt(0)] = value
for (const [value, digit] of [...'ABCDEF'].entries()) VALUES[digit.charCodeAt(0)] = value + 10

/** The bytes of `0x` and an even number of digits; otherwise the offset in bytes where that ends to be true. */
export const toBytes = (text: string): Uint8Array | number => {
  if (!text.startsWith('0x')) return 0
  const bytes = new Uint8Array(text.length >> 1)
  let count = 0
  for (let at = 2; at < text.length; at += 2) {
    const high = VALUES[text.charCodeAt(at)] ?? -1
    const low = VALUES[text.charCodeAt(at + 1)] ?? -1
    if (high < 0 || low < 0) return count
    bytes[count++] = (high << 4) | low
  }
  return bytes.subarray(0, count)
}

const NOT_HEX = /[^0-9a-f]/

/** Nothing but lower-case digits. */
export const isHex = (text: string): boolean => !NOT_HEX.test(text)

const ZEROS = Array.from({ length: 65 }, (_, count) => '0'.repeat(count))

/** This many zeros, up to 64. */
export const zeros = (count: number): string => ZEROS[count] ?? ''

const LENGTH_ZEROS = zeros(56)

/** The word at this character as a number below 2^32, or -1: no offset, length or count can be greater. The text must be hex. */
export const smallAt = (text: string, at: number): number =>
  text.slice(at, at + 56) === LENGTH_ZEROS ? parseInt(text.slice(at + 56, at + 64), 16) : -1
