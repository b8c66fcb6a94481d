import { expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.js'
import { payroll, transferRule, usdc } from '../semantics/fixtures.js'
import { careless, carrier, particular, pocketMoney, swapper } from './policies.js'

test('a payroll reads as its owner meant it', () => {
  expect(explain(payroll)).toMatchSnapshot()
})

test('a swapper reads with its conditions, hours, shared budgets, approvals and denials', () => {
  expect(explain(swapper)).toMatchSnapshot()
})

test('what is unlimited, unchecked or without a budget is said', () => {
  expect(explain(careless)).toMatchSnapshot()
  expect(explain(pocketMoney)).toMatchSnapshot()
})

test('lists, parts of bytes, bits, sums and rolling budgets are told in full', () => {
  expect(explain(particular)).toMatchSnapshot()
})

test('what may be inside a call stands below it, at every depth, with its budgets, hours, approvals and denials', () => {
  expect(explain(carrier)).toMatchSnapshot()
})

test('fields that are not given yet are told as such', () => {
  const text = explain(payroll, { open: ['account', 'key', 'chain', 'from'] })
  expect(text).toMatchSnapshot()
  expect(text).not.toContain('0x70997970C51812dc3A010C7d01b50e0d17dc79C8')
})

test('a total budget, and a session no longer than one window, have no window edge to warn of', () => {
  const total = {
    ...payroll,
    meters: payroll.meters.map((meter) => ({ ...meter, window: { kind: 'total' as const } })),
  }
  expect(explain(total)).not.toContain('window edge')
  expect(explain({ ...payroll, until: payroll.from + 86_400 })).not.toContain('window edge')
  expect(explain({ ...payroll, until: payroll.from + 86_401 })).toContain(
    'up to 200 USDC within 1 day across a window edge',
  )
})

test('a budget that many rules share is said in few words, and ten thousand rules are explained at once', () => {
  const rules = Array.from({ length: 10_000 }, (_, index) =>
    index === 3 ? { ...transferRule, charges: [], unlimited: [usdc] } : transferRule,
  )
  const started = performance.now()
  const text = explain({ ...payroll, rules })
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(text).toContain('shared by rules [1] to [3], [5] to [10000];')
})
