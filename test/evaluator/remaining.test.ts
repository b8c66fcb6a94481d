import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { initialState, load, remaining } from '../../src/evaluator/index.js'
import { binding, payroll, start, usdc } from '../semantics/fixtures.js'

const DAY = 86_400
const session = load(encode(payroll, binding))
const usdcAt = (now: number, window = 0, spent = 0n) =>
  remaining(
    session,
    {
      status: 'active',
      meters: [
        { window: 0, spent: 0n },
        { window, spent },
      ],
    },
    now,
  )[1]

describe('remaining', () => {
  test('says of every meter what it counts and what is left in the present window', () => {
    expect(remaining(session, initialState(session), start)).toEqual([
      {
        meter: 0,
        counts: 'ETH',
        limit: 10n ** 16n,
        spent: 0n,
        remaining: 10n ** 16n,
        windowStart: start,
        windowEnd: start + DAY,
      },
      {
        meter: 1,
        counts: usdc,
        limit: 100_000_000n,
        spent: 0n,
        remaining: 100_000_000n,
        windowStart: start,
        windowEnd: start + DAY,
      },
    ])
  })

  test('forgets what was spent where a window ends', () => {
    expect(usdcAt(start + DAY - 1, 0, 30n)).toMatchObject({ spent: 30n, remaining: 99_999_970n, windowStart: start })
    expect(usdcAt(start + DAY, 0, 30n)).toMatchObject({ spent: 0n, remaining: 100_000_000n, windowStart: start + DAY })
  })

  test('leaves nothing in a window that has passed, or where more was spent than allowed', () => {
    expect(usdcAt(start, 1, 30n)).toMatchObject({ remaining: 0n })
    expect(usdcAt(start, 0, 10n ** 30n)).toMatchObject({ remaining: 0n })
    expect(remaining(session, { status: 'active', meters: [] }, start)[1]).toMatchObject({ remaining: 0n })
  })

  test('takes a moment outside the session’s life for its begin or end', () => {
    expect(usdcAt(0)).toMatchObject({ windowStart: start })
    expect(usdcAt(NaN)).toMatchObject({ windowStart: start })
    expect(usdcAt(Infinity)).toMatchObject({ windowStart: start + 6 * DAY, windowEnd: payroll.until })
  })
})
