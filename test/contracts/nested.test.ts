// Longer than most: one story of carried calls, whose encoders of calls, records and commands serve every case.
import { concat, encodeAbiParameters, numberToHex, parseAbiParameters, size, slice, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { CommandAction, FunctionAction } from '../../src/policy/Action.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, Charge, DenyRule, Rule, RuleTime } from '../../src/policy/Rule.js'
import { ACCOUNT, ALICE, BOB, MODULE, USDC } from './harness/actors.js'
import { Agreement, near, patched } from './harness/Agreement.js'
import { address, argument, DAY, feeMeter, FROM, is, transferPolicy, uint256 } from './harness/policies.js'

const NOW = FROM + 10
const bytes: AbiType = { kind: 'bytes' }
const list = (element: AbiType): AbiType => ({ kind: 'array', element })
const callTo = (name: string, ...types: AbiType[]): FunctionAction => ({
  kind: 'call',
  name,
  inputs: types.map((type, index) => ({ name: `a${index}`, type })),
})
const command = (byte: number, ...types: AbiType[]): CommandAction => ({
  kind: 'command',
  command: byte,
  inputs: callTo('', ...types).inputs,
})
const place = (index: number) => ({ kind: 'argument', path: [{ kind: 'component', index }] }) as const

const pay = callTo('pay', address, uint256)
const multicall = callTo('multicall', list(bytes))
const multiSend = callTo('multiSend', bytes)
const run = callTo('run', bytes, list(bytes), uint256)

const allow = (target: Address, action: AllowRule['action'], more: Partial<AllowRule> = {}): AllowRule => ({
  effect: 'allow',
  target,
  action,
  where: [],
  charges: [],
  unlimited: [],
  ...more,
})
const counting = (meter: number, operand: Operand): Charge => ({
  kind: 'meter',
  meter,
  amount: [{ negative: false, scales: [], factors: [operand] }],
  // Ether is never in doubt.
  assetChecked: operand.kind === 'environment',
})
const amount = argument(1, uint256)
const alice: Condition = is(0, address, { kind: 'address', value: ALICE })
const calls = (...rules: Rule[]): Nested => ({ form: 'calls', list: place(0), rules })
const multisend = (...rules: Rule[]): Nested => ({ form: 'multisend', list: { place: place(0) }, rules })
const commands = (...rules: Rule[]): Nested => ({
  form: 'commands',
  list: { place: place(0) },
  inputs: place(1),
  rules,
})

const budget: Meter = { counts: USDC, limit: 100n, window: { kind: 'period', seconds: DAY } }
const policyOf = (rules: readonly Rule[], meters: readonly Meter[] = [budget]): Policy => ({
  ...transferPolicy,
  meters: [feeMeter, ...meters],
  tokens: meters.some(({ counts }) => counts === USDC) ? transferPolicy.tokens : [],
  rules,
})

const encoded = (types: string, ...values: unknown[]): Hex => encodeAbiParameters(parseAbiParameters(types), values)
const data = (name: string, types: string, ...values: unknown[]): Hex =>
  concat([toFunctionSelector(`${name}(${types})`), encoded(types, ...values)])
const payment = (to: Address, value: bigint): Hex => data('pay', 'address,uint256', to, value)
const inCalls = (...inner: Hex[]) => ({ to: BOB, value: 0n, data: data('multicall', 'bytes[]', inner) })
const record = (to: Address, value: bigint, inner: Hex, operation = 0): Hex =>
  concat([
    numberToHex(operation, { size: 1 }),
    to,
    numberToHex(value, { size: 32 }),
    numberToHex(size(inner), { size: 32 }),
    inner,
  ])
const inRecords = (...records: Hex[]) => ({
  to: BOB,
  value: 0n,
  data: data('multiSend', 'bytes', concat(['0x', ...records])),
})
const inCommands = (list: Hex, ...inputs: Hex[]) => ({
  to: BOB,
  value: 0n,
  data: data('run', 'bytes,bytes[],uint256', list, inputs, 7n),
})

const LIST = 2n ** 256n - 1n
const denied = (element: bigint | number, call = 0) => `NestedCallDenied(${call},${element})`

describe('calls in a list', () => {
  const spent = counting(1, amount)
  const policy = policyOf([
    allow(BOB, multicall, { nested: [calls(allow(BOB, pay, { where: [alice], charges: [spent] }))] }),
  ])

  test('are allowed if each is, and are counted together', async () => {
    const { ask } = await asker(policy)
    expect(await ask(inCalls())).toBe('allowed')
    expect(await ask(inCalls(payment(ALICE, 40n), payment(ALICE, 30n)))).toBe('allowed')
    expect(await ask(inCalls(payment(ALICE, 20n), payment(ALICE, 11n)))).toBe('MeterExceeded(1,11,10)')
    expect(await ask(inCalls(payment(ALICE, 20n), payment(ALICE, 10n)))).toBe('allowed')
    expect(await ask(inCalls(payment(ALICE, 1n)))).toBe('MeterExceeded(1,1,0)')
  })

  test('are denied with the first that is not', async () => {
    const { ask } = await asker(policy)
    expect(await ask(inCalls(payment(ALICE, 1n), payment(BOB, 1n)))).toBe(denied(1))
    expect(await ask(inCalls(data('other', 'address,uint256', ALICE, 1n)))).toBe(denied(0))
    expect(await ask(inCalls('0x'))).toBe(denied(0))
    expect(await ask(inCalls('0x1234'))).toBe(denied(0))
    expect(await ask(inCalls(payment(ALICE, 1n)), inCalls(payment(BOB, 1n)))).toBe(denied(0, 1))
  })

  test('are exactly their arguments', async () => {
    const { ask } = await asker(policy)
    expect(await ask(inCalls(concat([payment(ALICE, 1n), '0x00'])))).toBe(denied(0))
    expect(await ask(inCalls(slice(payment(ALICE, 1n), 0, 67)))).toBe(denied(0))
  })

  test('need no rule for the value that the call around sends', async () => {
    const eth: Meter = { ...budget, counts: 'ETH' }
    const value: Operand = { kind: 'environment', name: 'call.value' }
    const { ask } = await asker(
      policyOf(
        [
          allow(BOB, multicall, {
            charges: [counting(1, value)],
            nested: [calls(allow(BOB, pay, { where: [alice] }))],
          }),
        ],
        [eth],
      ),
    )
    expect(await ask({ ...inCalls(payment(ALICE, 1n), payment(ALICE, 1n)), value: 5n })).toBe('allowed')
    expect((await ask({ ...inCalls(), value: 96n })).startsWith('MeterExceeded')).toBe(true)
  })
})

describe('a nested rule that does not hold', () => {
  const hour: RuleTime = { from: FROM + 5, until: FROM + 3600 }
  const limited = (limit: bigint): Charge => ({
    kind: 'per call',
    asset: USDC,
    limit,
    amount: [{ negative: false, scales: [], factors: [amount] }],
    assetChecked: false,
  })

  test('leaves no charge and no narrower interval', async () => {
    const first = allow(BOB, pay, { ...hour, charges: [counting(1, amount), limited(5n)] })
    const second = allow(BOB, pay, { charges: [counting(1, amount)] })
    const { ask, agreement } = await asker(policyOf([allow(BOB, multicall, { nested: [calls(first, second)] })]))
    // The interval and the meters are compared with the definition's.
    expect(await ask(inCalls(payment(ALICE, 6n), payment(ALICE, 7n)))).toBe('allowed')
    expect(agreement.state.meters[1]?.spent).toBe(13n)
    expect(await ask(inCalls(payment(ALICE, 5n), payment(ALICE, 7n)))).toBe('allowed')
    expect(agreement.state.meters[1]?.spent).toBe(25n)
    expect(await ask(inCalls(payment(ALICE, 70n), payment(ALICE, 6n)))).toBe('MeterExceeded(1,6,5)')
    expect(await ask(inCalls(payment(ALICE, 70n), payment(ALICE, 5n)))).toBe('allowed')
  })

  test('leaves no charge behind one that charges nothing', async () => {
    const first = allow(BOB, pay, { ...hour, charges: [counting(1, amount), limited(5n)] })
    const rules = calls(first, allow(BOB, pay, { where: [alice] }))
    const { ask, agreement } = await asker(policyOf([allow(BOB, multicall, { nested: [rules] })]))
    expect(await ask(inCalls(payment(ALICE, 6n)))).toBe('allowed')
    expect(agreement.state.meters[1]?.spent).toBe(0n)
    expect(await ask(inCalls(payment(BOB, 4n), payment(ALICE, 6n)))).toBe('allowed')
    expect(agreement.state.meters[1]?.spent).toBe(4n)
    expect(await ask(inCalls(payment(BOB, 4n), payment(BOB, 6n)))).toBe(denied(1))
  })

  test('does not hold at another time, or where what it counts is no number', async () => {
    const past = allow(BOB, pay, { from: FROM, until: NOW })
    const coming = allow(BOB, callTo('later', address), { from: NOW + 1 })
    const first: Operand = {
      kind: 'argument',
      path: [{ kind: 'component', index: 0 }, { kind: 'last' }],
      type: uint256,
    }
    const listed = allow(BOB, callTo('count', list(uint256)), { charges: [counting(1, first)] })
    const { ask } = await asker(policyOf([allow(BOB, multicall, { nested: [calls(past, coming, listed)] })]))
    expect(await ask(inCalls(payment(ALICE, 1n)))).toBe(denied(0))
    expect(await ask(inCalls(data('later', 'address', ALICE)))).toBe(denied(0))
    expect(await ask(inCalls(data('count', 'uint256[]', [5n]), data('count', 'uint256[]', [])))).toBe(denied(1))
    expect(await ask(inCalls(data('count', 'uint256[]', [5n])))).toBe('allowed')
  })

  test('and one that does may charge a rolling meter', async () => {
    const rolling: Meter = { ...budget, window: { kind: 'rolling', seconds: DAY } }
    const { ask, agreement } = await asker(
      policyOf(
        [allow(BOB, multicall, { nested: [calls(allow(BOB, pay, { charges: [counting(1, amount)] }))] })],
        [rolling],
      ),
    )
    expect(await ask(inCalls(payment(ALICE, 60n), payment(ALICE, 30n)))).toBe('allowed')
    expect(await agreement.ask([inCalls(payment(ALICE, 11n))], FROM + DAY)).toBe('MeterExceeded(2,11,10)')
    expect(await agreement.ask([inCalls(payment(ALICE, 11n))], FROM + DAY + DAY / 8)).toBe('allowed')
  })

  test('does not hold because of something two calls deeper, and leaves nothing of what was tried there', async () => {
    const inner = (limit: bigint) => allow(BOB, pay, { ...hour, charges: [counting(1, amount), limited(limit)] })
    const level = (...rules: Rule[]) => allow(BOB, multicall, { nested: [calls(...rules)] })
    const { ask, agreement } = await asker(policyOf([level(level(inner(5n)), level(level(inner(9n)), inner(7n)))]))
    const deep = (...values: bigint[]) =>
      data(
        'multicall',
        'bytes[]',
        values.map((value) => payment(ALICE, value)),
      )
    expect(await ask(inCalls(deep(1n, 6n)))).toBe('allowed')
    expect(agreement.state.meters[1]?.spent).toBe(7n)
    expect(await ask(inCalls(deep(1n, 2n), data('multicall', 'bytes[]', [deep(9n), payment(ALICE, 1n)])))).toBe(
      'allowed',
    )
    expect(agreement.state.meters[1]?.spent).toBe(20n)
    expect(await ask(inCalls(deep(1n, 2n), deep(1n, 8n)))).toBe(denied(1))
    expect(await ask(inCalls(deep(1n, 2n), data('multicall', 'bytes[]', [deep(10n)])))).toBe(denied(1))
  })
})

describe('a deny', () => {
  const no = (action: DenyRule['action'], where: Condition[] = [alice], time: RuleTime = {}): DenyRule => ({
    effect: 'deny',
    target: BOB,
    action,
    where,
    ...time,
  })

  test('holds at every depth inside the place where it stands', async () => {
    const level = (...rules: Rule[]) => allow(BOB, multicall, { nested: [calls(...rules)] })
    const free = allow(BOB, pay)
    const deep = (to: Address) => data('multicall', 'bytes[]', [payment(to, 1n)])
    for (const rules of [
      [level(level(free), free), no(pay)],
      [level(level(free), free, no(pay))],
      [level(level(free, no(pay)), free, no(pay))],
    ]) {
      const { ask } = await asker(policyOf(rules, []))
      expect(await ask(inCalls(deep(BOB), payment(USDC, 1n)))).toBe('allowed')
      expect(await ask(inCalls(deep(ALICE)))).toBe(denied(0))
      expect(await ask(inCalls(payment(BOB, 1n), payment(ALICE, 1n)))).toBe(denied(1))
    }
    const { ask } = await asker(policyOf([level(level(free, no(pay)), free)], []))
    expect(await ask(inCalls(payment(ALICE, 1n)))).toBe('allowed')
    expect(await ask(inCalls(deep(ALICE)))).toBe(denied(0))
  })

  test('of a later time bounds the interval of the call around', async () => {
    const rules = [
      allow(BOB, multicall, { nested: [calls(allow(BOB, pay), no(pay, [alice], { from: FROM + 500 }))] }),
      no({ kind: 'any' }, [], { from: FROM + 900 }),
    ]
    const { ask } = await asker(policyOf(rules, []))
    expect(await ask(inCalls(payment(ALICE, 1n)))).toBe('allowed')
    expect(await ask(inCalls(payment(BOB, 1n)))).toBe('allowed')
    expect(await ask(inCalls())).toBe('allowed')
  })
})

describe('records of a multisend', () => {
  const eth: Meter = { counts: 'ETH', limit: 100n, window: { kind: 'total' } }
  const value: Operand = { kind: 'environment', name: 'call.value' }
  const policy = policyOf(
    [
      allow(BOB, multiSend, {
        nested: [
          multisend(
            allow(ALICE, pay, { where: [alice] }),
            allow(USDC, { kind: 'send' }, { charges: [counting(1, value)] }),
            { effect: 'deny', target: USDC, action: { kind: 'any' }, where: [is0(value, 13n)] },
          ),
        ],
      }),
    ],
    [eth],
  )

  test('name their own targets and values', async () => {
    const { ask } = await asker(policy)
    expect(await ask(inRecords(record(ALICE, 0n, payment(ALICE, 1n)), record(USDC, 60n, '0x')))).toBe('allowed')
    expect(await ask(inRecords(record(USDC, 41n, '0x')))).toBe('MeterExceeded(1,41,40)')
    expect(await ask(inRecords(record(USDC, 13n, '0x')))).toBe(denied(0))
    expect(await ask(inRecords(record(USDC, 1n, '0x'), record(ALICE, 1n, payment(ALICE, 1n))))).toBe(denied(1))
    expect(await ask(inRecords(record(USDC, 1n, '0x00')))).toBe(denied(0))
    expect(await ask(inRecords(record(USDC, 1n, '0x'), record(ALICE, 0n, payment(BOB, 1n))))).toBe(denied(1))
    expect(await ask(inRecords(record(BOB, 0n, payment(ALICE, 1n))))).toBe(denied(0))
    expect(await ask(inRecords())).toBe('allowed')
  })

  test('fill the bytes exactly, and are calls', async () => {
    const { ask } = await asker(policy)
    const good = record(USDC, 1n, '0x')
    expect(await ask(inRecords(good, '0x00'))).toBe(denied(LIST))
    expect(await ask(inRecords(good, slice(good, 0, 84)))).toBe(denied(LIST))
    expect(await ask(inRecords(good, record(USDC, 1n, '0x', 1)))).toBe(denied(LIST))
    expect(await ask(inRecords(concat([slice(good, 0, 53), numberToHex(LIST, { size: 32 })]), good))).toBe(denied(LIST))
  })

  test('end with the bytes, whatever stands behind these', async () => {
    const two: Operand = { kind: 'length', of: { kind: 'multisend', bytes: { place: place(0) } } }
    const { ask } = await asker(policyOf([allow(BOB, multiSend, { where: [is0(two, 2n)] })], []))
    const header = (length: bigint) =>
      concat(['0x00', USDC, numberToHex(0n, { size: 32 }), numberToHex(length, { size: 32 })])
    expect(await ask(inRecords(header(0n), header(0n)))).toBe('allowed')
    // The first goes 21 bytes beyond, to a second one that would bring the count of bytes left back to nothing.
    const { data, ...call } = inRecords(header(32n), numberToHex(0n, { size: 11 }))
    const behind = concat([data, numberToHex(0n, { size: 21 }), header(2n ** 256n - 21n - 85n)])
    expect(await ask({ ...call, data: behind })).toBe('ConditionFailed(0,0)')
  })

  test.each([
    ['the account', ACCOUNT],
    ['the module', MODULE],
    ['an EntryPoint', '0x4337084d9e255ff0702461cf8895ce9e3b5ff108'],
  ] satisfies [string, Address][])('never go to %s, whatever a rule says', async (_, target) => {
    const { ask } = await asker(
      policyOf([allow(BOB, multiSend, { nested: [multisend(allow(target, pay), allow(ALICE, pay))] })], []),
    )
    expect(await ask(inRecords(record(ALICE, 0n, payment(ALICE, 1n))))).toBe('allowed')
    expect(await ask(inRecords(record(ALICE, 0n, payment(ALICE, 1n)), record(target, 0n, payment(ALICE, 1n))))).toBe(
      denied(1),
    )
  })

  test('may carry lists of their own, whose calls have the record’s value', async () => {
    const inner = allow(ALICE, multicall, {
      charges: [counting(1, value)],
      nested: [calls(allow(ALICE, pay, { where: [is0(value, 7n)] }))],
    })
    const { ask } = await asker(policyOf([allow(BOB, multiSend, { nested: [multisend(inner)] })], [eth]))
    const many = data('multicall', 'bytes[]', [payment(ALICE, 1n), payment(BOB, 2n)])
    expect(await ask(inRecords(record(ALICE, 7n, many), record(ALICE, 7n, many)))).toBe('allowed')
    expect(await ask(inRecords(record(ALICE, 7n, many), record(ALICE, 8n, many)))).toBe(denied(1))
  })
})

describe('commands', () => {
  const swap = command(8, address, uint256, bytes)
  const wrap = command(0x0b, address, uint256)
  const policy = policyOf([
    allow(BOB, run, {
      nested: [
        commands(
          allow(BOB, swap, { where: [alice], charges: [counting(1, amount)] }),
          allow(BOB, wrap, { where: [alice] }),
          { effect: 'deny', target: BOB, action: wrap, where: [is(1, uint256, { kind: 'number', value: 13n })] },
        ),
      ],
    }),
  ])
  const swapping = (to: Address, value: bigint) => encoded('address,uint256,bytes', to, value, '0x1234')
  const wrapping = (to: Address, value: bigint) => encoded('address,uint256', to, value)

  test('are bytes, each with an input', async () => {
    const { ask } = await asker(policy)
    expect(await ask(inCommands('0x080b08', swapping(ALICE, 50n), wrapping(ALICE, 1n), swapping(ALICE, 50n)))).toBe(
      'allowed',
    )
    expect(await ask(inCommands('0x08', swapping(ALICE, 1n)))).toBe('MeterExceeded(1,1,0)')
    expect(await ask(inCommands('0x'))).toBe('allowed')
    expect(await ask(inCommands('0x0b', wrapping(ALICE, 13n)))).toBe(denied(0))
    expect(await ask(inCommands('0x0b', wrapping(BOB, 1n)))).toBe(denied(0))
    expect(await ask(inCommands('0x8b', wrapping(ALICE, 1n)))).toBe(denied(0))
    expect(await ask(inCommands('0x0b08', wrapping(ALICE, 1n), wrapping(ALICE, 1n)))).toBe(denied(1))
    expect(await ask(inCommands('0x0b', concat([wrapping(ALICE, 1n), '0x00'])))).toBe(denied(0))
    expect(await ask(inCommands('0x0b', slice(wrapping(ALICE, 1n), 0, 63)))).toBe(denied(0))
  })

  test('and inputs are as many', async () => {
    const { ask } = await asker(policy)
    expect(await ask(inCommands('0x0b0b', wrapping(ALICE, 1n)))).toBe(denied(LIST))
    expect(await ask(inCommands('0x', wrapping(ALICE, 1n)))).toBe(denied(LIST))
  })

  test.each([
    ['of commands', policy, inCommands('0x080b', swapping(ALICE, 5n), wrapping(ALICE, 1n))],
    [
      'of calls, two deep',
      policyOf([
        allow(BOB, multicall, {
          nested: [
            calls(
              allow(BOB, pay, { charges: [counting(1, amount)] }),
              allow(BOB, multicall, { nested: [calls(allow(BOB, pay))] }),
            ),
          ],
        }),
      ]),
      inCalls(payment(ALICE, 3n), data('multicall', 'bytes[]', [payment(BOB, 2n)])),
    ],
    [
      'of a multisend',
      policyOf(
        [
          allow(BOB, multiSend, {
            nested: [multisend(allow(ALICE, multicall, { nested: [calls(allow(ALICE, pay))] }))],
          }),
        ],
        [],
      ),
      inRecords(record(ALICE, 0n, data('multicall', 'bytes[]', [payment(ALICE, 1n)]))),
    ],
  ] as const)('%s are what the definition says where the encoding is wrong', async (_, policy, call) => {
    const { ask } = await asker(policy)
    expect(await ask(call)).toBe('allowed')
    for (const data of near(call.data)) await ask({ ...call, data })
    // Every byte of what the lists are made of.
    for (let at = 4; at < size(call.data); at += 1)
      if (at % 32 > 27 || slice(call.data, at, at + 1) !== '0x00')
        await ask({
          ...call,
          data: patched(call.data, at, numberToHex(Number(slice(call.data, at, at + 1)) ^ 1, { size: 1 })),
        })
  })
})

describe('two lists of one call', () => {
  test('are both looked at, each in the call’s own arguments', async () => {
    const both = callTo('both', list(bytes), bytes)
    const rule = allow(BOB, both, {
      nested: [
        calls(allow(BOB, pay, { where: [alice] })),
        {
          form: 'multisend',
          list: { place: place(1) },
          rules: [allow(ALICE, pay, { charges: [counting(1, amount)] })],
        },
      ],
    })
    const { ask, agreement } = await asker(policyOf([rule]))
    const call = (inner: Hex[], records: Hex[]) => ({
      to: BOB,
      value: 0n,
      data: data('both', 'bytes[],bytes', inner, concat(records)),
    })
    expect(await ask(call([payment(ALICE, 1n)], [record(ALICE, 0n, payment(BOB, 3n))]))).toBe('allowed')
    expect(agreement.state.meters[1]?.spent).toBe(3n)
    expect(await ask(call([payment(BOB, 1n)], [record(ALICE, 0n, payment(BOB, 3n))]))).toBe(denied(0))
    expect(await ask(call([payment(ALICE, 1n)], [record(BOB, 0n, payment(BOB, 3n))]))).toBe(denied(0))
  })
})

type Asked = Parameters<Agreement['ask']>[0]

async function asker(policy: Policy) {
  const agreement = await Agreement.of(policy)
  return { agreement, ask: (...calls: Asked[number][]) => agreement.ask(calls, NOW) }
}

function is0(operand: Operand, value: bigint): Condition {
  const constant: Operand = { kind: 'constant', constant: { kind: 'number', value } }
  return {
    kind: 'compare',
    operator: '==',
    left: [{ negative: false, scales: [], factors: [operand] }],
    right: [{ negative: false, scales: [], factors: [constant] }],
  }
}
