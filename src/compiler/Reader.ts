import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'
import { LIMIT } from './layout.js'
import { Malformed } from './Malformed.js'

/** Reads foreign bytes one after the other, big-endian; whatever is not there or not right is a Malformed. */
export class Reader {
  readonly #bytes: Uint8Array
  #at: number
  readonly #end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at
  }

  /** Whether nothing follows. */
  get done(): boolean {
    return this.#at === this.#end
  }

  /** The next byte, which stays to be read; undefined at the end. */
  peek(): number | undefined {
    return this.#at < this.#end ? this.#bytes[this.#at] : undefined
  }

  /** Gives up, at the next byte or at another one. */
  fail(reason: string, offset = this.#at): never {
    throw new Malformed(reason, offset)
  }

  /** A whole number of so many bytes, at most 8; above 2^53 - 1 it is malformed. */
  uint(width: number): number {
    const start = this.#take(width)
    let value = 0
    for (let i = start; i < start + width; i += 1) value = value * 256 + (this.#bytes[i] ?? 0)
    if (value > Number.MAX_SAFE_INTEGER) this.fail('a number above 2^53 - 1', start)
    return value
  }

  /** An integer of so many bytes. */
  wide(width: number): bigint {
    const start = this.#take(width)
    let value = 0n
    for (let i = start; i < start + width; i += 1) value = (value << 8n) | BigInt(this.#bytes[i] ?? 0)
    return value
  }

  /** `length1 ‖ integer`. */
  integer(): bigint {
    const start = this.#at
    const width = this.uint(1)
    if (width > LIMIT.integerBytes) this.fail('an integer of more than 32 bytes', start)
    return this.minimal(width)
  }

  /** An integer of so many bytes whose first is not zero. */
  minimal(width: number): bigint {
    if (width > 0 && this.#bytes[this.#at] === 0 && this.#at < this.#end) this.fail('an integer with a leading zero')
    return this.wide(width)
  }

  /** So many bytes as text. */
  hex(size: number): Hex {
    return hexOfBytes(this.raw(size))
  }

  /** So many bytes, not copied. */
  raw(size: number): Uint8Array {
    const start = this.#take(size)
    return this.#bytes.subarray(start, start + size)
  }

  /** ASCII text after its length. */
  text(lengthWidth: number): string {
    const size = this.uint(lengthWidth)
    const start = this.#at
    const bytes = this.raw(size)
    let text = ''
    for (const [index, byte] of bytes.entries()) {
      if (byte > 0x7f) this.fail('text that is not ASCII', start + index)
      text += String.fromCharCode(byte)
    }
    return text
  }

  /** A reader of the bytes that a length announces; this one goes on after them. */
  sized(lengthWidth: number): Reader {
    const size = this.uint(lengthWidth)
    const start = this.#take(size)
    return new Reader(this.#bytes, start, start + size)
  }

  /** The bytes that `read` reads, not copied. */
  passed(read: () => void): Uint8Array {
    const start = this.#at
    read()
    return this.#bytes.subarray(start, this.#at)
  }

  /** So many things, one after the other; a count is believed only as far as there are bytes. */
  times<T>(count: number, read: (index: number) => T): T[] {
    const items: T[] = []
    for (let i = 0; i < count; i += 1) items.push(read(i))
    return items
  }

  /** Asserts that nothing follows. */
  expectEnd(): void {
    if (!this.done) this.fail('bytes left over')
  }

  #take(size: number): number {
    const start = this.#at
    if (size > this.#end - start) this.fail('the bytes end too early')
    this.#at = start + size
    return start
  }
}
