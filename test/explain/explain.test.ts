import { expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.js'
import { payroll } from '../semantics/fixtures.js'
import { careless, pocketMoney, swapper } from './policies.js'

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
