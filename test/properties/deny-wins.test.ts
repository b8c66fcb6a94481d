import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Policy } from '../../src/policy/Policy.js'
import type { DenyRule, Rule } from '../../src/policy/Rule.js'
import { allowedSituations, decideIn } from './situation.js'

const insert = (policy: Policy, rule: Rule, at: number): Policy => {
  const rules = [...policy.rules]
  rules.splice(at % (rules.length + 1), 0, rule)
  return { ...policy, rules }
}

const usedRule = (policy: Policy, index: number | undefined) => {
  const rule = policy.rules[index ?? -1]
  if (rule?.effect !== 'allow') throw new Error('an allow rule is used')
  return rule
}

test('a deny rule that matches one call denies the operation, wherever it stands and whatever allows it', () => {
  fc.assert(
    fc.property(allowedSituations(), fc.nat(), fc.nat(), fc.nat({ max: 2 }), (situation, call, at, form) => {
      const { policy, allowed } = situation
      const used = usedRule(policy, allowed.rules[call % allowed.rules.length])
      const forms: readonly DenyRule[] = [
        { effect: 'deny', target: used.target, action: { kind: 'any' }, where: [] },
        { effect: 'deny', target: used.target, action: used.action, where: [] },
        // What made the allow rule hold makes the deny rule hold; a bound on `now` may not stand in one.
        {
          effect: 'deny',
          target: used.target,
          action: used.action,
          where: used.where.filter(({ kind }) => kind !== 'now'),
        },
      ]
      const deny = forms[form]
      if (deny === undefined) throw new Error('there are three forms')
      expect(decideIn({ ...situation, policy: insert(policy, deny, at) })).toMatchObject({
        outcome: 'deny',
        denials: expect.arrayContaining([expect.objectContaining({ code: 'denied-by-rule' })]),
      })
    }),
    { numRuns: 300 },
  )
})

test('a deny rule that does not match changes nothing', () => {
  fc.assert(
    fc.property(allowedSituations(), fc.nat(), fc.nat(), (situation, call, at) => {
      const { policy, allowed } = situation
      const { target, action } = usedRule(policy, allowed.rules[call % allowed.rules.length])
      const silent: DenyRule = { effect: 'deny', target, action, where: [{ kind: 'false' }] }
      const elsewhere: DenyRule = {
        effect: 'deny',
        target: '0x00000000000000000000000000000000000000fe',
        action: { kind: 'any' },
        where: [],
      }
      for (const deny of [silent, elsewhere]) {
        const { outcome, charges, state, validFrom, validUntil } = allowed
        expect(decideIn({ ...situation, policy: insert(policy, deny, at) })).toMatchObject({
          outcome,
          charges,
          state,
          validFrom,
          validUntil,
        })
      }
    }),
    { numRuns: 150 },
  )
})

test('a timed deny rule denies in its time, and before it cuts the interval short', () => {
  fc.assert(
    fc.property(allowedSituations(), fc.nat({ max: 1000 }), (situation, later) => {
      const { policy, allowed, now } = situation
      const { target, action } = usedRule(policy, allowed.rules[0])
      const from = now + later
      const decision = decideIn({
        ...situation,
        policy: insert(policy, { effect: 'deny', target, action, where: [], from }, 0),
      })
      if (later === 0) expect(decision.outcome).toBe('deny')
      else
        expect(decision).toMatchObject({
          validFrom: allowed.validFrom,
          validUntil: Math.min(allowed.validUntil, from),
        })
    }),
    { numRuns: 150 },
  )
})
