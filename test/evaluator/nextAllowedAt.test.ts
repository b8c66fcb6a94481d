import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load, nextAllowedAt, type State } from '../../src/evaluator/index.js'
import type { Policy } from '../../src/policy/Policy.js'
import { stepsFor } from '../arbitraries/operation.js'
import { policies } from '../arbitraries/policy.js'
import {
  alice,
  argument,
  binding,
  callDataOf,
  fresh,
  key,
  payroll,
  start,
  transfer,
  transferRule,
  uint256,
} from '../semantics/fixtures.js'

const DAY = 86_400
const HOUR = 3600

const nextOf = (
  policy: Policy,
  now = start,
  state: State = fresh(policy),
  amount = 1n,
  to = alice,
): number | undefined =>
  nextAllowedAt(load(encode(policy, binding)), state, { callData: callDataOf(transfer(to, amount)) }, now)
const spent = (amount: bigint, window = 0): State => ({
  status: 'active',
  meters: [
    { window: 0, spent: 0n },
    { window, spent: amount },
  ],
})

describe('nextAllowedAt', () => {
  test('is now where the operation is allowed now', () => {
    expect(nextOf(payroll)).toBe(start)
    expect(nextOf(payroll, start + 0.25)).toBe(start + 1)
    expect(nextOf(payroll, -Infinity)).toBe(start)
  })

  test('is the next window where the budget is spent, or was spent ahead', () => {
    expect(nextOf(payroll, start + 5, spent(100_000_000n))).toBe(start + DAY)
    expect(nextOf(payroll, start + 5, spent(1n, 3))).toBe(start + 3 * DAY)
    expect(nextOf(payroll, start + 6 * DAY, spent(100_000_000n, 6))).toBeUndefined()
  })

  test('is the begin of a rule’s time, of its hours, or the end of a deny', () => {
    const hours = { start: 9 * 60, end: 10 * 60, weekdays: 0b0000010 }
    expect(nextOf({ ...payroll, rules: [{ ...transferRule, from: start + 77 }] })).toBe(start + 77)
    // Sunday 13:00 to Tuesday 9:00.
    expect(nextOf({ ...payroll, rules: [{ ...transferRule, hours }] })).toBe(start + 44 * HOUR)
    const denied: Policy = {
      ...payroll,
      rules: [
        transferRule,
        { effect: 'deny', target: transferRule.target, action: { kind: 'any' }, where: [], until: start + 99 },
      ],
    }
    expect(nextOf(denied)).toBe(start + 99)
  })

  test('waits until all that depends on time agrees', () => {
    const hours = { start: 9 * 60, end: 10 * 60, weekdays: 0b0000010 }
    const atMost = { kind: 'now', bound: 'at most', operand: argument(1, uint256), seconds: 0 } as const
    const policy: Policy = {
      ...payroll,
      meters: payroll.meters.map((meter) => ({ ...meter, limit: 10n ** 20n })),
      rules: [{ ...transferRule, hours, where: [atMost], from: start + 2 * DAY }],
    }
    expect(nextOf(policy, start, fresh(policy), BigInt(start + 44 * HOUR))).toBeUndefined()
    const long = { ...policy, until: start + 30 * DAY }
    expect(nextOf(long, start, fresh(long), BigInt(start + 44 * HOUR))).toBe(start + 44 * HOUR + 7 * DAY)
  })

  test('is never where no moment can help', () => {
    expect(nextOf(payroll, start, fresh(payroll), 100_000_001n)).toBeUndefined()
    expect(nextOf(payroll, start, fresh(payroll), 1n, key)).toBeUndefined()
    expect(nextOf(payroll, start, { ...fresh(payroll), status: 'killed' })).toBeUndefined()
    expect(nextOf(payroll, payroll.until)).toBeUndefined()
    expect(nextOf(payroll, NaN)).toBeUndefined()
    expect(nextAllowedAt(load(encode(payroll, binding)), fresh(payroll), { callData: '0x12' }, start)).toBeUndefined()
  })

  test('is the first moment at which decide allows, over generated policies', () => {
    const cases = policies().chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        steps: stepsFor(policy, 8, binding),
        moments: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
          minLength: 10,
          maxLength: 10,
        }),
      }),
    )
    let later = 0
    fc.assert(
      fc.property(cases, ({ policy, steps, moments }) => {
        const session = load(encode(policy, binding))
        let state = initialState(session)
        for (const { now, operation } of steps) {
          const next = nextAllowedAt(session, state, operation, now)
          const end = next ?? policy.until
          if (next !== undefined) expect(decide(session, state, operation, next).outcome).toBe('allow')
          if (next !== undefined && next > now) later++
          const sampled = moments.map((part) => now + Math.floor(part * (end - now)))
          for (const moment of [...sampled, now, end - 1])
            if (moment >= now && moment < end)
              expect(decide(session, state, operation, moment).outcome, `at ${moment}`).toBe('deny')
          const decision = decide(session, state, operation, now)
          if (decision.outcome === 'allow') ({ state } = decision)
        }
      }),
      { numRuns: 150 },
    )
    expect(later).toBeGreaterThan(3)
  })
})
