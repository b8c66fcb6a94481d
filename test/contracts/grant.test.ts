import { concat, keccak256, numberToHex, size, slice, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import { ALICE, BOB, KEY, USDC } from './harness/actors.js'
import { execute, sendOf, transferOf } from './harness/calls.js'
import { Chain } from './harness/Chain.js'
import * as own from './harness/policies.js'
import { binding, feeMeter, FROM, sendRule, transferPolicy, transferRule, UNTIL } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

let chain: Chain
beforeAll(async () => {
  chain = await Chain.create()
})

/** The module's word to a grant: its root, or the error's name. */
const say = async (grant: Hex): Promise<string> => {
  const { value, error } = await chain.ask('rootOf', [grant])
  return error ?? String(value)
}

const grant = encode(transferPolicy, binding)
const digits = grant.slice(2)

/** The grant with the bytes at the only place where `before` stands replaced by `after`, of the same length. */
const replaced = (before: string, after: string, within = digits): Hex => {
  const at = within.indexOf(before)
  if (at < 0 || at % 2 !== 0 || within.indexOf(before, at + 1) >= 0) throw new Error(`${before} does not stand once`)
  if (before.length !== after.length) throw new Error('the lengths differ')
  return `0x${within.slice(0, at)}${after}${within.slice(at + before.length)}`
}

/** The grant with one byte other. */
const withByte = (at: number, byte: number): Hex =>
  `0x${digits.slice(0, 2 * at)}${byte.toString(16).padStart(2, '0')}${digits.slice(2 * at + 2)}`

const byteAt = (at: number): number => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)

describe('a grant', () => {
  test('has the root that the compiler gives it', async () => {
    expect(await say(grant)).toBe(rootOf(grant))
  })

  test('has one length', async () => {
    for (let length = 0; length < size(grant); length += 1)
      expect([length, await say(length === 0 ? '0x' : slice(grant, 0, length))]).toEqual([length, 'InvalidGrant'])
    expect(await say(concat([grant, '0x00']))).toBe('InvalidGrant')
  })

  test('with another byte is refused, has another root, or is only worded otherwise', async () => {
    const text = ['USDC', 'to', 'amount'].map((word) => toHex(word).slice(2))
    const isText = (at: number): boolean =>
      text.some((word) => {
        const place = digits.indexOf(word)
        return 2 * at >= place && 2 * at < place + word.length
      })
    // A token's table entry: its address, its decimals.
    const token = digits.indexOf(toHex('USDC').slice(2)) / 2 - 22
    const unchecked: number[] = []
    for (let at = 0; at < size(grant); at += 1)
      for (const change of [1, 0x80, 0xff]) {
        const answer = await say(withByte(at, byteAt(at) ^ change))
        if (answer !== rootOf(grant)) continue
        if (!isText(at) && (at < token || at > token + 20)) unchecked.push(at)
      }
    // Only the charge's flag "asset unchecked" besides: it is printed, and nothing else.
    expect(unchecked).toEqual([digits.lastIndexOf('01010000031001') / 2 + 2])
  })
})

