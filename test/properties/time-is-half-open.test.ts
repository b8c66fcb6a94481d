import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Condition } from '../../src/policy/Condition.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { decide } from '../../src/semantics/decide.js'
import { alice, binding, callDataOf, number, payroll, transfer, transferRule } from '../semantics/fixtures.js'
import { allowedSituations, decideIn, freshState } from './situation.js'

const DAY = 86_400
const amount = 60_000_000n
const operation = { callData: callDataOf(transfer(alice, amount)) }
const outcomeAt = (policy: Policy, now: number) => decide(policy, binding, freshState(policy), operation, now).outcome

test('in the whole interval that a decision gives, the same decision is made', () => {
  fc.assert(
    fc.property(allowedSituations(), fc.nat(), (situation, choice) => {
      const { validFrom, validUntil } = situation.allowed
      expect(validFrom).toBeLessThanOrEqual(situation.now)
      expect(situation.now).toBeLessThan(validUntil)
      expect(Number.isInteger(validFrom) && Number.isInteger(validUntil)).toBe(true)
      const moments = [validFrom, validUntil - 1, validFrom + (choice % (validUntil - validFrom))]
      for (const now of moments) {
        const { charges, state, rules } = situation.allowed
        const decision = decideIn({ ...situation, now })
        expect(decision).toMatchObject({ outcome: 'allow', charges, state })
        // Another rule may come first at another moment; the same ones give the same interval.
        // (as far as the decision names them: those of carried calls are not told).
        const named = rules.every((index) => !('nested' in (situation.policy.rules[index] ?? {})))
        if (decision.outcome === 'allow' && named && decision.rules.join() === rules.join())
          expect(decision).toMatchObject({ validFrom, validUntil })
      }
    }),
    { numRuns: 150 },
  )
})

test('nothing is allowed before the policy begins or from its end on', () => {
  fc.assert(
    fc.property(allowedSituations(), (situation) => {
      const { from, until } = situation.policy
      for (const now of [from - 1, until, until + 1, 0, -1, 2 ** 40])
        expect(decideIn({ ...situation, now }).outcome).toBe('deny')
    }),
    { numRuns: 100 },
  )
})

const lifetimes = fc.tuple(fc.integer({ min: 1_600_000_000, max: 2 ** 37 }), fc.integer({ min: 1, max: 10_000_000 }))

test('a policy and a rule hold from their first second to the one before their end', () => {
  fc.assert(
    fc.property(lifetimes, fc.boolean(), ([from, length], ofRule) => {
      const until = from + length
      const policy: Policy = ofRule
        ? { ...payroll, from: from - 10, until: until + 10, rules: [{ ...transferRule, from, until }] }
        : { ...payroll, from, until }
      const outcomes = [from - 1, from, until - 1, until].map((now) => outcomeAt(policy, now))
      expect(outcomes).toEqual(['deny', 'allow', 'allow', 'deny'])
    }),
    { numRuns: 100 },
  )
})

test('a window begins where the last one ended', () => {
  const periods = fc.integer({ min: 300, max: 40_000_000 })
  fc.assert(
    fc.property(lifetimes, periods, fc.integer({ min: 0, max: 1000 }), ([from], seconds, index) => {
      const policy: Policy = {
        ...payroll,
        from,
        until: 2 ** 38 - 1,
        meters: payroll.meters.map((meter) => ({ ...meter, window: { kind: 'period', seconds } })),
      }
      const edge = from + (index + 1) * seconds
      const last = decide(policy, binding, freshState(policy), operation, edge - 1)
      expect(last).toMatchObject({ outcome: 'allow', validFrom: edge - seconds, validUntil: edge })
      if (last.outcome !== 'allow') return
      expect(last.state.meters[1]).toEqual({ window: index, spent: amount })
      expect(decide(policy, binding, last.state, operation, edge - 1).outcome).toBe('deny')
      const next = decide(policy, binding, last.state, operation, edge)
      expect(next).toMatchObject({ outcome: 'allow', validFrom: edge, validUntil: edge + seconds })
      if (next.outcome !== 'allow') return
      // What was spent in a later window is never spent again in an earlier one.
      expect(decide(policy, binding, next.state, operation, edge - 1)).toMatchObject({
        outcome: 'deny',
        denials: [{ code: 'window-passed' }],
      })
    }),
    { numRuns: 100 },
  )
})

