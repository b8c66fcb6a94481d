import { expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import * as evaluator from '../../src/evaluator/index.js'
import { explainDecision } from '../../src/explain/explainDecision.js'
import type { Call, OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { State } from '../../src/policy/State.js'
import { decide } from '../../src/semantics/decide.js'
import {
  account,
  alice,
  argument,
  binding,
  bob,
  callDataOf,
  fresh,
  freeGas,
  key,
  payroll,
  start,
  sum,
  transfer,
  uint256,
  usdc,
  weth,
} from '../semantics/fixtures.js'
import { carrier } from './policies.js'

/** What the evaluator, which knows the facts, says in sentences. */
const explained = (calls: Call[], now = start, fees?: OperationFees, spent = 0n, policy: Policy = payroll): string => {
  const session = evaluator.load(encode(policy, binding))
  const state: State = {
    status: 'active',
    meters: [
      { window: 0, spent: 0n },
      { window: 0, spent },
    ],
  }
  const operation = { callData: callDataOf(...calls), ...(fees ? { fees } : {}) }
  return explainDecision(policy, evaluator.decide(session, state, operation, now))
}

test('an allowed operation says by which rule, what is counted, what is left and until when', () => {
  expect(explained([transfer(alice, 60_000_000n), transfer(bob, 1n)], start, freeGas)).toMatchInlineSnapshot(`
    "Allowed.
      Call 1 is allowed by rule [1] (transfer on USDC).
      Call 2 is allowed by rule [1] (transfer on USDC).
      It counts 0 ETH of 0.01 ETH a day; 0.01 ETH left in this window.
      It counts 60.000001 USDC of 100 USDC a day; 39.999999 USDC left in this window.
      It may be included from 2026-11-22 13:00:00 UTC until just before 2026-11-23 13:00:00 UTC.
    "
  `)
})

test('a denied one says what was asked, what is left and when to try again', () => {
  expect(explained([transfer(alice, 60_000_000n)], start + 100, undefined, 50_000_000n)).toMatchInlineSnapshot(`
    "Denied.
      Call 1: it is more than the budget or limit has left (60 USDC asked, 50 USDC left of 100 USDC a day). Try again from 2026-11-23 13:00:00 UTC.
    "
  `)
  expect(explained([transfer(alice, 1n)], start, { ...freeGas, callGasLimit: 10n ** 10n, maxFeePerGas: 10n ** 9n }))
    .toMatchInlineSnapshot(`
      "Denied.
        The operation: gas may cost more than the fee budget has left (10 ETH asked, 0.01 ETH left of 0.01 ETH a day). It may pass with other values.
      "
    `)
  expect(explained([transfer(alice, 1n)], start - 1)).toMatchInlineSnapshot(`
    "Denied.
      The operation: the session begins at 2026-11-22 13:00:00 UTC. Try again from 2026-11-22 13:00:00 UTC.
    "
  `)
})

test('every reason is a sentence', () => {
  const calls: Call[] = [
    transfer(key, 1n),
    transfer(alice, 1n, weth),
    { to: account, value: 0n, data: '0x' },
    { ...transfer(alice, 1n), value: 5n },
  ]
  expect(explained(calls, start, { ...freeGas, paymasterAndData: `0x${'00'.repeat(52)}` })).toMatchInlineSnapshot(`
    "Denied.
      Call 1: a condition of rule [1] (transfer on USDC) does not hold (\`to\`, must be in [0x1111111111111111111111111111111111111111, 0x2222222222222222222222222222222222222222], is 0x70997970c51812dc3a010c7d01b50e0d17dc79c8). It may pass with other values.
      Call 2: no rule is about this target and function (asked for 0x4200000000000000000000000000000000000006 0xa9059cbb). Only the owner can change that.
      Call 3: the account itself, the session module and the EntryPoints may not be called (asked for 0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c). This never passes.
      Call 4: rule [1] (transfer on USDC) sends no ether (\`call.value\`, must be 0, is 5). It may pass with other values.
      The operation: this way of paying for gas is not allowed (\`op.paymasterAndData\`, must be 0x, is 0x0000000000000000000000000000000000000000). It may pass with other values.
    "
  `)
})

test('what a rolling budget has left is what the last eight eighths and the present one leave', () => {
  const policy: Policy = {
    ...payroll,
    meters: payroll.meters.map((meter) => ({ ...meter, window: { kind: 'rolling', seconds: 86_400 } })),
  }
  const past = [10_000_000n, 0n, 0n, 0n, 0n, 0n, 0n, 20_000_000n]
  const state: State = {
    status: 'active',
    meters: [fresh(policy).meters[0] ?? { window: 0, spent: 0n }, { window: 7, spent: 5_000_000n, past }],
  }
  const operation = { callData: callDataOf(transfer(alice, 1_000_000n)) }
  const at = (window: number) =>
    explainDecision(policy, decide(policy, binding, state, operation, start + window * 10_800))
  expect(at(7)).toContain('It counts 1 USDC of 100 USDC within any 1 day; 64 USDC left now.')
  expect(at(8)).toContain('84 USDC left now.')
})

test('a limit for one call is said in its unit', () => {
  const [rule] = payroll.rules
  if (rule?.effect !== 'allow') throw new Error('the first rule allows')
  const amount = sum(argument(1, uint256))
  const limited: Policy = {
    ...payroll,
    rules: [
      {
        ...rule,
        charges: [...rule.charges, { kind: 'per call', asset: usdc, limit: 25_000_000n, amount, assetChecked: true }],
      },
    ],
  }
  expect(explained([transfer(alice, 26_500_000n)], start, undefined, 0n, limited)).toMatchInlineSnapshot(`
    "Denied.
      Call 1: it is more than rule [1] (transfer on USDC) allows in one call (26.5 USDC asked, 25 USDC at most). It may pass with other values.
    "
  `)
})

test('a session that is not in force, or has ended, is said to be so', () => {
  const denied = (actual: 'none' | 'revoked' | 'killed'): string =>
    explainDecision(payroll, { outcome: 'deny', denials: [{ code: 'session-not-active', actual, retry: 'ask-owner' }] })
  expect([denied('none'), denied('revoked'), denied('killed')]).toEqual([
    'Denied.\n  The operation: the session is not in force. Only the owner can change that.\n',
    'Denied.\n  The operation: the session is revoked. Only the owner can change that.\n',
    'Denied.\n  The operation: the session is killed. Only the owner can change that.\n',
  ])
})

test('what is wrong with a call inside another is said, with its place', () => {
  const deny = { code: 'nested-call-denied', callIndex: 0, rule: 0, retry: 'change-args' } as const
  const text = (actual?: 'condition-failed') =>
    explainDecision(carrier, {
      outcome: 'deny',
      denials: [{ ...deny, path: actual ? 'transactions[2]' : 'transactions', ...(actual && { actual }) }],
    })
  expect(text('condition-failed')).toMatchInlineSnapshot(`
    "Denied.
      Call 1: rule [1] (multiSend on 0x2222222222222222222222222222222222222222) does not allow what it carries (\`transactions[2]\`: condition-failed). It may pass with other values.
    "
  `)
  expect(text()).toMatchInlineSnapshot(`
    "Denied.
      Call 1: rule [1] (multiSend on 0x2222222222222222222222222222222222222222) does not allow what it carries (\`transactions\`: the list cannot be read). It may pass with other values.
    "
  `)
})

test('the reference, which gives fewer facts, is explained too', () => {
  const decision = decide(
    payroll,
    binding,
    fresh(payroll),
    { callData: callDataOf(transfer(alice, 100_000_001n)) },
    start,
  )
  expect(explainDecision(payroll, decision)).toMatchInlineSnapshot(`
    "Denied.
      Call 1: it is more than the budget or limit has left. It may pass with other values.
    "
  `)
  expect(explainDecision(payroll, decide(payroll, binding, fresh(payroll), { callData: '0x' }, start)))
    .toMatchInlineSnapshot(`
      "Denied.
        The operation: this is no canonical call of execute or executeBatch with at least one call, or its gas fields do not fit. It may pass with other values.
      "
    `)
})
