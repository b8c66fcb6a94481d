import { keccak256 as viemKeccak, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { keccak256 } from '../../src/evaluator/keccak256.js'

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 131 + length * 17) & 0xff)

describe('keccak256', () => {
  test('of nothing is the known empty hash', () => {
    expect(toHex(keccak256())).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  })

  test('agrees with viem on every length up to three blocks', () => {
    for (let length = 0; length <= 410; length++)
      expect(toHex(keccak256(bytesOf(length))), `length ${length}`).toBe(viemKeccak(bytesOf(length)))
  })

  test('of parts is that of their concatenation, wherever they are cut', () => {
    const whole = bytesOf(300)
    for (const cut of [0, 1, 135, 136, 137, 271, 272, 299, 300])
      expect(toHex(keccak256(whole.subarray(0, cut), whole.subarray(cut)))).toBe(viemKeccak(whole))
  })
})
