import { concat, encodeFunctionData, numberToHex, parseAbi, size, slice } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ACCOUNT, ALICE, BOB, MODULE, USDC } from './harness/actors.js'
import { execute, executeBatch, sendOf, transferOf } from './harness/calls.js'
import { Chain } from './harness/Chain.js'
import { binding, feeMeter, FROM, sendPolicy, sendRule, transferPolicy, transferRule } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

const NOW = FROM + 10
const SELECTOR = '0xa9059cbb'

/** One policy in force, and what the module says to calldata under its only rule. */
const under = async (policy: Policy) => {
  const chain = await Chain.create()
  const grant = encode(policy, binding)
  await chain.begin(grant)
  return (callData: Hex, rules: readonly number[] = [0]) =>
    chain.validate({ callData, witness: witnessFor(grant, NOW, rules) })
}

/** The calldata with one byte other. */
const withByte = (data: Hex, at: number, byte: number): Hex =>
  concat([slice(data, 0, at), numberToHex(byte, { size: 1 }), ...(at + 1 < size(data) ? [slice(data, at + 1)] : [])])

describe('the calldata of one call', () => {
  let ask: Awaited<ReturnType<typeof under>>
  const good = execute(transferOf(USDC, ALICE, 5n))
  beforeEach(async () => {
    ask = await under(transferPolicy)
  })

  test('may come behind the selector of executeUserOp, once', async () => {
    expect((await ask(concat(['0x8dd7712f', good]))).error).toBeUndefined()
    expect(await ask(concat(['0x8dd7712f', '0x8dd7712f', good]))).toMatchObject({ error: 'MalformedOperation' })
  })

  test('may be followed by anything', async () => {
    expect((await ask(concat([good, '0xdeadbeef']))).error).toBeUndefined()
  })

  test.each([
    ['is nothing', '0x'],
    ['is an executeUserOp without a call', '0x8dd7712f'],
    ['is of another function', withByte(good, 0, 0xb7)],
    ['has a target of 21 bytes', withByte(good, 4 + 11, 1)],
    ['has another offset', withByte(good, 4 + 95, 0x80)],
    ['has a length that wraps', withByte(good, 4 + 96, 0xff)],
    ['has a length beyond its end', withByte(good, 4 + 127, 0xa1)],
    ['has padding that is not zero', withByte(good, size(good) - 1, 1)],
    ['lacks a byte of padding', slice(good, 0, size(good) - 1)],
    ['ends before its length', slice(good, 0, 4 + 96)],
  ] satisfies [string, Hex][])('is refused where it %s', async (_, data) => {
    expect(await ask(data)).toMatchObject({ error: 'MalformedOperation' })
  })

  test('needs no padding after whole words', async () => {
    const data = concat([SELECTOR, `0x${'00'.repeat(12)}${ALICE.slice(2)}${'00'.repeat(31)}05${'00'.repeat(28)}`])
    expect(size(data) % 32).toBe(0)
    const whole = execute({ to: USDC, value: 0n, data })
    expect((await ask(whole)).error).toBeUndefined()
    expect(await ask(slice(whole, 0, size(whole) - 1))).toMatchObject({ error: 'MalformedOperation' })
  })

  test.each([
    ['another target', execute(transferOf(BOB, ALICE, 5n)), BOB, SELECTOR],
    ['another function', execute({ to: USDC, value: 0n, data: '0xa9059cbc' }), USDC, '0xa9059cbc'],
    ['three bytes of the selector', execute({ to: USDC, value: 0n, data: '0xa9059c' }), USDC, '0x00000000'],
    ['no data', execute({ to: USDC, value: 0n, data: '0x' }), USDC, '0x00000000'],
  ] satisfies [string, Hex, Address, Hex][])('has no rule with %s', async (_, data, target, selector) => {
    const { error, args } = await ask(data)
    expect(error).toBe('NoRule')
    expect(args?.map(String).map((arg) => arg.toLowerCase())).toEqual(['0', target, selector])
  })

  test('may send no ether where no rule budgets it', async () => {
    expect(await ask(execute({ ...transferOf(USDC, ALICE, 5n), value: 1n }))).toMatchObject({
      error: 'ValueNotAllowed',
      args: [0n, 1n],
    })
  })

  test.each([
    ['an address of 21 bytes', withByte(good, 4 + 128 + 4 + 11, 1)],
    ['another address', execute(transferOf(USDC, BOB, 5n))],
    ['an argument too few', execute({ to: USDC, value: 0n, data: slice(transferOf(USDC, ALICE, 5n).data, 0, 36) })],
    ['a byte too few', execute({ to: USDC, value: 0n, data: slice(transferOf(USDC, ALICE, 5n).data, 0, 67) })],
  ] satisfies [string, Hex][])('fails the condition with %s', async (_, data) => {
    expect(await ask(data)).toMatchObject({ error: 'ConditionFailed', args: [0n, 0n] })
  })

  test('may have bytes behind its arguments', async () => {
    const { data } = transferOf(USDC, ALICE, 5n)
    expect((await ask(execute({ to: USDC, value: 0n, data: concat([data, '0x01']) }))).error).toBeUndefined()
  })
})

