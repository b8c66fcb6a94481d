import { InvalidGrantError } from './InvalidGrantError.js'

/** A cursor over the bytes of a grant; whatever is short or not minimal throws InvalidGrantError. */
export class Reader {
  constructor(
    /** All of the grant, and the same as lower-case digits. */
    readonly bytes: Uint8Array,
    readonly digits: string,
    public at: number,
    readonly end: number,
  ) {}

  fail(reason: string, at = this.at): never {
    throw new InvalidGrantError(reason, at)
  }

  must(holds: boolean, reason: string, at = this.at): asserts holds {
    if (!holds) this.fail(reason, at)
  }

  /** Moves on by `count` bytes and returns where they begin. */
  skip(count: number): number {
    const start = this.at
    if (start + count > this.end) this.fail('it ends too early', this.end)
    this.at = start + count
    return start
  }

  /** The next byte without moving on, -1 at the end. */
  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? -1) : -1
  }

  byte(): number {
    return this.bytes[this.skip(1)] ?? 0
  }

  /** A big-endian number of at most 6 bytes. */
  uint(width: number): number {
    let value = 0
    for (let at = this.skip(width); at < this.at; at++) value = value * 256 + (this.bytes[at] ?? 0)
    return value
  }

  take(count: number): Uint8Array {
    const start = this.skip(count)
    return this.bytes.subarray(start, this.at)
  }

  hex(count: number): string {
    const start = this.skip(count)
    return this.digits.slice(2 * start, 2 * this.at)
  }

  /** ASCII text; other bytes become characters above 0x7f and match no name. */
  text(count: number): string {
    let text = ''
    for (const byte of this.take(count)) text += String.fromCharCode(byte)
    return text
  }

  /** A number of this many bytes. */
  big(count: number): bigint {
    return count === 0 ? 0n : BigInt(`0x${this.hex(count)}`)
  }

  /** `length1 ‖ integer`, at most 32 bytes, without a leading zero byte. */
  integer(): bigint {
    return this.minimal(this.byte())
  }

  /** An integer of `length` bytes, at most 32, without a leading zero byte. */
  minimal(length: number): bigint {
    this.must(length <= 32, 'an integer is longer than 32 bytes')
    this.must(length === 0 || this.peek() !== 0, 'an integer has a leading zero byte')
    return this.big(length)
  }

  /** The next `length` bytes as a reader of their own. */
  part(length: number): Reader {
    const start = this.skip(length)
    return new Reader(this.bytes, this.digits, start, this.at)
  }

  /** Nothing is left. */
  finish(what: string): void {
    this.must(this.at === this.end, `bytes follow after ${what}`)
  }
}
