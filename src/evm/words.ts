const padded = new Uint8Array(32)
const word = new DataView(padded.buffer)

/** The number that 32 bytes from a place on make; what lies past the end counts as zero. Far faster than by way of hex text. */
export function wordAt(bytes: Uint8Array, at: number): bigint {
  padded.fill(0)
  if (at < bytes.length) padded.set(at + 32 <= bytes.length ? bytes.subarray(at, at + 32) : bytes.subarray(at))
  const low = word.getBigUint64(24)
  // Most words are lengths, offsets and flags: the arithmetic of large numbers is for the others.
  if ((word.getUint32(0) | word.getUint32(4) | word.getUint32(8) | word.getUint32(12)) === 0) {
    if ((word.getUint32(16) | word.getUint32(20)) === 0) return low
    return (word.getBigUint64(16) << 64n) | low
  }
  return (((((word.getBigUint64(0) << 64n) | word.getBigUint64(8)) << 64n) | word.getBigUint64(16)) << 64n) | low
}

/** Writes a number of at most 256 bits as 32 bytes. */
export function putWord(bytes: Uint8Array, at: number, value: bigint): void {
  padded.fill(0)
  word.setBigUint64(24, value)
  if (value >> 64n > 0n) {
    word.setBigUint64(16, value >> 64n)
    word.setBigUint64(8, value >> 128n)
    word.setBigUint64(0, value >> 192n)
  }
  bytes.set(padded, at)
}
