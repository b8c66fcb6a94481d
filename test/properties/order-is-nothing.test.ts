import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Nested } from '../../src/policy/Nested.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Rule } from '../../src/policy/Rule.js'
import type { State } from '../../src/policy/State.js'
import { decideIn, situations } from './situation.js'

const permuted = <T>(list: readonly T[], order: readonly number[]): T[] =>
  order.flatMap((index) => {
    const item = list[index]
    return item === undefined ? [] : [item]
  })

const orderOf = (length: number, seeds: readonly number[]): number[] =>
  [...Array(length).keys()].sort((a, b) => (seeds[a % seeds.length] ?? 0) - (seeds[b % seeds.length] ?? 0))

const seeds = fc.array(fc.nat(), { minLength: 8, maxLength: 8 })

/** The rules in another order, and those inside blocks too. */
const permutedRules = (rules: readonly Rule[], seed: readonly number[]): Rule[] =>
  permuted(rules, orderOf(rules.length, seed)).map((rule) =>
    rule.effect === 'deny' || rule.nested === undefined
      ? rule
      : {
          ...rule,
          nested: rule.nested.map((nested): Nested => ({ ...nested, rules: permutedRules(nested.rules, seed) })),
        },
  )

test('rules may be permuted, in blocks too: outcome, charges and state stay, and so do the codes of a denial', () => {
  fc.assert(
    fc.property(situations(), seeds, (situation, seed) => {
      const { policy, now } = situation
      const rules = permutedRules(policy.rules, seed)
      const one = decideIn(situation)
      const other = decideIn({ ...situation, policy: { ...policy, rules } })
      expect(other.outcome).toBe(one.outcome)
      if (one.outcome === 'allow' && other.outcome === 'allow') {
        expect(other.charges).toEqual(one.charges)
        expect(other.state).toEqual(one.state)
        expect(other.validFrom).toBeLessThanOrEqual(now)
        expect(other.validUntil).toBeGreaterThan(now)
      }
      if (one.outcome === 'deny' && other.outcome === 'deny')
        expect(new Set(other.denials.map(({ code }) => code))).toEqual(new Set(one.denials.map(({ code }) => code)))
    }),
    { numRuns: 500 },
  )
})

test('meters and tokens may be permuted', () => {
  fc.assert(
    fc.property(situations(), seeds, (situation, seed) => {
      const { policy, state } = situation
      const order = orderOf(policy.meters.length, seed)
      const moved: Policy = withMeters(policy, order)
      const movedState: State = { ...state, meters: permuted(state.meters, order) }
      const one = decideIn(situation)
      const other = decideIn({ ...situation, policy: moved, state: movedState })
      expect(other.outcome).toBe(one.outcome)
      if (one.outcome === 'allow' && other.outcome === 'allow') {
        expect(other.state.meters).toEqual(permuted(one.state.meters, order))
        expect([other.validFrom, other.validUntil]).toEqual([one.validFrom, one.validUntil])
      }
    }),
    { numRuns: 300 },
  )
})

const withMeters = (policy: Policy, order: readonly number[]): Policy => {
  const { paidBy } = policy.fees
  return {
    ...policy,
    tokens: [...policy.tokens].reverse(),
    meters: permuted(policy.meters, order),
    fees: { ...policy.fees, paidBy: 'meter' in paidBy ? { ...paidBy, meter: order.indexOf(paidBy.meter) } : paidBy },
    rules: policy.rules.map((rule) => withCharges(rule, order)),
  }
}

const withCharges = (rule: Rule, order: readonly number[]): Rule =>
  rule.effect === 'deny'
    ? rule
    : {
        ...rule,
        charges: rule.charges.map((charge) =>
          charge.kind === 'meter' ? { ...charge, meter: order.indexOf(charge.meter) } : charge,
        ),
        ...(rule.nested && {
          nested: rule.nested.map((nested): Nested => ({
            ...nested,
            rules: nested.rules.map((inner) => withCharges(inner, order)),
          })),
        }),
      }
