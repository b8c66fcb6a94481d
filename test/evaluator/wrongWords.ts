import type { Hex } from '../../src/policy/Hex.js'

/** A word in every way that matters: other by one, by a word, in a bit that a narrower type does not have; all zeros, all ones. */
const wrongWords = (word: string): readonly string[] => {
  const value = BigInt(`0x${word}`)
  const flipped = [0n, 15n, 160n, 255n].map((bit) => value ^ (1n << bit))
  return [...flipped, value + 32n, 0n, -1n].map((other) => BigInt.asUintN(256, other).toString(16).padStart(64, '0'))
}

/** An encoding with each of its words wrong in each way, cut at every nineteenth byte, and with bytes behind. */
export const wrongEncodings = (encoded: Hex): readonly Hex[] => {
  const digits = encoded.slice(2)
  const words = Array.from({ length: digits.length / 64 }, (_, index) => 64 * index)
  const cuts = Array.from({ length: digits.length / 38 }, (_, index) => 38 * index)
  return [
    encoded,
    ...words.flatMap((at) =>
      wrongWords(digits.slice(at, at + 64)).map(
        (word): Hex => `0x${digits.slice(0, at)}${word}${digits.slice(at + 64)}`,
      ),
    ),
    ...cuts.map((at): Hex => `0x${digits.slice(0, at)}`),
    ...[1, 31, 32].map((count): Hex => `0x${digits}${'00'.repeat(count)}`),
  ]
}

/** The same with each byte other by one bit. */
export const wrongBytes = (encoded: Hex): readonly Hex[] =>
  Array.from({ length: encoded.length / 2 - 1 }, (_, index): Hex => {
    const at = 2 + 2 * index
    const byte = (Number(`0x${encoded.slice(at, at + 2)}`) ^ 1).toString(16).padStart(2, '0')
    return `0x${encoded.slice(2, at)}${byte}${encoded.slice(at + 2)}`
  })
