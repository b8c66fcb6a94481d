import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowedAction } from '../../src/policy/Action.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { callsOf } from '../../src/semantics/callsOf.js'
import { decide } from '../../src/semantics/decide.js'
import { selectorOf } from '../arbitraries/draft.js'
import { encodeCalls } from '../arbitraries/operation.js'
import { argumentPlace, bob, callDataOf, fresh, multiSend, multisendOf, payroll } from '../semantics/fixtures.js'
import { allowedSituations, decideIn, situations, type Situation } from './situation.js'

const entryPoints: readonly Address[] = [
  '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  '0x0000000071727de22e5e9d8baf0edac6f37da032',
  '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
  '0x433709009b8330fda32311df1c2afa402ed8d009',
]
const forbidden = ({ policy, binding }: Situation): readonly Address[] => [
  policy.account,
  binding.module,
  ...entryPoints,
]

const actions: readonly AllowedAction[] = [
  { kind: 'send' },
  { kind: 'call', name: 'depositTo', inputs: [{ name: 'account', type: { kind: 'address' } }] },
]

/** The policy with rules that would allow anything to the targets, if it could be allowed. */
const wishing = (policy: Policy, targets: readonly Address[]): Policy => ({
  ...policy,
  rules: [
    ...targets.flatMap((target) =>
      actions.map((action): AllowRule => ({
        effect: 'allow',
        target,
        action,
        where: [],
        charges: [],
        unlimited: ['ETH'],
      })),
    ),
    ...policy.rules,
  ],
})

const data = fc.constantFrom<Hex>(
  '0x',
  `${selectorOf({ name: 'depositTo', inputs: [{ name: '', type: { kind: 'address' } }] })}${'00'.repeat(32)}`,
)

test('a call to the account, the module or an EntryPoint is denied whatever the rules say', () => {
  fc.assert(
    fc.property(allowedSituations(), data, fc.boolean(), fc.boolean(), (situation, data, asBatch, shouting) => {
      const { fees } = situation.operation
      const targets = forbidden(situation)
      const stranger: Address = '0x00000000000000000000000000000000000000fe'
      const policy = wishing(situation.policy, [...targets, stranger])
      const decisionOn = (to: Address) => {
        const plain = encodeCalls([{ to, value: 0n, data }], asBatch)
        const callData: Hex = shouting ? `0x${plain.slice(2).toUpperCase()}` : plain
        return decideIn({ ...situation, policy, operation: { callData, ...(fees ? { fees } : {}) } })
      }
      for (const target of targets)
        expect(decisionOn(target)).toEqual({
          outcome: 'deny',
          denials: [{ code: 'forbidden-target', callIndex: 0, retry: 'never' }],
        })
      // The same call to anyone else passes by the same rules (fees aside, which may be spent): the target alone is the reason.
      const other = decisionOn(stranger)
      expect(other.outcome === 'allow' || other.denials.every(({ code }) => code === 'fee-exceeded')).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test('one such call in a batch denies all of it', () => {
  fc.assert(
    fc.property(allowedSituations(), data, fc.nat(), fc.nat(), (situation, data, which, at) => {
      const { operation } = situation
      const targets = forbidden(situation)
      const to = targets[which % targets.length] ?? situation.policy.account
      const calls = [...(callsOf(operation.callData) ?? [])]
      calls.splice(at % (calls.length + 1), 0, { to, value: 0n, data })
      const policy = wishing(situation.policy, targets)
      const decision = decideIn({ ...situation, policy, operation: { ...operation, callData: encodeCalls(calls) } })
      expect(decision).toMatchObject({
        outcome: 'deny',
        denials: expect.arrayContaining([expect.objectContaining({ code: 'forbidden-target' })]),
      })
    }),
    { numRuns: 100 },
  )
})

test('no allowed operation of any policy calls them', () => {
  fc.assert(
    fc.property(situations(), (situation) => {
      const policy = wishing(situation.policy, forbidden(situation))
      if (decideIn({ ...situation, policy }).outcome === 'deny') return
      for (const { to } of callsOf(situation.operation.callData) ?? []) expect(forbidden(situation)).not.toContain(to)
    }),
    { numRuns: 200 },
  )
})

test('none of them is called from inside another call either, at any depth', () => {
  const stranger: Address = '0x00000000000000000000000000000000000000fe'
  const reasons = new Set<string>()
  fc.assert(
    fc.property(situations(), fc.integer({ min: 1, max: 4 }), fc.nat(), (situation, depth, which) => {
      const targets = forbidden(situation)
      const target = targets[which % targets.length] ?? situation.policy.account
      const inner = wishing({ ...situation.policy, rules: [] }, [target, stranger]).rules
      const rules = Array.from({ length: depth }).reduce<Policy['rules']>((nested) => {
        const block = { form: 'multisend', list: { place: argumentPlace(0) }, rules: nested } as const
        return [
          { effect: 'allow', target: bob, action: multiSend, where: [], charges: [], unlimited: [], nested: [block] },
        ]
      }, inner)
      const decisionOn = (to: Address) => {
        let call: Call = { to, value: 0n, data: '0x' }
        for (let around = 0; around < depth; around++) call = multisendOf(bob, call)
        const policy: Policy = { ...payroll, account: situation.policy.account, rules }
        return decide(policy, situation.binding, fresh(policy), { callData: callDataOf(call) }, policy.from)
      }
      fc.pre(situation.policy.account !== bob)
      expect(decisionOn(stranger).outcome).toBe('allow')
      const decision = decisionOn(target)
      expect(decision).toMatchObject({ outcome: 'deny', denials: [{ code: 'nested-call-denied' }] })
      if (decision.outcome === 'deny') reasons.add(`${depth} ${decision.denials[0]?.actual}`)
    }),
    { numRuns: 60 },
  )
  expect([...reasons].sort()).toEqual([
    '1 forbidden-target',
    '2 nested-call-denied',
    '3 nested-call-denied',
    '4 nested-call-denied',
  ])
})
