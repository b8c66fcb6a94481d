import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import { callsOf } from '../../src/semantics/callsOf.js'
import { concerns } from '../../src/semantics/concerns.js'
import { decide } from '../../src/semantics/decide.js'
import { encodeCalls } from '../arbitraries/operation.js'
import { allowedSituations, carryingSituations, decideIn, situations, withBlock } from './situation.js'

const concerning = ({ rules }: Policy, call: Call): number[] =>
  rules.flatMap((rule, index) => {
    if (rule.effect === 'deny') return []
    return concerns(rule, call) ? [index] : []
  })

test('an allowed operation has for every call an allow rule of its target and function', () => {
  fc.assert(
    fc.property(allowedSituations(), ({ policy, operation, allowed }) => {
      const calls = callsOf(operation.callData) ?? []
      expect(calls.length).toBeGreaterThan(0)
      expect(allowed.rules.length).toBe(calls.length)
      for (const [index, call] of calls.entries()) expect(concerning(policy, call)).toContain(allowed.rules[index])
    }),
    { numRuns: 200 },
  )
})

test('without the allow rules that concern one of its calls an operation is denied', () => {
  fc.assert(
    fc.property(allowedSituations(), fc.nat(), (situation, choice) => {
      const { policy, operation } = situation
      const calls = callsOf(operation.callData) ?? []
      const call = calls[choice % calls.length]
      if (call === undefined) throw new Error('an allowed operation has a call')
      const without = concerning(policy, call)
      const rules = policy.rules.filter((_, index) => !without.includes(index))
      expect(decideIn({ ...situation, policy: { ...policy, rules } })).toMatchObject({
        outcome: 'deny',
        denials: expect.arrayContaining([expect.objectContaining({ code: 'no-rule' })]),
      })
    }),
    { numRuns: 200 },
  )
})

test('one call more that no rule is about denies the whole operation', () => {
  fc.assert(
    fc.property(allowedSituations(), fc.nat(), (situation, choice) => {
      const { policy, binding, state, now, operation } = situation
      const calls = [...(callsOf(operation.callData) ?? [])]
      const [first] = calls
      if (first === undefined) throw new Error('an allowed operation has a call')
      const stranger: Call = { ...first, to: '0x00000000000000000000000000000000000000fe' }
      calls.splice(choice % (calls.length + 1), 0, stranger)
      const decision = decide(policy, binding, state, { ...operation, callData: encodeCalls(calls) }, now)
      expect(decision.outcome).toBe('deny')
    }),
    { numRuns: 200 },
  )
})

test('it always answers: whatever the operation, allow or deny with a reason', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => `0x${Buffer.from(data).toString('hex')}` as const)
  fc.assert(
    fc.property(situations(), fc.option(bytes), fc.integer(), (situation, garbage, now) => {
      const operation = garbage === null ? situation.operation : { ...situation.operation, callData: garbage }
      for (const moment of [situation.now, now, Number.NaN, Infinity]) {
        const decision = decideIn({ ...situation, operation, now: moment })
        if (decision.outcome === 'deny') expect(decision.denials.length).toBeGreaterThan(0)
        else expect(garbage).toBeNull()
      }
    }),
    { numRuns: 300 },
  )
})

test('a carried call is allowed by a rule of its block alone: without those that concern it, all is denied', () => {
  const forms = new Set<string | undefined>()
  fc.assert(
    fc.property(carryingSituations(), fc.nat(), (situation, choice) => {
      const { policy, carried } = situation
      const one = carried[choice % carried.length]
      if (one === undefined) throw new Error('a call is carried')
      forms.add(one.call.carried)
      let left = 0
      const without = withBlock(policy, one, (rules) =>
        rules.filter((rule) => {
          const stays = rule.effect === 'deny' || !concerns(rule, one.call)
          if (!stays) left += 1
          return stays
        }),
      )
      expect(left).toBeGreaterThan(0)
      // Another rule of the policy may allow the call that carries; it is not asked here.
      const rules = without.rules.filter((rule, index) => index === one.rule || rule.effect === 'deny')
      expect(decideIn({ ...situation, policy: { ...without, rules } }).outcome).toBe('deny')
    }),
    { numRuns: 60 },
  )
  expect(forms).toEqual(new Set(['calls', 'multisend', 'commands']))
})
