import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule, Rule } from '../../src/policy/Rule.js'
import { concerns } from '../../src/semantics/concerns.js'
import { decide } from '../../src/semantics/decide.js'
import {
  alice,
  argumentPlace,
  binding,
  bob,
  callDataOf,
  fresh,
  multisendOf,
  multiSend,
  payroll,
  transfer,
  transferRule,
  usdc,
} from '../semantics/fixtures.js'
import { allowedSituations, carryingSituations, decideIn, withBlock } from './situation.js'

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

test('a deny rule holds at every depth inside the place where it stands, and one that does not match changes nothing', () => {
  const forms = new Set<string | undefined>()
  fc.assert(
    fc.property(carryingSituations(), fc.nat(), fc.nat(), fc.boolean(), (situation, choice, at, inBlock) => {
      const { policy, carried } = situation
      const one = carried[choice % carried.length]
      const block = policy.rules[one?.rule ?? -1]
      if (one === undefined || block?.effect !== 'allow') throw new Error('a call is carried')
      forms.add(one.call.carried)
      const used = block.nested?.[one.block]?.rules.find((rule) => concerns(rule, one.call))
      if (used === undefined) throw new Error('a rule is about the call')
      const deny: DenyRule = { effect: 'deny', target: one.call.to, action: used.action, where: [] }
      // Another rule may allow the call that carries, with a block of its own.
      const rules = policy.rules.filter((rule, index) => rule.effect === 'deny' || index === one.rule)
      const alone: Policy = { ...policy, rules }
      const before = decideIn({ ...situation, policy: alone })
      fc.pre(before.outcome === 'allow')
      const place = { ...one, rule: rules.indexOf(block) }
      const put = (rule: Rule): Policy =>
        inBlock
          ? withBlock(alone, place, (rules) => [...rules.slice(0, at % 3), rule, ...rules.slice(at % 3)])
          : insert(alone, rule, at)
      expect(decideIn({ ...situation, policy: put(deny) }).outcome).toBe('deny')
      const silent = decideIn({ ...situation, policy: put({ ...deny, where: [{ kind: 'false' }] }) })
      expect(silent).toMatchObject({ ...before, rules: expect.anything() })
    }),
    { numRuns: 60 },
  )
  expect(forms).toEqual(new Set(['calls', 'multisend', 'commands']))
})

test('a deny rule of one block does not reach into another', () => {
  const block = (rules: readonly Rule[]): AllowRule => ({
    effect: 'allow',
    target: bob,
    action: multiSend,
    where: [],
    charges: [],
    unlimited: [],
    nested: [{ form: 'multisend', list: { place: argumentPlace(0) }, rules }],
  })
  const deny: DenyRule = { effect: 'deny', target: usdc, action: transferRule.action, where: [] }
  const outcome = (rules: readonly Rule[], ...calls: Call[]) => {
    const policy: Policy = { ...payroll, rules }
    return decide(policy, binding, fresh(policy), { callData: callDataOf(...calls) }, policy.from).outcome
  }
  const inside = multisendOf(bob, transfer(alice, 1n))
  const twice = multisendOf(bob, inside)
  expect(outcome([block([transferRule])], inside)).toBe('allow')
  expect(outcome([block([transferRule, deny])], inside)).toBe('deny')
  // Outside of the block the same call may be made.
  expect(outcome([block([transferRule, deny]), transferRule], transfer(alice, 1n))).toBe('allow')
  expect(outcome([block([block([transferRule])])], twice)).toBe('allow')
  for (const rules of [
    [block([block([transferRule, deny])])],
    [block([block([transferRule]), deny])],
    [block([block([transferRule])]), deny],
  ])
    expect(outcome(rules, twice)).toBe('deny')
})
