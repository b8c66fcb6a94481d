import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'

/** Bytes written one after the other, big-endian. A number that its width cannot hold is a RangeError: `encodable` had said so. */
export class Writer {
  #bytes = new Uint8Array(256)
  #length = 0

  /** How many bytes stand so far. */
  get length(): number {
    return this.#length
  }

  /** A whole number in so many bytes, at most 8 of them and below 2^53. */
  uint(value: number, width: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width) {
      throw new RangeError(`${value} does not fit ${width} bytes: the policy cannot be encoded`)
    }
    const at = this.#grow(width)
    let rest = value
    for (let i = width - 1; i >= 0; i -= 1) {
      this.#bytes[at + i] = rest % 256
      rest = Math.floor(rest / 256)
    }
  }

  /** An integer in so many bytes; a negative one in two's complement. */
  wide(value: bigint, width: number): void {
    const at = this.#grow(width)
    let rest = value
    for (let i = width - 1; i >= 0; i -= 1) {
      this.#bytes[at + i] = Number(rest & 0xffn)
      rest >>= 8n
    }
    if (rest !== 0n && rest !== -1n)
      throw new RangeError(`${value} does not fit ${width} bytes: the policy cannot be encoded`)
  }

  /** `length1 ‖ integer`, without leading zeros. */
  integer(value: bigint): void {
    const width = widthOf(value)
    this.uint(width, 1)
    this.wide(value, width)
  }

  /** The bytes that a hex text names. */
  hex(value: Hex): void {
    const size = value.length / 2 - 1
    const at = this.#grow(size)
    for (let i = 0; i < size; i += 1) {
      this.#bytes[at + i] = digit(value.charCodeAt(2 + 2 * i)) * 16 + digit(value.charCodeAt(3 + 2 * i))
    }
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length)
    this.#bytes.set(bytes, at)
  }

  /** ASCII text after its length. */
  text(value: string, lengthWidth: number): void {
    this.uint(value.length, lengthWidth)
    const at = this.#grow(value.length)
    for (let i = 0; i < value.length; i += 1) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) throw new RangeError(`\`${value}\` is not ASCII: the policy cannot be encoded`)
      this.#bytes[at + i] = code
    }
  }

  /** What `write` writes, after its length. */
  sized(lengthWidth: number, write: () => void): void {
    const at = this.#grow(lengthWidth)
    const start = this.#length
    write()
    const end = this.#length
    this.#length = at
    this.uint(end - start, lengthWidth)
    this.#length = end
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** What was written, as text. */
  toHex(): Hex {
    return hexOfBytes(this.#bytes.subarray(0, this.#length))
  }

  #grow(size: number): number {
    const at = this.#length
    this.#length += size
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length))
      bytes.set(this.#bytes)
      this.#bytes = bytes
    }
    return at
  }
}

/** The least number of bytes that hold a non-negative integer; 0 for zero. */
export const widthOf = (value: bigint): number => (value === 0n ? 0 : Math.ceil(value.toString(16).length / 2))

const digit = (code: number): number => (code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57)
