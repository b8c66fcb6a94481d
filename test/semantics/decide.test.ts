import { expect, test } from 'vitest'
import type { Decision } from '../../src/policy/Decision.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { State } from '../../src/policy/State.js'
import { decide } from '../../src/semantics/decide.js'
import { alice, binding, callDataOf, freeGas, fresh, key, payroll, start, transfer } from './fixtures.js'

const codes = (decision: Decision): string[] =>
  decision.outcome === 'deny' ? decision.denials.map(({ code }) => code) : []

test('a transfer within the budget is allowed, charged and bounded by its window', () => {
  const decision = decide(
    payroll,
    binding,
    fresh(payroll),
    { callData: callDataOf(transfer(alice, 60_000_000n)) },
    start,
  )
  expect(decision).toEqual({
    outcome: 'allow',
    rules: [0],
    charges: [{ meter: 1, amount: 60_000_000n }],
    state: {
      status: 'active',
      meters: [
        { window: 0, spent: 0n },
        { window: 0, spent: 60_000_000n },
      ],
    },
    validFrom: start,
    validUntil: start + 86_400,
  })
})

test('a batch is charged as a whole', () => {
  const callData = callDataOf(transfer(alice, 60_000_000n), transfer(alice, 40_000_001n))
  expect(codes(decide(payroll, binding, fresh(payroll), { callData }, start))).toEqual(['meter-exceeded'])
})

test('what no rule allows is denied', () => {
  const callData = callDataOf(transfer(key, 1n))
  expect(codes(decide(payroll, binding, fresh(payroll), { callData }, start))).toEqual(['condition-failed'])
  const elsewhere = callDataOf({ ...transfer(alice, 1n), to: alice })
  expect(codes(decide(payroll, binding, fresh(payroll), { callData: elsewhere }, start))).toEqual(['no-rule'])
})

test('a session that is not active allows nothing, and every reason outside the calls is given at once', () => {
  const operation = { callData: callDataOf(transfer(alice, 1n)) }
  for (const status of ['none', 'revoked', 'killed'] as const)
    expect(codes(decide(payroll, binding, { ...fresh(payroll), status }, operation, start))).toEqual([
      'session-not-active',
    ])
  const late = decide(payroll, binding, { ...fresh(payroll), status: 'killed' }, { callData: '0x12' }, payroll.until)
  expect(codes(late)).toEqual(['session-not-active', 'expired', 'malformed-operation'])
})

test('what is no bytes is no operation', () => {
  for (const callData of ['0x1', '0xzz', '', 'b61d27f6', `${callDataOf(transfer(alice, 1n))}0`])
    expect(codes(decide(payroll, binding, fresh(payroll), { callData: callData as Hex }, start))).toEqual([
      'malformed-operation',
    ])
  const fees = { ...freeGas, paymasterAndData: '0x0' as const }
  const operation = { callData: callDataOf(transfer(alice, 1n)), fees }
  expect(codes(decide(payroll, binding, fresh(payroll), operation, start))).toEqual(['malformed-operation'])
})

test('gas fields that fit no UserOperation are refused, each by its own width', () => {
  const operation = (fees: Partial<OperationFees>) => ({
    callData: callDataOf(transfer(alice, 1n)),
    fees: { ...freeGas, ...fees },
  })
  const names = ['callGasLimit', 'verificationGasLimit', 'maxFeePerGas', 'maxPriorityFeePerGas'] as const
  for (const name of names) {
    expect(decide(payroll, binding, fresh(payroll), operation({ [name]: 2n ** 128n - 1n }), start).outcome).toBe(
      'allow',
    )
    for (const value of [2n ** 128n, -1n])
      expect(codes(decide(payroll, binding, fresh(payroll), operation({ [name]: value }), start))).toEqual([
        'malformed-operation',
      ])
  }
  const pre = (preVerificationGas: bigint) =>
    decide(payroll, binding, fresh(payroll), operation({ preVerificationGas }), start)
  expect(pre(2n ** 256n - 1n).outcome).toBe('allow')
  expect(codes(pre(2n ** 256n))).toEqual(['malformed-operation'])
})

test('a state that lacks a meter allows nothing', () => {
  const operation = { callData: callDataOf(transfer(alice, 0n)) }
  const lacking: State = { status: 'active', meters: [] }
  expect(codes(decide(payroll, binding, lacking, operation, start))).toEqual(['meter-exceeded'])
})

test('what to do about a full meter depends on its window, and on whether the operation fits into any', () => {
  const retry = (policy: Policy, spent: bigint, ...amounts: bigint[]) => {
    const state: State = { status: 'active', meters: [0n, spent].map((spent) => ({ window: 0, spent })) }
    const callData = callDataOf(...amounts.map((amount) => transfer(alice, amount)))
    const decision = decide(policy, binding, state, { callData }, start)
    return decision.outcome === 'deny' ? decision.denials.map((denial) => denial.retry) : []
  }
  const total: Policy = { ...payroll, meters: payroll.meters.map((meter) => ({ ...meter, window: { kind: 'total' } })) }
  expect(retry(payroll, 0n, 100_000_001n)).toEqual(['change-args'])
  expect(retry(payroll, 0n, 60_000_000n, 60_000_000n)).toEqual(['change-args'])
  expect(retry(payroll, 60_000_000n, 60_000_000n)).toEqual(['later'])
  expect(retry(total, 60_000_000n, 60_000_000n)).toEqual(['ask-owner'])
})
