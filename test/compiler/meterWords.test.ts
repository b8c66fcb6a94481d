import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wordsOf } from '../../src/compiler/meters.js'
import { readWords, writeWords } from '../../src/compiler/meterWords.js'
import type { Meter } from '../../src/policy/Meter.js'

const meter = (limit: bigint, window: Meter['window']): Meter => ({ counts: 'calls', limit, window })
const day = { kind: 'period', seconds: 86_400 } as const
const rolling = { kind: 'rolling', seconds: 86_400 } as const
const narrow = meter(100n, day)
const wide = meter(2n ** 100n, { kind: 'total' })

/** `value` in `bits` bits of a word, `right` bits from its end. */
const at = (value: bigint, right: number): bigint => value << BigInt(right)

describe('the words of a session', () => {
  test('word 0 is status2 ‖ half 0 ‖ half 1, a half window30 ‖ spent97', () => {
    const word = at(1n, 254) | at(7n, 224) | at(55n, 127) | at(9n, 97) | 66n
    expect(readWords([narrow, narrow], [word])).toEqual({
      status: 'active',
      meters: [
        { window: 7, spent: 55n },
        { window: 9, spent: 66n },
      ],
    })
  })

  test('a wide meter has a word, window30 ‖ spent226', () => {
    const word = at(3n, 226) | (2n ** 99n + 5n)
    expect(readWords([narrow, wide], [at(2n, 254), word])).toEqual({
      status: 'revoked',
      meters: [
        { window: 0, spent: 0n },
        { window: 3, spent: 2n ** 99n + 5n },
      ],
    })
  })

  test('a rolling meter has five, the first window30 ‖ total112 ‖ spent112, the others two pasts each', () => {
    // Of sub-window 10: number 9 stands at 9 mod 8 = 1, number 8 at 0, number 2 at 2, number 7 at 7.
    const words = [at(1n, 254), at(10n, 224) | at(100n, 112) | 5n, at(80n, 112) | 90n, at(20n, 112), 0n, 70n]
    expect(readWords([meter(1000n, rolling)], words)?.meters).toEqual([
      { window: 10, spent: 5n, past: [90n, 80n, 70n, 0n, 0n, 0n, 0n, 20n] },
    ])
  })

  test('no word says none, and a status that the format does not know is no session', () => {
    expect(readWords([narrow], [0n])).toEqual({ status: 'none', meters: [{ window: 0, spent: 0n }] })
    expect(readWords([narrow], [at(3n, 254)])).toBeUndefined()
  })

  const meters = fc.array(
    fc.oneof(
      fc.constant(narrow),
      fc.constant(meter(2n ** 97n - 1n, day)),
      fc.constant(wide),
      fc.constant(meter(2n ** 112n - 1n, rolling)),
    ),
    { maxLength: 6 },
  )
  const spent = fc.bigInt({ min: 0n, max: 2n ** 97n - 1n })

  test('what is written is read, and what else stood there stays', () => {
    fc.assert(
      fc.property(
        meters,
        fc.array(spent, { minLength: 60, maxLength: 60 }),
        fc.nat(2 ** 30 - 1),
        (list, amounts, window) => {
          let next = 0
          const amount = (): bigint => amounts[next++ % amounts.length] ?? 0n
          const states = list.map(({ window: { kind } }) => ({
            window,
            spent: amount(),
            ...(kind === 'rolling' && { past: Array.from({ length: 8 }, amount) }),
          }))
          const blank = Array.from({ length: wordsOf(list) }, (_, index) => (index === 0 ? at(1n, 254) : 0n))
          const written = writeWords(list, blank, states)
          expect(written).toHaveLength(wordsOf(list))
          expect(readWords(list, written)).toEqual({ status: 'active', meters: states })
        },
      ),
    )
  })
})
