import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule, RuleTime } from '../../src/policy/Rule.js'
import { ALICE, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { Chain, unpack } from './harness/Chain.js'
import { address, binding, DAY, FROM, is, transfer, transferPolicy, transferRule, UNTIL } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

/** One policy in force, and what the module says to a transfer at a claimed time. */
const under = async (policy: Policy) => {
  const chain = await Chain.create()
  const grant = encode(policy, binding)
  const root = await chain.begin(grant)
  const ask = (time: number, amount = 1n) =>
    chain.validate({
      callData: execute(transferOf(USDC, ALICE, amount)),
      witness: witnessFor(grant, time, [0]),
    })
  /** First and last second of inclusion. */
  const interval = async (time: number) => {
    const { value, error } = await ask(time)
    if (error !== undefined) return error
    const { validAfter, validUntil } = unpack(value)
    return [validAfter, validUntil]
  }
  return { chain, grant, root, ask, interval }
}

const withTimes = (times: RuleTime): Policy => ({ ...unmetered, rules: [{ ...unmeteredRule, ...times }] })
const unmeteredRule: AllowRule = { ...transferRule, charges: [], unlimited: [USDC] }
const unmetered: Policy = {
  ...transferPolicy,
  fees: { paidBy: { kind: 'unlimited' }, where: [] },
  meters: [],
  rules: [unmeteredRule],
}

describe('a session', () => {
  test('lives from its first second to the one before its end', async () => {
    const { ask, interval } = await under(unmetered)
    expect(await interval(FROM)).toEqual([FROM, UNTIL - 1])
    expect(await interval(UNTIL - 1)).toEqual([FROM, UNTIL - 1])
    expect(await ask(FROM - 1)).toMatchObject({ error: 'NotYetValid', args: [BigInt(FROM - 1), BigInt(FROM)] })
    expect(await ask(UNTIL)).toMatchObject({ error: 'Expired', args: [BigInt(UNTIL), BigInt(UNTIL)] })
    expect(await ask(0)).toMatchObject({ error: 'NotYetValid' })
  })
})

describe('a window', () => {
  test('begins where the last one ended, and spending begins anew', async () => {
    const { ask, interval } = await under(transferPolicy)
    expect((await ask(FROM + DAY - 1, 100_000_000n)).error).toBeUndefined()
    expect(await ask(FROM + DAY - 1)).toMatchObject({ error: 'MeterExceeded', args: [1n, 1n, 0n] })
    expect(await interval(FROM + DAY)).toEqual([FROM + DAY, FROM + 2 * DAY - 1])
    expect(await ask(FROM + DAY, 100_000_000n)).toMatchObject({
      error: 'MeterExceeded',
      args: [1n, 100_000_000n, 99_999_999n],
    })
  })

  test('that has passed cannot be claimed again, and says which window counts now', async () => {
    const { ask } = await under(transferPolicy)
    expect((await ask(FROM + 3 * DAY)).error).toBeUndefined()
    expect(await ask(FROM + 3 * DAY - 1)).toMatchObject({ error: 'WindowPassed', args: [1n, 3n] })
    expect((await ask(FROM + 3 * DAY)).error).toBeUndefined()
  })

  test('of a total is the whole life', async () => {
    const meters = transferPolicy.meters.map((meter) => ({ ...meter, window: { kind: 'total' } as const }))
    const { ask, interval } = await under({ ...transferPolicy, meters })
    expect((await ask(FROM, 99_999_999n)).error).toBeUndefined()
    expect(await interval(UNTIL - 1)).toEqual([FROM, UNTIL - 1])
    expect(await ask(UNTIL - 1)).toMatchObject({ error: 'MeterExceeded', args: [1n, 1n, 0n] })
  })

  test('is written down even where nothing is spent', async () => {
    const { chain, root, ask } = await under(transferPolicy)
    expect((await ask(FROM + 2 * DAY, 0n)).error).toBeUndefined()
    const [word] = await chain.words(root)
    expect(word).toBe((1n << 254n) | (2n << 224n) | (2n << 97n))
  })

  test('narrows the interval for every meter that is charged', async () => {
    const [feeMeter, budget] = transferPolicy.meters
    if (feeMeter === undefined || budget === undefined) throw new Error('the policy has two meters')
    const meters = [feeMeter, { ...budget, window: { kind: 'period', seconds: 5 * 3600 } as const }]
    const { interval } = await under({ ...transferPolicy, meters })
    // The fifth window of five hours ends after the first day.
    expect(await interval(FROM + 23 * 3600)).toEqual([FROM + 20 * 3600, FROM + DAY - 1])
    expect(await interval(FROM + 24 * 3600)).toEqual([FROM + DAY, FROM + 25 * 3600 - 1])
  })
})

describe('meters', () => {
  const limits = [10n ** 16n, 2n ** 97n - 1n, 2n ** 97n, 2n ** 226n - 1n, 3n]
  const meters = limits.map((limit, index) => ({
    counts: index === 0 ? ('ETH' as const) : USDC,
    limit,
    window: { kind: 'period' as const, seconds: DAY },
  }))
  const [own] = transferRule.charges
  const charges = [1, 2, 3, 4].flatMap((meter) => (own?.kind === 'meter' ? [{ ...own, meter }] : []))
  const policy: Policy = { ...transferPolicy, meters, rules: [{ ...transferRule, charges }] }

  test('keep apart in their halves and words, narrow ones and wide ones', async () => {
    const { chain, root, ask } = await under(policy)
    expect((await ask(FROM + DAY, 2n)).error).toBeUndefined()
    expect((await ask(FROM + DAY, 1n)).error).toBeUndefined()
    const half = (1n << 97n) | 3n
    expect(await chain.words(root, 5)).toEqual([
      (1n << 254n) | (1n << 224n) | half,
      (1n << 226n) | 3n,
      (1n << 226n) | 3n,
      half << 127n,
      0n,
    ])
    expect(await ask(FROM + DAY, 1n)).toMatchObject({ error: 'MeterExceeded', args: [6n, 1n, 0n] })
    expect(await ask(FROM)).toMatchObject({ error: 'WindowPassed' })
    expect((await ask(FROM + 2 * DAY, 3n)).error).toBeUndefined()
  })

  test.each([
    [1, 2n ** 97n - 1n],
    [2, 2n ** 97n],
    [3, 2n ** 226n - 1n],
  ])('number %i can be filled to its limit and no further', async (meter, limit) => {
    const meters = [policy.meters[0], policy.meters[meter]].flatMap((one) => one ?? [])
    const rules = [{ ...transferRule, charges: charges.slice(0, 1) }]
    const { ask } = await under({ ...policy, meters, rules })
    expect(await ask(FROM, limit + 1n)).toMatchObject({ error: 'MeterExceeded' })
    expect((await ask(FROM, limit - 1n)).error).toBeUndefined()
    expect(await ask(FROM, 2n)).toMatchObject({ error: 'MeterExceeded' })
    expect((await ask(FROM, 1n)).error).toBeUndefined()
    expect(await ask(FROM, 2n ** 256n - 1n)).toMatchObject({ error: 'MeterExceeded' })
  })

  test('of zero allow nothing', async () => {
    const [feeMeter, budget] = transferPolicy.meters
    if (feeMeter === undefined || budget === undefined) throw new Error('the policy has two meters')
    const { ask } = await under({ ...transferPolicy, meters: [feeMeter, { ...budget, limit: 0n }] })
    expect(await ask(FROM, 1n)).toMatchObject({ error: 'MeterExceeded', args: [1n, 1n, 0n] })
    expect((await ask(FROM, 0n)).error).toBeUndefined()
  })
})

describe("a rule's times", () => {
  test('narrow the interval', async () => {
    const from = FROM + 100
    const until = FROM + 200
    const { ask, interval } = await under(withTimes({ from, until }))
    expect(await interval(from)).toEqual([from, until - 1])
    expect(await interval(until - 1)).toEqual([from, until - 1])
    expect(await ask(from - 1)).toMatchObject({ error: 'RuleNotYetValid', args: [0n, BigInt(from)] })
    expect(await ask(until)).toMatchObject({ error: 'RuleExpired', args: [0n, BigInt(until)] })
  })

  // FROM is Tuesday, 2023-11-14 22:13:20 UTC.
  const midnight = Math.floor(FROM / DAY) * DAY
  const at = (day: number, hour: number) => midnight + day * DAY + hour * 3600
  const weekdays = 0b0001100 // Wednesday and Thursday

  test('contain hours of chosen weekdays', async () => {
    const { interval } = await under(withTimes({ hours: { start: 9 * 60, end: 17 * 60, weekdays } }))
    for (const day of [1, 2]) {
      expect(await interval(at(day, 9) - 1)).toBe('OutsideHours')
      expect(await interval(at(day, 9))).toEqual([at(day, 9), at(day, 17) - 1])
      expect(await interval(at(day, 17) - 1)).toEqual([at(day, 9), at(day, 17) - 1])
      expect(await interval(at(day, 17))).toBe('OutsideHours')
    }
    for (const day of [3, 4, 5, 6]) expect(await interval(at(day, 12))).toBe('OutsideHours')
    expect(await interval(FROM)).toBe('OutsideHours')
  })

  test('of Sunday and Monday are those of Sunday and Monday', async () => {
    const { interval } = await under(withTimes({ hours: { start: 0, end: 1440, weekdays: 0b1000001 } }))
    const allowed = [1, 2, 3, 4, 5, 6].map((day) => interval(at(day, 5)))
    expect((await Promise.all(allowed)).map((answer) => answer !== 'OutsideHours')).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ])
    expect(await interval(at(5, 5))).toEqual([at(5, 0), at(6, 0) - 1])
  })

  test('all bind', async () => {
    const { interval } = await under(
      withTimes({ from: at(1, 10), until: at(1, 12), hours: { start: 660, end: 1440, weekdays } }),
    )
    expect(await interval(at(1, 11))).toEqual([at(1, 11), at(1, 12) - 1])
    expect(await interval(at(1, 9))).toBe('RuleNotYetValid')
    expect(await interval(at(1, 10))).toBe('OutsideHours')
    expect(await interval(at(1, 12))).toBe('RuleExpired')
  })

  describe('a deny with times', () => {
    const deny: DenyRule = {
      effect: 'deny',
      target: USDC,
      action: transfer,
      where: [is(0, address, { kind: 'address', value: ALICE })],
    }
    const besides = (times: RuleTime, where = deny.where): Policy => ({
      ...unmetered,
      rules: [unmeteredRule, { ...deny, ...times, where }],
    })

    test('denies inside them, and ends the interval where they begin', async () => {
      const { ask, interval } = await under(besides({ from: FROM + 100, until: FROM + 200 }))
      expect(await interval(FROM + 99)).toEqual([FROM, FROM + 99])
      expect(await ask(FROM + 100)).toMatchObject({ error: 'DeniedByRule', args: [0n, 0n] })
      expect(await ask(FROM + 199)).toMatchObject({ error: 'DeniedByRule', args: [0n, 0n] })
      expect(await interval(FROM + 200)).toEqual([FROM + 200, UNTIL - 1])
    })

    test('leaves the interval alone where its conditions do not hold', async () => {
      const nobody = [is(0, address, { kind: 'address', value: USDC })]
      const { interval } = await under(besides({ from: FROM + 100, until: FROM + 200 }, nobody))
      expect(await interval(FROM + 150)).toEqual([FROM, UNTIL - 1])
    })

    test('with hours ends the interval with the UTC day at the latest', async () => {
      const { interval } = await under(besides({ hours: { start: 9 * 60, end: 17 * 60, weekdays } }))
      expect(await interval(at(1, 8))).toEqual([at(1, 0), at(1, 9) - 1])
      expect(await interval(at(1, 9))).toBe('DeniedByRule')
      expect(await interval(at(1, 17) - 1)).toBe('DeniedByRule')
      expect(await interval(at(1, 17))).toEqual([at(1, 17), at(2, 0) - 1])
      expect(await interval(at(3, 12))).toEqual([at(3, 0), at(4, 0) - 1])
      expect(await interval(FROM)).toEqual([FROM, at(1, 0) - 1])
    })
  })
})
