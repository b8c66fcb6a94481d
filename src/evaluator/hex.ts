/** 64 zeros: a word of nothing, and the stock that padding is compared with. */
export const ZERO_WORD = '0'.repeat(64)

/** All words have 64 lower-case digits, so that text order is the order of unsigned numbers. Takes -2^255 to 2^256 - 1, in two's complement. */
export const toWord = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0')

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

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

const NOT_HEX = /[^0-9a-f]/g

/** Nothing but lower-case digits stands from `from` on. */
export const isHexFrom = (text: string, from: number): boolean => {
  NOT_HEX.lastIndex = from
  return !NOT_HEX.test(text)
}

const LENGTH_ZEROS = '0'.repeat(56)

/** The word at this character as a number below 2^32, or -1: no offset, length or count can be greater. */
export const smallAt = (text: string, at: number): number => {
  if (!text.startsWith(LENGTH_ZEROS, at)) return -1
  const value = Number(`0x${text.slice(at + 56, at + 64)}`)
  return value >= 0 ? value : -1
}

/** The digits from `at` to `to` are all zeros; at most 64 digits. */
export const isZero = (text: string, at: number, to: number): boolean =>
  at >= to || text.startsWith(ZERO_WORD.slice(0, to - at), at)
