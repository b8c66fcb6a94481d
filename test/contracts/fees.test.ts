import { concat, pad } from 'viem'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Fees } from '../../src/policy/Fees.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { OperationFees } from '../../src/policy/Operation.js'
import { ALICE, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { Chain } from './harness/Chain.js'
import { binding, FROM, transferPolicy } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

const SPONSOR: Address = '0x7777777777777777777777777777777777770000'
const LIMIT = 10n ** 16n

/** A policy whose fees line is this one, and what the module says to an operation that pays so. */
const under = async (fees: Fees) => {
  const [feeMeter, budget] = transferPolicy.meters
  if (feeMeter === undefined || budget === undefined) throw new Error('the policy has two meters')
  const counted = 'meter' in fees.paidBy
  const rules = transferPolicy.rules.map((rule) =>
    rule.effect === 'deny' || counted
      ? rule
      : { ...rule, charges: rule.charges.map((charge) => ({ ...charge, meter: 0 })) },
  )
  const chain = await Chain.create()
  const policy = { ...transferPolicy, fees, meters: counted ? [feeMeter, budget] : [budget], rules }
  const grant = encode(policy, binding)
  await chain.begin(grant)
  return (paid: Partial<OperationFees>) =>
    chain.validate({
      callData: execute(transferOf(USDC, ALICE, 1n)),
      witness: witnessFor(grant, FROM + 10, [0]),
      fees: paid,
    })
}

const gas = (callGasLimit: bigint, verificationGasLimit: bigint, preVerificationGas: bigint, maxFeePerGas: bigint) => ({
  callGasLimit,
  verificationGasLimit,
  preVerificationGas,
  maxFeePerGas,
})

describe('a fees budget', () => {
  test('is charged the sum of all gas limits times the price', async () => {
    const ask = await under({ paidBy: { kind: 'budget', meter: 0 }, where: [] })
    expect((await ask(gas(100_000n, 200_000n, 50_000n, 10n ** 9n))).error).toBeUndefined()
    const remaining = LIMIT - 350_000n * 10n ** 9n
    expect(await ask(gas(remaining - 10n, 4n, 7n, 1n))).toMatchObject({
      error: 'FeeExceeded',
      args: [remaining + 1n, remaining],
    })
    expect((await ask(gas(remaining - 10n, 3n, 7n, 1n))).error).toBeUndefined()
    expect(await ask(gas(0n, 0n, 1n, 1n))).toMatchObject({ error: 'FeeExceeded', args: [1n, 0n] })
  })

  const huge = 2n ** 256n - 1n
  test.each([
    ['the sum of the gas limits wraps to zero', gas(1n, 0n, huge, 1n)],
    ['the sum of the gas limits wraps', gas(2n ** 127n, 2n ** 127n, huge, 1n)],
    ['the product wraps', gas(0n, 0n, 2n ** 200n, 2n ** 56n)],
    ['the product wraps to a little', gas(0n, 0n, 2n ** 255n, 2n)],
  ])('is not charged too little where %s', async (_, paid) => {
    const ask = await under({ paidBy: { kind: 'budget', meter: 0 }, where: [] })
    expect(await ask(paid)).toMatchObject({ error: 'FeeExceeded', args: [huge, LIMIT] })
  })

  test('is charged nothing at a price of zero, whatever the gas', async () => {
    const ask = await under({ paidBy: { kind: 'budget', meter: 0 }, where: [] })
    expect((await ask(gas(1n, 1n, huge, 0n))).error).toBeUndefined()
  })

  test('is charged exactly beyond 128 bits', async () => {
    const ask = await under({ paidBy: { kind: 'budget', meter: 0 }, where: [] })
    expect(await ask(gas(0n, 0n, 2n ** 130n, 3n))).toMatchObject({
      error: 'FeeExceeded',
      args: [3n * 2n ** 130n, LIMIT],
    })
  })

  test.each([
    ['anybody', pad(SPONSOR, { dir: 'right', size: 52 })],
    ['nobody, in 52 zero bytes', pad('0x', { size: 52 })],
    ['one zero byte', '0x00'],
  ] satisfies [string, Hex][])('allows no paymaster: %s', async (_, paymasterAndData) => {
    const ask = await under({ paidBy: { kind: 'budget', meter: 0 }, where: [] })
    expect(await ask({ paymasterAndData })).toMatchObject({ error: 'PaymasterNotAllowed' })
  })
})

describe('a sponsor', () => {
  const others: [string, Hex][] = [
    ['another', pad('0x7777777777777777777777777777777777770001', { dir: 'right', size: 52 })],
    ['nobody', pad('0x', { size: 52 })],
    ['one cut before its zero bytes', '0x777777777777777777777777777777777777'],
    ['one cut by a byte', '0x77777777777777777777777777777777777700'],
  ]

  test.each(others)('pays, and not %s', async (_, paymasterAndData) => {
    for (const paidBy of [
      { kind: 'sponsored', by: SPONSOR },
      { kind: 'budget or sponsored', by: SPONSOR, meter: 0 },
    ] as const) {
      const ask = await under({ paidBy, where: [] })
      expect(await ask({ paymasterAndData })).toMatchObject({ error: 'PaymasterNotAllowed' })
    }
  })

  test('pays alone, and without it nothing is allowed', async () => {
    const ask = await under({ paidBy: { kind: 'sponsored', by: SPONSOR }, where: [] })
    expect((await ask({ paymasterAndData: SPONSOR })).error).toBeUndefined()
    expect((await ask({ paymasterAndData: concat([SPONSOR, '0x01']) })).error).toBeUndefined()
    expect(await ask({})).toMatchObject({ error: 'PaymasterNotAllowed' })
  })

  test('or the budget pays: then nothing is charged to it', async () => {
    const ask = await under({ paidBy: { kind: 'budget or sponsored', by: SPONSOR, meter: 0 }, where: [] })
    expect((await ask({ ...gas(0n, 0n, LIMIT, 1n), paymasterAndData: SPONSOR })).error).toBeUndefined()
    expect((await ask(gas(0n, 0n, LIMIT, 1n))).error).toBeUndefined()
    expect(await ask(gas(0n, 0n, 1n, 1n))).toMatchObject({ error: 'FeeExceeded', args: [1n, 0n] })
    expect((await ask({ ...gas(0n, 0n, 1n, 1n), paymasterAndData: SPONSOR })).error).toBeUndefined()
  })
})

describe('unlimited fees', () => {
  test('are paid by whoever, or by the account', async () => {
    const ask = await under({ paidBy: { kind: 'unlimited' }, where: [] })
    expect((await ask({})).error).toBeUndefined()
    expect((await ask({ paymasterAndData: '0x01' })).error).toBeUndefined()
    expect((await ask(gas(0n, 0n, 2n ** 200n, 1n))).error).toBeUndefined()
  })
})

describe('the conditions of the fees line', () => {
  const atMost = (name: 'op.maxFeePerGas' | 'op.callGasLimit', value: bigint): Condition => ({
    kind: 'compare',
    operator: '<=',
    left: [{ negative: false, scales: [], factors: [{ kind: 'environment', name }] }],
    right: [{ negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind: 'number', value } }] }],
  })
  const where = [atMost('op.maxFeePerGas', 50n), atMost('op.callGasLimit', 300_000n)]

  test.each([
    { kind: 'unlimited' },
    { kind: 'budget', meter: 0 },
    { kind: 'sponsored', by: SPONSOR },
    { kind: 'budget or sponsored', meter: 0, by: SPONSOR },
  ] satisfies Fees['paidBy'][])('bind it when it is $kind', async (paidBy) => {
    const ask = await under({ paidBy, where })
    const paymasterAndData: Hex = paidBy.kind === 'sponsored' ? SPONSOR : '0x'
    expect((await ask({ ...gas(300_000n, 0n, 0n, 50n), paymasterAndData })).error).toBeUndefined()
    const dear = await ask({ ...gas(300_000n, 0n, 0n, 51n), paymasterAndData })
    expect(dear).toMatchObject({ error: 'FeeConditionFailed', args: [0n] })
    const much = await ask({ ...gas(300_001n, 0n, 0n, 50n), paymasterAndData })
    expect(much).toMatchObject({ error: 'FeeConditionFailed', args: [1n] })
  })
})
