import * as fc from 'fast-check'

/**
 * Choices drawn one after the other from a list of integers; past its end every choice is the simplest one. fast-check shrinks the list, so
 * what is built from it shrinks towards fewer and simpler parts.
 */
export class Source {
  readonly #choices: readonly number[]
  #at = 0

  constructor(choices: readonly number[]) {
    this.#choices = choices
  }

  /** 0 to n - 1. */
  below(n: number): number {
    const choice = this.#choices[this.#at] ?? 0
    this.#at += 1
    return choice % n
  }

  /** True in about so many of a hundred cases, false at the end. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }

  /** One of the list, the first one at the end. */
  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** Between least and most items. */
  many<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => make(index))
  }

  /** An integer of at most so many bits: small, an edge, a power of two or anything. */
  bits(bits: number): bigint {
    const limit = 1n << BigInt(bits)
    switch (this.below(7)) {
      case 0:
        return BigInt(this.below(10)) % limit
      case 1:
        return BigInt(this.below(1_000_000)) % limit
      case 2:
        return limit - 1n
      case 3:
        return limit > 1n ? limit - 2n : 0n
      case 4:
        return 1n << BigInt(this.below(bits))
      case 5:
        return this.random(bits)
      default:
        return this.random(1 + this.below(bits))
    }
  }

  /** An integer of at most so many bits, all alike likely. */
  random(bits: number): bigint {
    let value = 0n
    for (let have = 0; have < bits; have += 30) value = (value << 30n) | BigInt(this.below(2 ** 30))
    return value & ((1n << BigInt(bits)) - 1n)
  }
}

/** How much a generated policy may hold: about so many choices, rules, and conditions within conditions. */
export type Size = {
  readonly choices: number
  readonly rules: number
  readonly depth: number
  /** In how many of a hundred cases a function is one that carries calls; 25 if nothing is said. */
  readonly carriers?: number
}

/** Sizes for tests that are slow on each case, for most tests, and for a few cases of everything at once. */
export const SIZE = {
  small: { choices: 300, rules: 2, depth: 1 },
  medium: { choices: 900, rules: 5, depth: 2 },
  large: { choices: 4000, rules: 20, depth: 4 },
  /** Of calls that carry calls. */
  carrying: { choices: 900, rules: 3, depth: 0, carriers: 90 },
} as const satisfies Record<string, Size>

/** An arbitrary of whatever `build` makes of a source. */
export const arbitrary = <T>(size: Size, build: (source: Source, size: Size) => T): fc.Arbitrary<T> =>
  fc
    .array(fc.nat({ max: 2 ** 31 - 1 }), { maxLength: size.choices, size: 'max' })
    .map((choices) => build(new Source(choices), size))
