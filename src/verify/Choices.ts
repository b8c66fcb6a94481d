/**
 * A stream of numbers from which a case is built, each at its moment of need. The choice 0 is the simplest one everywhere, and past its
 * end a replayed stream answers 0: so shorter streams of smaller numbers are simpler cases, which is all that shrinking needs.
 */
export class Choices {
  readonly #source: () => number
  readonly #drawn: number[] = []

  /** `source` answers whole numbers from 0 to 2^32 - 1. */
  constructor(source: () => number) {
    this.#source = source
  }

  /** The stream that answers these numbers, then zeros. */
  static replay(numbers: readonly number[]): Choices {
    let next = 0
    return new Choices(() => numbers[next++] ?? 0)
  }

  /** What was drawn so far. */
  get drawn(): readonly number[] {
    return this.#drawn
  }

  #draw(): number {
    const number = this.#source()
    this.#drawn.push(number)
    return number
  }

  /** A number from 0 to `count - 1`; count is 1 to 2^32. */
  below(count: number): number {
    return count <= 1 ? 0 : this.#draw() % count
  }

  /** A number of `low..high`, both included. */
  between(low: number, high: number): number {
    if (high - low < 0xffffffff) return low + this.below(high - low + 1)
    return low + Number(this.big(BigInt(high - low)))
  }

  /** A number from 0 to `high`, both included, of any size. */
  big(high: bigint): bigint {
    if (high < 0xffffffffn) return BigInt(this.below(Number(high) + 1))
    let value = 0n
    for (let bound = high; bound > 0n; bound >>= 32n) value = (value << 32n) | BigInt(this.#draw())
    return value % (high + 1n)
  }

  /** True in `percent` of 100 draws; false is the simple answer. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from')
    return list[this.below(list.length)] as T
  }

  /** The list in another order; all zeros leave it as it is. */
  shuffle<T>(list: readonly T[]): T[] {
    const rest = [...list]
    const order: T[] = []
    while (rest.length > 0) order.push(...rest.splice(this.below(rest.length), 1))
    return order
  }
}
