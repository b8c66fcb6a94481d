import type { Hex } from '../../src/policy/Hex.js'
import type { Source } from './Source.js'

/** Calldata with one thing wrong (or merely odd) with it: the selector stays unless it is cut. */
export function corrupt(source: Source, data: Hex): Hex {
  const digits = data.slice(2)
  const words = Math.floor((digits.length - 8) / 64)
  const at = 8 + 64 * source.below(Math.max(words, 1))
  const word = digits.slice(at, at + 64)
  const change = (to: string): Hex => `0x${digits.slice(0, at)}${to}${digits.slice(at + 64)}`
  switch (source.below(10)) {
    case 0:
      return `0x${digits}${'00'.repeat(source.pick([1, 32, 3]))}`
    case 1:
      return `0x${digits}${source.pick(['deadbeef', 'ff'.repeat(32)])}`
    case 2:
      return `0x${digits.slice(0, Math.max(0, digits.length - 2 * source.pick([1, 31, 32, 33, 64])))}`
    case 3:
      return `0x${digits.slice(0, 2 * source.below(6))}`
  }
  if (word.length < 64) return data
  const value = BigInt(`0x${word}`)
  switch (source.below(8)) {
    case 0:
      return change(textOf(value + 1n))
    case 1:
      return change(textOf(value - 1n))
    case 2:
      return change(textOf(value ^ (1n << BigInt(source.below(256)))))
    case 3:
      return change('f'.repeat(64))
    case 4:
      return change(textOf(value | (1n << 255n)))
    case 5:
      return change(textOf(value + 32n * BigInt(source.pick([1, -1, 2]))))
    case 6:
      return change('0'.repeat(64))
    default: {
      // One more word behind, and everything that might be an offset moved along.
      const hole = 8 + 64 * source.below(words + 1)
      const moved = digits.slice(8).match(/.{64}/g) ?? []
      const shifted = moved.map((text) =>
        BigInt(`0x${text}`) * 32n >= BigInt(digits.length) ? text : textOf(BigInt(`0x${text}`) + 32n),
      )
      const body = digits.slice(0, 8) + (source.chance(50) ? shifted.join('') : digits.slice(8))
      return `0x${body.slice(0, hole)}${'0'.repeat(64)}${body.slice(hole)}`
    }
  }
}

function textOf(value: bigint): string {
  return BigInt.asUintN(256, value).toString(16).padStart(64, '0')
}