describe('a function with a descriptor of 255 bytes', () => {
  const bytes: AbiType = { kind: 'bytes' }
  const action = {
    kind: 'call' as const,
    name: 'f',
    inputs: Array.from({ length: 254 }, () => ({ name: '', type: bytes })),
  }
  const data = encodeFunctionData({
    abi: [
      {
        type: 'function',
        name: 'f',
        stateMutability: 'view',
        outputs: [],
        inputs: action.inputs.map(() => ({ type: 'bytes' })),
      },
    ],
    args: action.inputs.map(() => '0x'),
  })

  test('is judged like any other: its conditions stand behind all of that', async () => {
    const sent: (value: bigint) => Condition = (value) => ({
      kind: 'compare',
      operator: '==',
      left: [{ negative: false, scales: [], factors: [{ kind: 'environment', name: 'call.value' }] }],
      right: [{ negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind: 'number', value } }] }],
    })
    for (const [value, word] of [
      [0n, undefined],
      [1n, 'ConditionFailed'],
    ] as const) {
      const rule = { ...transferRule, action, where: [sent(value)], charges: [], unlimited: [] }
      const ask = await under({ ...transferPolicy, tokens: [], meters: [feeMeter], rules: [{ ...rule, target: BOB }] })
      expect((await ask(execute({ to: BOB, value: 0n, data }))).error).toBe(word)
    }
  })
})

describe('a native transfer', () => {
  test('has no data, and is counted by its value', async () => {
    const ask = await under(sendPolicy)
    expect((await ask(execute(sendOf(ALICE, 7n)))).error).toBeUndefined()
    expect(await ask(execute({ ...sendOf(ALICE, 7n), data: '0x00' }))).toMatchObject({ error: 'NoRule' })
    expect(await ask(execute(sendOf(BOB, 7n)))).toMatchObject({ error: 'NoRule' })
    expect(await ask(execute(sendOf(ALICE, 10n ** 18n)))).toMatchObject({
      error: 'MeterExceeded',
      args: [1n, 10n ** 18n, 10n ** 18n - 7n],
    })
  })
})

describe('a batch', () => {
  const both: Policy = { ...transferPolicy, rules: [transferRule, { ...sendRule, charges: [], unlimited: ['ETH'] }] }
  const two = [transferOf(USDC, ALICE, 60_000_000n), sendOf(ALICE, 1n)]
  const data = executeBatch(two)

  test('names a leaf for each of its calls', async () => {
    const ask = await under(both)
    expect((await ask(data, [0, 1])).error).toBeUndefined()
    expect(await ask(data, [1, 0])).toMatchObject({ error: 'NoRule' })
  })

  test('is counted as a whole, and a denied one changes nothing', async () => {
    const ask = await under(transferPolicy)
    const of = (...amounts: bigint[]) => executeBatch(amounts.map((amount) => transferOf(USDC, ALICE, amount)))
    expect(await ask(of(60_000_000n, 40_000_001n))).toMatchObject({
      error: 'MeterExceeded',
      args: [1n, 40_000_001n, 40_000_000n],
    })
    expect((await ask(of(60_000_000n, 39_999_999n, 1n))).error).toBeUndefined()
    expect(await ask(of(0n, 1n))).toMatchObject({ error: 'MeterExceeded', args: [1n, 1n, 0n] })
  })

  test('is refused for one bad call, which the error names', async () => {
    const ask = await under(transferPolicy)
    const calls = [transferOf(USDC, ALICE, 1n), transferOf(USDC, BOB, 1n)]
    expect(await ask(executeBatch(calls))).toMatchObject({ error: 'ConditionFailed', args: [1n, 0n] })
  })

  const offsets = 4 + 64
  test.each([
    ['is empty', executeBatch([])],
    ['has another offset of its list', withByte(data, 4 + 31, 0x40)],
    ['has another offset of its first call', withByte(data, offsets + 31, 0x60)],
    ['has another offset of its second call', withByte(data, offsets + 63, 0)],
    ['has an offset that wraps', withByte(data, offsets + 32, 0xff)],
    ['counts more calls than it has', withByte(data, 4 + 63, 3)],
    ['counts calls without end', withByte(data, 4 + 32, 0xff)],
    ['counts 2^32 calls', withByte(data, 4 + 59, 1)],
    ['is cut', slice(data, 0, size(data) - 1)],
  ] satisfies [string, Hex][])('is refused where it %s', async (_, bad) => {
    const ask = await under(both)
    const { error } = await ask(bad, [0, 1])
    expect(['MalformedOperation', 'InvalidWitness']).toContain(error)
  })

  test('may not point two calls at one', async () => {
    const ask = await under(transferPolicy)
    const aliased = encodeFunctionData({
      abi: parseAbi(['function executeBatch((address target, uint256 value, bytes data)[] calls)']),
      args: [
        [transferOf(USDC, ALICE, 1n), transferOf(USDC, ALICE, 1n)].map(({ to, ...rest }) => ({ target: to, ...rest })),
      ],
    })
    expect((await ask(aliased)).error).toBeUndefined()
    expect(await ask(withByte(aliased, offsets + 62, 0))).toMatchObject({ error: 'MalformedOperation' })
  })
})

describe('who can act as the account', () => {
  const targets: [string, Address][] = [
    ['the account', ACCOUNT],
    ['the module', MODULE],
    ['EntryPoint 0.6', '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789'],
    ['EntryPoint 0.7', '0x0000000071727de22e5e9d8baf0edac6f37da032'],
    ['EntryPoint 0.8', '0x4337084d9e255ff0702461cf8895ce9e3b5ff108'],
    ['EntryPoint 0.9', '0x433709009b8330fda32311df1c2afa402ed8d009'],
  ]
  test.each(targets)('%s is never called, even if a rule said so', async (_, target) => {
    const ask = await under({ ...transferPolicy, rules: [{ ...transferRule, target }, transferRule] })
    const { error, args } = await ask(execute(transferOf(target, ALICE, 1n)))
    expect([error, String(args?.[1]).toLowerCase()]).toEqual(['ForbiddenTarget', target])
    const calls = [transferOf(USDC, ALICE, 1n), transferOf(target, ALICE, 1n)]
    expect(await ask(executeBatch(calls), [1, 0])).toMatchObject({ error: 'ForbiddenTarget' })
  })
})