describe('what is not of the format is refused:', () => {
  const condition = '011010000102' + ALICE.slice(2)

  test('unknown and reserved conditions', async () => {
    const known = new Set([1, 2, 3, 4, ...range(0x10, 0x1d), ...range(0x20, 0x25)])
    for (const op of range(0, 0xff).filter((code) => !known.has(code)))
      expect([op, await say(replaced(condition, `01${hex(op)}10000102${ALICE.slice(2)}`))]).toEqual([
        op,
        'InvalidGrant',
      ])
  })

  test('unknown and reserved operands', async () => {
    // Those of other lengths no longer end where the body ends.
    for (const op of range(0, 0xff).filter((code) => code !== 0x10))
      expect([op, await say(replaced(condition, `0110${hex(op)}000102${ALICE.slice(2)}`))]).toEqual([
        op,
        'InvalidGrant',
      ])
  })

  test('unknown types, and words beyond the heads', async () => {
    for (const type of [0, 3, 0x1f, 0x80, 0xff])
      expect(await say(replaced(condition, `01101000${hex(type)}02${ALICE.slice(2)}`))).toBe('InvalidGrant')
    // Word 0 is an address, word 1 none, and there are no more.
    const reading = (word: string): Promise<unknown> => say(replaced(condition, `011010${word}0102${ALICE.slice(2)}`))
    expect(await reading('00')).not.toBe('InvalidGrant')
    expect(await reading('01')).toBe('InvalidGrant')
    expect(await reading('02')).toBe('InvalidGrant')
  })

  test.each([
    ['another version', withByte(0, 2)],
    ['a key of zero', replaced(`01${KEY.slice(2)}`, `01${'00'.repeat(20)}`)],
    ['a beginning too early', replaced(hex5(FROM), hex5(1_599_999_999))],
    ['an end that is no later', replaced(hex5(UNTIL), hex5(FROM))],
    ['an end too late', replaced(hex5(UNTIL), hex5(2 ** 38))],
    ['another selector than the function’s', replaced('a9059cbb', 'a9059cbc')],
    ['unknown flags of the header', replaced(`01${KEY.slice(2)}`, `09${KEY.slice(2)}`)],
    ['ether without a budget of ether', replaced(`00${USDC.slice(2)}a9059cbb`, `02${USDC.slice(2)}a9059cbb`)],
    ['unknown flags of a body', replaced(`00${USDC.slice(2)}a9059cbb`, `40${USDC.slice(2)}a9059cbb`)],
    ['a send with a function', replaced(`00${USDC.slice(2)}a9059cbb`, `01${USDC.slice(2)}a9059cbb`)],
    [
      'a fees record of another limit',
      replaced('0700000151802386f26fc10000' + '01', '0700000151802386f26fc10001' + '01'),
    ],
    [
      'a fees record at another place',
      replaced('0700000151802386f26fc10000' + '01', '0701000151802386f26fc10000' + '01'),
    ],
    ['a period below 300 s', replaced('00040001518005f5e100', '00040000012b05f5e100')],
    ['a limit with a leading zero', replaced('00040001518005f5e100', '00040001518000f5e100')],
    ['a meter of a kind for one call', replaced('00040001518005f5e100', '00c40001518005f5e100')],
    ['a wide meter of a narrow limit', replaced('00040001518005f5e100', '00440001518005f5e100')],
    ['a meter of no asset', replaced('00040001518005f5e100', '01040001518005f5e100')],
    ['an amount that is none', replaced('01010000031001' + '3f', '01010000031101' + '3f')],
    ['unknown flags of a charge', replaced('01010000031001' + '3f', '01010200031001' + '3f')],
    ['a charge of no meter', replaced('01010000031001' + '3f', '01020000031001' + '3f')],
  ] satisfies [string, Hex][])('%s', async (_, bytes) => {
    expect(await say(bytes)).toBe('InvalidGrant')
  })

  test('a meter of calls that counts anything but 1', async () => {
    const meters = [feeMeter, { counts: 'calls', limit: 5n, window: { kind: 'total' } } as const]
    const charges = [{ kind: 'meter' as const, meter: 1, amount: number(1n), assetChecked: true }]
    const policy = {
      ...transferPolicy,
      tokens: [],
      meters,
      rules: [{ ...transferRule, where: [], target: BOB, charges }],
    }
    const bytes = encode(policy, binding)
    expect(await say(bytes)).toBe(rootOf(bytes))
    expect(await say(replaced('01010000' + '03' + '000101', '01010000' + '03' + '000102', bytes.slice(2)))).toBe(
      'InvalidGrant',
    )
  })

  test('a rule outside the policy’s times', async () => {
    const rules = [{ ...transferRule, from: FROM + 5, until: UNTIL - 5 }]
    const bytes = encode({ ...transferPolicy, rules }, binding).slice(2)
    const times = hex5(FROM + 5) + hex5(UNTIL - 5)
    for (const [from, until, right] of [
      [FROM, UNTIL, true],
      [FROM - 1, UNTIL, false],
      [FROM, UNTIL + 1, false],
      [FROM + 5, FROM + 5, false],
    ] as const)
      expect((await say(replaced(times, hex5(from) + hex5(until), bytes))) !== 'InvalidGrant').toBe(right)
  })

  test('hours that are none', async () => {
    const rules = [{ ...transferRule, hours: { start: 540, end: 1020, weekdays: 0x1f } }]
    const bytes = encode({ ...transferPolicy, rules }, binding).slice(2)
    for (const [hours, right] of [
      ['000005a07f', true],
      ['000005a17f', false],
      ['000005a080', false],
      ['000005a000', false],
      ['021c021c1f', false],
    ] as const)
      expect((await say(replaced('021c03fc1f', hours, bytes))) !== 'InvalidGrant').toBe(right)
  })

  test('conditions that are nested too deep, or stand in one of their kind', async () => {
    const nested = (depth: number, kind: 'and' | 'or' = 'or'): Condition => {
      if (depth === 1) return { kind: 'true' }
      const inner = [nested(depth - 1, kind === 'and' ? 'or' : 'and'), { kind: 'false' } as const]
      return kind === 'and' ? { kind, all: inner } : { kind, any: inner }
    }
    const of = (where: readonly Condition[]) =>
      encode({ ...transferPolicy, rules: [{ ...transferRule, where }] }, binding)
    expect(await say(of([nested(32)]))).toBe(rootOf(of([nested(32)])))
    expect(await say(of([nested(33)]))).toBe('InvalidGrant')
    expect(await say(of([nested(2, 'and')]))).toBe('InvalidGrant')
    const or = (any: readonly Condition[]): Condition => ({ kind: 'or', any })
    expect(await say(of([or([or([{ kind: 'true' }, { kind: 'false' }]), { kind: 'true' }])]))).toBe('InvalidGrant')
    expect(await say(of([or([{ kind: 'true' }])]))).toBe('InvalidGrant')
  })

  test('a bound on now anywhere but at the top of an allow rule', async () => {
    const now: Condition = { kind: 'now', bound: 'at most', operand: own.argument(1, own.uint256), seconds: 60 }
    const of = (allow: readonly Condition[], deny?: readonly Condition[]) => {
      const rules: (AllowRule | DenyRule)[] = [{ ...transferRule, where: allow }]
      if (deny) rules.push({ effect: 'deny', target: USDC, action: own.transfer, where: deny })
      return encode({ ...transferPolicy, rules }, binding)
    }
    expect(await say(of([now]))).toBe(rootOf(of([now])))
    expect(await say(of([{ kind: 'or', any: [now, { kind: 'false' }] }]))).toBe('InvalidGrant')
    expect(await say(of([], [now]))).toBe('InvalidGrant')
  })

  test('scales whose product no word can hold', async () => {
    const scale = (decimals: number) => ({ kind: 'percent' as const, percent: { digits: 1n, decimals } })
    const of = (decimals: number) => {
      const left = [{ negative: false, scales: [scale(decimals), scale(73 - 40)], factors: [value] as const }]
      const where: Condition[] = [{ kind: 'compare', operator: '<', left, right: number(1n) }]
      return encode({ ...transferPolicy, rules: [{ ...transferRule, where }] }, binding)
    }
    expect(await say(of(40))).toBe(rootOf(of(40)))
    expect(await say(of(41))).toBe('CoefficientTooLarge')
  })

  test('arguments and ether in the conditions of the fees', async () => {
    const of = (where: Condition) =>
      encode({ ...transferPolicy, fees: { ...transferPolicy.fees, where: [where] } }, binding)
    const [condition] = transferRule.where
    if (condition === undefined) throw new Error('the rule has a condition')
    expect(await say(of({ kind: 'compare', operator: '<', left: [plain(value)], right: number(1n) }))).toBe(
      'InvalidGrant',
    )
    const gas = { kind: 'environment', name: 'op.maxFeePerGas' } as const
    const good = of({ kind: 'compare', operator: '<', left: [plain(gas)], right: number(1n) })
    expect(await say(good)).toBe(rootOf(good))
  })
})

