import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { printAmount } from '../../src/explain/printAmount.js'
import { printDuration, printMinute, printMoment, printPeriod, printWeekdays } from '../../src/explain/printDuration.js'
import { explain } from '../../src/explain/explain.js'
import { explainDecision } from '../../src/explain/explainDecision.js'
import { policies } from '../arbitraries/policy.js'
import { decideIn, situations } from '../properties/situation.js'
import { payroll, start, usdc } from '../semantics/fixtures.js'

test('durations are said in the largest unit that is exact', () => {
  const texts = [0, 1, 60, 90, 300, 3600, 5400, 86_400, 604_800, 1_209_600, 2_592_000].map(printDuration)
  expect(texts).toEqual([
    '0 seconds',
    '1 second',
    '1 minute',
    '90 seconds',
    '5 minutes',
    '1 hour',
    '90 minutes',
    '1 day',
    '1 week',
    '14 days',
    '30 days',
  ])
  expect([3600, 86_400, 604_800, 43_200].map(printPeriod)).toEqual(['an hour', 'a day', 'a week', 'every 12 hours'])
})

test('moments are said in UTC, as far as the format goes', () => {
  expect(printMoment(start)).toBe('2026-11-22 13:00:00 UTC')
  expect(printMoment(2 ** 38 - 1)).toBe('+010680-07-14 06:09:03 UTC')
  expect(printMoment(Infinity)).toBe('unix time Infinity')
  expect([0, 545, 1440].map(printMinute)).toEqual(['00:00', '09:05', '24:00'])
  expect([127, 31, 96, 1].map(printWeekdays)).toEqual(['every day', 'Monday to Friday', 'Saturday, Sunday', 'Monday'])
})

test('an amount reads back as the number that it was', () => {
  expect(
    [0n, 1n, 999_999n, 10n ** 6n, 5n * 10n ** 9n, 10n ** 12n, 15n * 10n ** 17n].map((wei) =>
      printAmount(wei, 'ETH', payroll),
    ),
  ).toEqual(['0 ETH', '1 wei', '999999 wei', '0.001 gwei', '5 gwei', '0.000001 ETH', '1.5 ETH'])
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 226n }), (amount) => {
      const [number = '', symbol] = printAmount(amount, usdc, payroll).split(' ')
      const [whole = '', fraction = ''] = number.split('.')
      expect(symbol).toBe('USDC')
      expect(BigInt(whole + fraction.padEnd(6, '0'))).toBe(amount)
    }),
    { numRuns: 200 },
  )
})

test('every policy and every decision has an explanation, one for each rule, and nothing undefined in it', () => {
  fc.assert(
    fc.property(policies(), (policy) => {
      const text = explain(policy)
      expect(text).not.toMatch(/undefined|\[object|NaN|Infinity/)
      policy.rules.forEach((_, index) => expect(text).toContain(`\n[${index + 1}] `))
    }),
    { numRuns: 200 },
  )
  fc.assert(
    fc.property(situations(), (situation) => {
      const text = explainDecision(situation.policy, decideIn(situation))
      expect(text).toMatch(/^(Allowed|Denied)\.\n( {2}.*\.\n)+$/)
      expect(text).not.toMatch(/undefined|\[object|NaN/)
    }),
    { numRuns: 200 },
  )
})
