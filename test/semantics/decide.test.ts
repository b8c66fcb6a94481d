import { expect, test } from 'vitest'
import type { Decision } from '../../src/policy/Decision.js'
import { decide } from '../../src/semantics/decide.js'
import { alice, binding, callDataOf, fresh, key, payroll, start, transfer } from './fixtures.js'

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
