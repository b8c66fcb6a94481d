import { expect, test } from 'vitest'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, Rule } from '../../src/policy/Rule.js'
import { decide } from '../../src/semantics/decide.js'
import { alice, argumentPlace, binding, bob, callDataOf, callOf, fresh, multiSend, multisendOf } from './fixtures.js'
import { number, payroll, start, sum, transfer, transferRule, usdc } from './fixtures.js'

const multicall: FunctionAction = {
  kind: 'call',
  name: 'multicall',
  inputs: [{ name: 'data', type: { kind: 'array', element: { kind: 'bytes' } } }],
}
const plain = { effect: 'allow', where: [], charges: [], unlimited: [] } as const
const records = (rules: readonly Rule[]): AllowRule => ({
  ...plain,
  target: bob,
  action: multiSend,
  nested: [{ form: 'multisend', list: { place: argumentPlace(0) }, rules }],
})
const calls = (rules: readonly Rule[], unlimited: AllowRule['unlimited']): AllowRule => ({
  ...plain,
  target: usdc,
  action: multicall,
  unlimited,
  nested: [{ form: 'calls', list: argumentPlace(0), rules }],
})
const decided = (rules: readonly Rule[], call: Call, meters = payroll.meters) => {
  const policy: Policy = { ...payroll, meters, rules }
  return decide(policy, binding, fresh(policy), { callData: callDataOf(call) }, start)
}

test('the value of a record is asked of its rule, that of a call to itself of the rule around', () => {
  const send: AllowRule = { ...plain, target: alice, action: { kind: 'send' } }
  const gift: Call = { to: alice, value: 5n, data: '0x' }
  expect(decided([records([send])], multisendOf(bob, gift))).toMatchObject({
    denials: [{ code: 'nested-call-denied', actual: 'value-not-allowed', rule: 0, callIndex: 0, retry: 'change-args' }],
  })
  expect(decided([records([{ ...send, unlimited: ['ETH'] }])], multisendOf(bob, gift)).outcome).toBe('allow')
  const itself = { ...callOf(usdc, 'multicall', [{ type: 'bytes[]' }], [[transfer(alice, 1n).data]]), value: 5n }
  expect(decided([calls([transferRule], ['ETH'])], itself).outcome).toBe('allow')
  expect(decided([calls([transferRule], [])], itself)).toMatchObject({ denials: [{ code: 'value-not-allowed' }] })
})

test('every carried call is charged, by the first rule that holds, and a rule that was tried leaves no trace', () => {
  const meters: Policy['meters'] = [...payroll.meters, { counts: 'calls', limit: 3n, window: { kind: 'total' } }]
  const tried: AllowRule = {
    ...transferRule,
    hours: { start: 0, end: 1440, weekdays: 127 },
    where: [{ kind: 'false' }],
  }
  const counted: AllowRule = {
    ...transferRule,
    until: start + 600,
    charges: [...transferRule.charges, { kind: 'meter', meter: 2, amount: sum(number(1n)), assetChecked: true }],
  }
  const rules = [records([tried, counted])]
  const twice = decided(rules, multisendOf(bob, transfer(alice, 2n), transfer(bob, 3n)), meters)
  expect(twice).toMatchObject({
    outcome: 'allow',
    rules: [0],
    charges: [
      { meter: 1, amount: 5n },
      { meter: 2, amount: 2n },
    ],
    validFrom: start,
    validUntil: start + 600,
  })
  const four = multisendOf(bob, ...Array.from({ length: 4 }, () => transfer(alice, 1n)))
  expect(decided(rules, four, meters)).toMatchObject({ denials: [{ code: 'meter-exceeded', rule: 0 }] })
})

test('what is to be done about a call inside is what is to be done about the whole', () => {
  const retryFor = (rule: AllowRule, call = transfer(alice, 1n)) => {
    const decision = decided([records([rule])], multisendOf(bob, call))
    return decision.outcome === 'deny' ? decision.denials.map(({ actual, retry }) => `${actual} ${retry}`).join() : ''
  }
  expect(retryFor({ ...transferRule, from: start + 1 })).toBe('rule-not-yet-valid later')
  expect(retryFor({ ...transferRule, until: start })).toBe('rule-expired ask-owner')
  expect(retryFor(transferRule, transfer(usdc, 1n))).toBe('condition-failed change-args')
  expect(retryFor(transferRule, transfer(alice, 1n, bob))).toBe('no-rule ask-owner')
  expect(retryFor(transferRule, { ...transfer(alice, 1n), to: payroll.account })).toBe('forbidden-target change-args')
})
