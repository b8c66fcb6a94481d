import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Meter } from '../../src/policy/Meter.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ALICE, USDC } from './harness/actors.js'
import { Agreement } from './harness/Agreement.js'
import { transferOf } from './harness/calls.js'
import { DAY, feeMeter, FROM, transferPolicy, transferRule } from './harness/policies.js'

const PART = DAY / 8
const rolling: Meter = { counts: USDC, limit: 100n, window: { kind: 'rolling', seconds: DAY } }
const narrow: Meter = { counts: USDC, limit: 10_000n, window: { kind: 'period', seconds: DAY } }
const wide: Meter = { counts: USDC, limit: 2n ** 100n, window: { kind: 'total' } }
const [charge] = transferRule.charges
if (charge?.kind !== 'meter') throw new Error('the rule charges a meter')

/** A transfer is charged to every meter but the fees'. */
const policyOf = (...meters: Meter[]): Policy => ({
  ...transferPolicy,
  meters: [feeMeter, ...meters],
  rules: [{ ...transferRule, charges: meters.map((_, index) => ({ ...charge, meter: index + 1 })) }],
})
const spend = (amount: bigint) => [transferOf(USDC, ALICE, amount)]

describe('a rolling meter', () => {
  test('counts the present eighth of its period and the eight before it', async () => {
    const agreement = await Agreement.of(policyOf(rolling))
    const ask = (part: number, amount: bigint) => agreement.ask(spend(amount), FROM + part * PART + 5)
    expect(await ask(3, 60n)).toBe('allowed')
    expect(await ask(4, 30n)).toBe('allowed')
    expect(await ask(4, 11n)).toBe('MeterExceeded(2,11,10)')
    expect(await ask(11, 10n)).toBe('allowed')
    expect(await ask(11, 1n)).toBe('MeterExceeded(2,1,0)')
    // What was spent in 3 is the ninth before 12, and no more counted.
    expect(await ask(12, 61n)).toBe('MeterExceeded(2,61,60)')
    expect(await ask(12, 60n)).toBe('allowed')
    expect(await ask(13, 31n)).toBe('MeterExceeded(2,31,30)')
    expect(await ask(11, 0n)).toBe('WindowPassed(2,12)')
    expect(await ask(13, 0n)).toBe('allowed')
    expect(await ask(20, 40n)).toBe('allowed')
    expect(await ask(20, 1n)).toBe('MeterExceeded(2,1,0)')
    expect(await ask(29, 101n)).toBe('MeterExceeded(2,101,100)')
    expect(await ask(29, 100n)).toBe('allowed')
  })

  test('takes five words, between its neighbours', async () => {
    const agreement = await Agreement.of(policyOf(narrow, rolling, wide, rolling, narrow))
    for (const [part, amount] of [
      [0, 50n],
      [1, 30n],
      [8, 20n],
      [9, 50n],
      [9, 1n],
      [11, 30n],
      [25, 100n],
    ] as const)
      await agreement.ask(spend(amount), FROM + part * PART)
    expect(agreement.state.meters.map(({ spent }) => spent)).toEqual([0n, 100n, 100n, 280n, 100n, 100n])
  })

  test('counts up to 2^112 - 1', async () => {
    const limit = 2n ** 112n - 1n
    const agreement = await Agreement.of(policyOf({ ...rolling, limit }))
    expect(await agreement.ask(spend(limit - 1n), FROM)).toBe('allowed')
    expect(await agreement.ask(spend(2n), FROM + PART)).toBe('MeterExceeded(2,2,1)')
    expect(await agreement.ask(spend(1n), FROM + PART)).toBe('allowed')
    expect(await agreement.ask(spend(2n ** 256n - 1n), FROM + 8 * PART)).toBe(`MeterExceeded(2,${2n ** 256n - 1n},0)`)
    expect(await agreement.ask(spend(limit - 1n), FROM + 9 * PART)).toBe('allowed')
  })

  test('pays fees as well', async () => {
    const fees: Meter = { counts: 'ETH', limit: 1000n, window: { kind: 'rolling', seconds: DAY } }
    const agreement = await Agreement.of({ ...policyOf(narrow), meters: [fees, narrow] })
    const pay = (amount: bigint, part: number) =>
      agreement.ask(spend(1n), FROM + part * PART, { preVerificationGas: amount, maxFeePerGas: 1n })
    expect(await pay(900n, 0)).toBe('allowed')
    expect(await pay(101n, 8)).toBe('FeeExceeded(101,100)')
    expect(await pay(100n, 8)).toBe('allowed')
    expect(await pay(900n, 9)).toBe('allowed')
    expect(await pay(0n, 8)).toBe('WindowPassed(2,9)')
  })

  test('is what the definition says, whatever was spent before', async () => {
    const shared = await Agreement.of(policyOf(narrow, rolling))
    const start = shared.chain.evm.snapshot()
    const initial = shared.state
    const step = fc.record({ on: fc.oneof(fc.nat(3), fc.nat(12)), amount: fc.bigInt({ min: 0n, max: 60n }) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        shared.chain.evm.revert(start)
        shared.state = initial
        let part = 0
        for (const { on, amount } of steps) {
          part = Math.min(part + on, 55)
          await shared.ask(spend(amount), FROM + part * PART + PART - 1)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('may have been charged before by any amounts', async () => {
    const agreement = await Agreement.of(policyOf(rolling))
    const start = agreement.chain.evm.snapshot()
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 11n }), { minLength: 9, maxLength: 9 })
    await fc.assert(
      fc.asyncProperty(amounts, fc.nat(30), fc.nat(11), async ([spent = 0n, ...past], window, on) => {
        agreement.chain.evm.revert(start)
        const counted = past.map((amount, back) => (back < window ? amount : 0n))
        await agreement.put([
          { window: 0, spent: 0n },
          { window, spent, past: counted },
        ])
        expect(await agreement.read()).toEqual(agreement.state)
        await agreement.ask(spend(20n), FROM + (window + on) * PART)
      }),
      { numRuns: 40 },
    )
  })
})