test('bounds on now hold at exactly the moments that the interval gives', () => {
  const slack = fc.integer({ min: 0, max: 3000 })
  fc.assert(
    fc.property(
      slack,
      slack,
      fc.integer({ min: -4000, max: 4000 }),
      fc.integer({ min: -4000, max: 4000 }),
      (s, t, a, b) => {
        const [recent, deadline] = [payroll.from + 10_000 + a, payroll.from + 10_000 + b]
        const where: Condition[] = [
          ...transferRule.where,
          { kind: 'now', bound: 'at least', operand: number(BigInt(recent)), seconds: s },
          { kind: 'now', bound: 'at most', operand: number(BigInt(deadline)), seconds: t },
        ]
        const policy: Policy = { ...payroll, rules: [{ ...transferRule, where }] }
        // recent >= now - s and deadline <= now + t, by the words.
        const holdsAt = (now: number) => recent >= now - s && deadline <= now + t
        const edges = [deadline - t - 1, deadline - t, recent + s, recent + s + 1]
        for (const now of edges.filter((edge) => edge >= policy.from)) {
          const decision = decide(policy, binding, freshState(policy), operation, now)
          expect(decision.outcome).toBe(holdsAt(now) ? 'allow' : 'deny')
          if (decision.outcome === 'allow')
            expect([decision.validFrom, decision.validUntil]).toEqual([
              Math.max(policy.from, deadline - t),
              recent + s + 1,
            ])
        }
      },
    ),
    { numRuns: 200 },
  )
})

const hourRanges = fc.tuple(fc.nat({ max: 1439 }), fc.nat({ max: 1439 }), fc.integer({ min: 1, max: 127 }))

test('hours hold from their first second to the one before their end, on their weekdays', () => {
  const wholeLife = { from: 1_795_305_600, until: 1_795_305_600 + 14 * DAY } // 14 days from Sunday 2026-11-22 00:00 UTC
  fc.assert(
    fc.property(hourRanges, fc.nat({ max: 13 }), ([a, b, weekdays], day) => {
      const hours = { start: Math.min(a, b), end: Math.max(a, b) + 1, weekdays }
      const rule: AllowRule = { ...transferRule, hours }
      const policy: Policy = { ...payroll, ...wholeLife, rules: [rule] }
      const midnight = wholeLife.from + day * DAY
      const [open, close] = [midnight + hours.start * 60, midnight + hours.end * 60]
      // JavaScript's own calendar says which weekday it is (0 is Sunday).
      const chosen = (weekdays >> ((new Date(midnight * 1000).getUTCDay() + 6) % 7)) % 2 === 1
      for (const now of [open, close - 1]) expect(outcomeAt(policy, now)).toBe(chosen ? 'allow' : 'deny')
      if (hours.start > 0) expect(outcomeAt(policy, open - 1)).toBe('deny')
      if (hours.end < 1440 && day < 13) expect(outcomeAt(policy, close)).toBe('deny')
      if (chosen)
        expect(decide(policy, binding, freshState(policy), operation, open)).toMatchObject({
          validFrom: open,
          validUntil: close,
        })
    }),
    { numRuns: 200 },
  )
})

test('hours of a deny rule deny in them, and the interval of what is allowed between them ends where they begin', () => {
  const from = 1_795_305_600
  fc.assert(
    fc.property(hourRanges, fc.nat({ max: 14 * 1440 - 1 }), ([a, b, weekdays], minute) => {
      const hours = { start: Math.min(a, b), end: Math.max(a, b) + 1, weekdays }
      const policy: Policy = {
        ...payroll,
        from,
        until: from + 14 * DAY,
        meters: payroll.meters.map((meter) => ({ ...meter, window: { kind: 'total' } })),
        rules: [
          transferRule,
          { effect: 'deny', target: transferRule.target, action: { kind: 'any' }, where: [], hours },
        ],
      }
      const isDenied = (now: number): boolean => {
        const date = new Date(now * 1000)
        const ofDay = date.getUTCHours() * 60 + date.getUTCMinutes()
        return (weekdays >> ((date.getUTCDay() + 6) % 7)) % 2 === 1 && hours.start <= ofDay && ofDay < hours.end
      }
      const now = from + minute * 60
      const decision = decide(policy, binding, freshState(policy), operation, now)
      expect(decision.outcome).toBe(isDenied(now) ? 'deny' : 'allow')
      if (decision.outcome !== 'allow') return
      const minutes = Math.ceil((decision.validUntil - decision.validFrom) / 60)
      expect([...Array(minutes).keys()].some((passed) => isDenied(decision.validFrom + passed * 60))).toBe(false)
      const endsAtDeny = decision.validUntil % DAY === 0 || isDenied(decision.validUntil)
      expect(endsAtDeny).toBe(true)
    }),
    { numRuns: 200 },
  )
})
