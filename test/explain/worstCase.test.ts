import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rulesWithin } from '../../src/explain/rulesWithin.js'
import { worstCases } from '../../src/explain/worstCase.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { decide } from '../../src/semantics/decide.js'
import { buildBinding } from '../arbitraries/binding.js'
import { buildMoments } from '../arbitraries/moment.js'
import { buildOperation } from '../arbitraries/operation.js'
import { buildPolicy } from '../arbitraries/policy.js'
import { arbitrary, SIZE } from '../arbitraries/Source.js'
import { freshState } from '../properties/situation.js'
import { environment, number, payroll, sum, usdc } from '../semantics/fixtures.js'

const lives = arbitrary({ ...SIZE.medium, choices: 3000 }, (source) => {
  const policy = buildPolicy(source, SIZE.medium)
  const binding = buildBinding(source)
  const steps = buildMoments(source, policy, 8).map((now) => ({
    now,
    operation: buildOperation(source, policy, now, binding),
  }))
  return { policy, binding, steps }
})

test('in a whole life no more of an asset is counted than the worst case says', () => {
  let counted = 0
  fc.assert(
    fc.property(lives, ({ policy, binding, steps }) => {
      const assetOf = (meter: number) => policy.meters[meter]?.counts
      // Where one rule counts an asset in several meters, adding the meters up would count it several times.
      const simple = policy.rules
        .flatMap((rule) => rulesWithin(rule, ''))
        .every(({ rule }) => {
          const counted =
            rule.effect === 'deny'
              ? []
              : rule.charges.flatMap((charge) => (charge.kind === 'meter' ? [assetOf(charge.meter)] : []))
          return new Set(counted).size === counted.length
        })
      fc.pre(simple)
      let state = freshState(policy)
      const spent = new Map<unknown, bigint>()
      for (const { now, operation } of steps) {
        const decision = decide(policy, binding, state, operation, now)
        if (decision.outcome === 'deny') continue
        state = decision.state
        for (const { meter, amount } of decision.charges)
          spent.set(assetOf(meter), (spent.get(assetOf(meter)) ?? 0n) + amount)
      }
      for (const { asset, atMost, unbounded } of worstCases(policy)) {
        const sum = spent.get(asset) ?? 0n
        if (sum > 0n) counted += 1
        if (unbounded.length === 0) expect(sum <= atMost).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
  expect(counted).toBeGreaterThan(10)
})

test('the worst case is one bound for each rule, and a shared bound counts once', () => {
  const ether = (meter: number) =>
    ({ kind: 'meter', meter, amount: sum(environment('call.value')), assetChecked: true }) as const
  const call = { kind: 'meter', meter: 3, amount: sum(number(1n)), assetChecked: true } as const
  const perCall = {
    kind: 'per call',
    asset: 'ETH',
    limit: 5n,
    amount: sum(environment('call.value')),
    assetChecked: true,
  } as const
  const policy: Policy = {
    ...payroll,
    fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
    meters: [
      { counts: 'ETH', limit: 1000n, window: { kind: 'total' } },
      { counts: 'ETH', limit: 10n, window: { kind: 'period', seconds: 86_400 } },
      { counts: 'ETH', limit: 65n, window: { kind: 'total' } },
      { counts: 'calls', limit: 2n, window: { kind: 'total' } },
    ],
    rules: [[ether(1)], [ether(1), ether(2)], [perCall, call], [ether(0), perCall, call]].map((charges): AllowRule => ({
      effect: 'allow',
      target: usdc,
      action: { kind: 'send' },
      where: [],
      unlimited: [],
      charges,
    })),
  }
  // 1000 for the fees and the last rule, 70 in seven days for the first two, 2 calls of 5 for the third.
  expect(worstCases(policy)).toEqual([{ asset: 'ETH', atMost: 1080n, unbounded: [] }])
  const loose: AllowRule = {
    effect: 'allow',
    target: usdc,
    action: { kind: 'send' },
    where: [],
    unlimited: [],
    charges: [perCall],
  }
  const open: Policy = { ...policy, rules: [...policy.rules, loose] }
  expect(worstCases(open)).toEqual([{ asset: 'ETH', atMost: 1080n, unbounded: ['5'] }])
})