describe('denies are folded into every leaf that they touch:', () => {
  const everything: readonly AllowRule[] = [
    { ...transferRule, charges: [], unlimited: [USDC] },
    { ...sendRule, target: USDC, charges: [], unlimited: ['ETH'] },
    { ...transferRule, target: BOB, charges: [], unlimited: [USDC] },
  ]
  const calls = [transferOf(USDC, ALICE, 1n), sendOf(USDC, 1n), transferOf(BOB, ALICE, 1n)]

  const denied = async (deny: DenyRule, position: number) => {
    const rules = [...everything.slice(0, position), deny, ...everything.slice(position)]
    const meters = [feeMeter]
    const bytes = encode({ ...transferPolicy, meters, rules }, binding)
    const own = await Chain.create()
    await own.begin(bytes)
    const answers = calls.map(async (call, index) => {
      const { error } = await own.validate({ callData: execute(call), witness: witnessFor(bytes, FROM, [index]) })
      return error ?? 'allowed'
    })
    return Promise.all(answers)
  }

  test.each([0, 1, 2, 3])('wherever they stand (%i)', async (position) => {
    const any: DenyRule = { effect: 'deny', target: USDC, action: { kind: 'any' }, where: [] }
    expect(await denied(any, position)).toEqual(['DeniedByRule', 'DeniedByRule', 'allowed'])
    const send: DenyRule = { ...any, action: { kind: 'send' } }
    expect(await denied(send, position)).toEqual(['allowed', 'DeniedByRule', 'allowed'])
    const call: DenyRule = { ...any, action: own.transfer }
    expect(await denied(call, position)).toEqual(['DeniedByRule', 'allowed', 'allowed'])
    const other: DenyRule = { ...any, action: { ...own.transfer, name: 'approve' } }
    expect(await denied(other, position)).toEqual(['allowed', 'allowed', 'allowed'])
    const elsewhere: DenyRule = { ...any, target: BOB }
    expect(await denied(elsewhere, position)).toEqual(['allowed', 'allowed', 'DeniedByRule'])
  })

  test('a clause that is no condition is refused where it touches a leaf', async () => {
    const where = [own.is(0, own.address, { kind: 'address', value: BOB })]
    const rules = [transferRule, { effect: 'deny' as const, target: USDC, action: own.transfer, where }]
    const bytes = encode({ ...transferPolicy, rules }, binding).slice(2)
    const clause = `0110100001` + `02${BOB.slice(2)}`
    expect(await say(`0x${bytes}`)).toBe(rootOf(`0x${bytes}`))
    expect(await say(replaced(clause, clause.replace('0110', '0130'), bytes))).toBe('InvalidGrant')
    expect(await say(replaced(`001b00${clause}`, `001b01${clause}`, bytes))).toBe('InvalidGrant')
  })
})

test('leaves, nodes and roots are hashed with prefixes of their own', async () => {
  const [leaf = '0x'] = leavesOf(grant)
  const header = slice(grant, 61, 61 + Number.parseInt(digits.slice(118, 122), 16))
  const root = keccak256(concat(['0x02', slice(grant, 1, 59), header, keccak256(concat(['0x00', leaf]))]))
  expect(await say(grant)).toBe(root)
})

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function hex5(seconds: number): string {
  return numberToHex(seconds, { size: 5 }).slice(2)
}

const value = { kind: 'environment', name: 'call.value' } as const

function plain<T>(factor: T) {
  return { negative: false, scales: [], factors: [factor] as const }
}

function number(constant: bigint) {
  return [plain({ kind: 'constant' as const, constant: { kind: 'number' as const, value: constant } })]
}
