import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load, nextAllowedAt, remaining, type State } from '../../src/evaluator/index.js'
import type { Policy } from '../../src/policy/Policy.js'
import { alice, binding, callDataOf, payroll, start, transfer, usdc } from '../semantics/fixtures.js'

// 100 USDC a day, rolling: sub-windows of three hours.

const HOUR = 3600
const PART = 3 * HOUR
const policy: Policy = {
  ...payroll,
  meters: payroll.meters.map((meter, index) =>
    index === 1 ? { counts: usdc, limit: 100n, window: { kind: 'rolling', seconds: 24 * HOUR } } : meter,
  ),
}
const session = load(encode(policy, binding))
const pay = (...amounts: readonly bigint[]) => ({
  callData: callDataOf(...amounts.map((each) => transfer(alice, each))),
})

/** The state after these payments, [moment, amount] each, all of which must be allowed. */
const after = (...payments: readonly (readonly [number, bigint])[]): State =>
  payments.reduce((state, [now, amount]) => {
    const decision = decide(session, state, pay(amount), now)
    if (decision.outcome !== 'allow') throw new Error(`denied at ${now}: ${JSON.stringify(decision.denials)}`)
    return decision.state
  }, initialState(session))
const meterOf = ({ meters }: State) => meters[1]
const zeros = (count: number) => Array.from({ length: count }, () => 0n)

describe('a rolling meter', () => {
  test('keeps the eight sub-windows before the present one, the nearest first', () => {
    expect(meterOf(initialState(session))).toEqual({ window: 0, spent: 0n, past: zeros(8) })
    expect(meterOf(after([start, 5n], [start + PART - 1, 6n]))).toEqual({ window: 0, spent: 11n, past: zeros(8) })
    expect(meterOf(after([start, 5n], [start + 2 * PART, 7n]))).toEqual({
      window: 2,
      spent: 7n,
      past: [0n, 5n, ...zeros(6)],
    })
    expect(meterOf(after([start, 5n], [start + PART, 6n], [start + 8 * PART, 7n]))).toEqual({
      window: 8,
      spent: 7n,
      past: [...zeros(6), 6n, 5n],
    })
    expect(meterOf(after([start, 5n], [start + 9 * PART, 7n]))).toEqual({ window: 9, spent: 7n, past: zeros(8) })
  })

  test('counts what was spent until the ninth sub-window begins, and not from then on', () => {
    const full = after([start + PART - 1, 100n])
    const outcome = (now: number): string => decide(session, full, pay(1n), now).outcome
    expect(outcome(start + 9 * PART - 1)).toBe('deny')
    expect(outcome(start + 9 * PART)).toBe('allow')
  })

  test('is decided for the present sub-window alone', () => {
    expect(decide(session, initialState(session), pay(1n), start + PART + 5)).toMatchObject({
      validFrom: start + PART,
      validUntil: start + 2 * PART,
    })
  })

  test('says of a denial when enough has rolled out', () => {
    const spent = after([start, 60n], [start + 4 * PART, 30n])
    const told = (now: number, ...amounts: bigint[]) => {
      const decision = decide(session, spent, pay(...amounts), now)
      return decision.outcome === 'deny' ? decision.denials[0] : undefined
    }
    const now = start + 4 * PART + 1
    expect(told(now, 10n)).toBeUndefined()
    expect(told(now, 11n)).toMatchObject({ remaining: '10', retry: 'later', retryAt: start + 9 * PART })
    expect(told(now, 71n)).toMatchObject({ remaining: '10', retry: 'later', retryAt: start + 13 * PART })
    expect(told(now, 101n)).toMatchObject({ remaining: '10', retry: 'change-args' })
    // What the operation itself has counted counts again when it comes back.
    expect(told(now, 5n, 6n)).toMatchObject({ callIndex: 1, remaining: '5', retry: 'later', retryAt: start + 9 * PART })
    expect(told(now, 10n, 61n)).toMatchObject({ remaining: '0', retry: 'later', retryAt: start + 13 * PART })
    expect(told(start + 3 * PART, 1n)).toMatchObject({ code: 'window-passed', retryAt: start + 4 * PART })
  })

  test('is allowed again at the very second that nextAllowedAt names', () => {
    const spent = after([start, 60n], [start + 4 * PART, 30n])
    const next = (amount: bigint, now: number) => nextAllowedAt(session, spent, pay(amount), now)
    expect(next(10n, start + 5 * PART)).toBe(start + 5 * PART)
    expect(next(70n, start + 5 * PART)).toBe(start + 9 * PART)
    expect(next(71n, start + 5 * PART)).toBe(start + 13 * PART)
    expect(next(1n, start)).toBe(start + 4 * PART)
    expect(next(101n, start)).toBeUndefined()
  })

  test('has left what nine sub-windows have not spent', () => {
    const spent = after([start, 60n], [start + 4 * PART, 30n])
    const left = (now: number, state = spent) => remaining(session, state, now)[1]
    expect(left(start + 4 * PART + 7)).toEqual({
      meter: 1,
      counts: usdc,
      limit: 100n,
      spent: 90n,
      remaining: 10n,
      windowStart: start + 4 * PART,
      windowEnd: start + 5 * PART,
    })
    expect(left(start + 9 * PART)).toMatchObject({ spent: 30n, remaining: 70n })
    expect(left(start)).toMatchObject({ remaining: 0n })
  })

  test('of which nothing was kept before counts as unspent, and of which nonsense was kept as spent', () => {
    const state = (past?: readonly bigint[]): State => ({
      status: 'active',
      meters: [{ window: 0, spent: 0n }, past ? { window: 0, spent: 0n, past } : { window: 0, spent: 0n }],
    })
    const outcome = (past?: readonly bigint[]): string => decide(session, state(past), pay(100n), start).outcome
    expect(outcome()).toBe('allow')
    expect(outcome(zeros(8))).toBe('allow')
    expect(outcome([...zeros(7), 1n])).toBe('deny')
    for (const wrong of [zeros(7), zeros(9), [...zeros(7), -1n]]) {
      expect(outcome(wrong)).toBe('deny')
      expect(remaining(session, state(wrong), start)[1]).toMatchObject({ remaining: 0n })
    }
  })
})
