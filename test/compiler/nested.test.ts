import { numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../src/compiler/canonical.js'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import type { CommandAction, FunctionAction } from '../../src/policy/Action.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule, Rule } from '../../src/policy/Rule.js'
import {
  address,
  allow,
  argument,
  at,
  BINDING,
  bytes4,
  component,
  equal,
  list,
  named,
  number,
  one,
  policyOf,
  TRANSFER,
  uint256,
  USDC,
} from './samples.js'

const ROUTER: Hex = `0x${'11'.repeat(20)}`
const OTHER: Hex = `0x${'22'.repeat(20)}`

const MULTICALL: FunctionAction = { kind: 'call', name: 'multicall', inputs: [named('data', list({ kind: 'bytes' }))] }
const EXECUTE: FunctionAction = {
  kind: 'call',
  name: 'execute',
  inputs: [named('commands', { kind: 'bytes' }), named('inputs', list({ kind: 'bytes' }))],
}
const SEND_ALL: FunctionAction = { kind: 'call', name: 'multiSend', inputs: [named('transactions', { kind: 'bytes' })] }
const WRAP: CommandAction = { kind: 'command', command: 0x0b, inputs: [named('to', address), named('amount', uint256)] }
const PLAN: CommandAction = { kind: 'command', command: 0x21, inputs: EXECUTE.inputs }

const calls = (...rules: readonly Rule[]): Nested => ({ form: 'calls', list: at(component(0)), rules })
const multisend = (...rules: readonly Rule[]): Nested => ({
  form: 'multisend',
  list: { place: at(component(0)) },
  rules,
})
const commands = (...rules: readonly Rule[]): Nested => ({
  form: 'commands',
  list: { place: at(component(0)) },
  inputs: at(component(1)),
  rules,
})
const onRouter = (rest: Partial<AllowRule> = {}): AllowRule => allow({ target: ROUTER, action: MULTICALL, ...rest })
const policy = (...rules: readonly Rule[]): Policy => policyOf({ tokens: [], rules })

/** A deny whose clause can be told from others by its hours. */
const deny = (start: number, rest: Partial<DenyRule> = {}): DenyRule => ({
  effect: 'deny',
  target: ROUTER,
  action: { kind: 'any' },
  where: [],
  hours: { start, end: 1440, weekdays: 1 },
  ...rest,
})
const clauseAt = (start: number): string => `10${numberToHex(start, { size: 2 }).slice(2)}05a00100`

const bytes = (...parts: readonly string[]): string => parts.join('').replaceAll(' ', '')

/** The grant, which reads as the policy again. */
const readAgain = (whole: Policy): Hex => {
  expect(encodable(whole)).toEqual([])
  const grant = encode(whole, BINDING)
  expect(decode(grant)).toStrictEqual({ ok: true, policy: whole, binding: BINDING })
  return grant
}

/** The nested leaves inside a leaf of one block, whose list takes so many bytes after its form. */
const nestedIn = (leaf: Hex, before: number): readonly string[] => {
  const leaves: string[] = []
  let offset = 2 + 2 * before
  const uint = (width: number): number => {
    const value = parseInt(leaf.slice(offset, offset + 2 * width), 16)
    offset += 2 * width
    return value
  }
  const count = uint(2)
  for (let i = 0; i < count; i += 1) {
    const length = uint(2)
    leaves.push(leaf.slice(offset, offset + 2 * length))
    offset += 2 * length
  }
  expect(offset).toBe(leaf.length)
  return leaves
}

describe('rules of nested calls', () => {
  it('stand behind the rule around them, and in its leaf', () => {
    const inner = allow({ target: ROUTER, where: [equal(argument(uint256, component(1)), number(7n))] })
    const grant = readAgain(policy(onRouter({ nested: [calls(inner)] })))
    const router = ROUTER.slice(2)
    const outerBody = bytes('60', router, 'ac9650d8 01 03 01 03 02 00')
    const innerBody = bytes('00', router, 'a9059cbb 02 01 10 10 01 3f 00 01 07')
    const rules = grant.slice(-2 * (3 + (5 + 31 + 2) + (1 + 8) + (5 + 34 + 2)))
    expect(rules).toBe(
      bytes(
        '000001',
        '01 0000 001f',
        outerBody,
        '00 00',
        '01 00 00 01 00 0000 0001',
        '01 0001 0022',
        innerBody,
        '00 00',
      ),
    )
    expect(leavesOf(grant)).toEqual([
      `0x${bytes(outerBody, '00 00', '01 00 00 01 00 0000', '0001 0024', innerBody, '00 00')}`,
    ])
  })

  it('name commands by their byte, in the table, the flags and the denies', () => {
    const grant = readAgain(
      policy(
        onRouter({
          action: EXECUTE,
          nested: [commands(allow({ target: ROUTER, action: WRAP }), deny(1, { action: WRAP }))],
        }),
      ),
    )
    expect(grant).toContain(
      bytes('0015', Buffer.from('0x0b(address,uint256)').toString('hex'), '02 746f 06 616d6f756e74'),
    )
    const [leaf = '0x'] = leavesOf(grant)
    const body = bytes('80', ROUTER.slice(2), '0000000b 02 00')
    expect(leaf.slice(leaf.indexOf(bytes('01 02 00 01 00 0000 00 00 01 00 0001')))).toBe(
      bytes('01 02 00 01 00 0000 00 00 01 00 0001', '0001 0024', body, '00 01', clauseAt(1)),
    )
    expect(grant).toContain(bytes('02 0001', ROUTER.slice(2), '03 0000000b 0007', clauseAt(1)))
  })

  it('have their functions in the table behind that of the rule around them', () => {
    const first = onRouter({ nested: [calls(allow({ target: ROUTER }))] })
    const second = onRouter({ action: { ...TRANSFER, name: 'move' } })
    const texts = ['multicall(bytes[])', 'transfer(address,uint256)', 'move(address,uint256)']
    const grant = readAgain(policy(first, second))
    const places = texts.map((text) => grant.indexOf(Buffer.from(text).toString('hex')))
    expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true)
  })

  it('have the denies of every place around them folded in, from the outside in', () => {
    const deepest = multisend(
      allow({ target: OTHER, action: TRANSFER }),
      deny(6, { target: OTHER }),
      allow({ target: ROUTER, action: TRANSFER }),
    )
    const middle = calls(
      deny(4, { action: TRANSFER }),
      onRouter({ action: SEND_ALL, nested: [deepest] }),
      deny(5),
      allow({ target: ROUTER, action: { kind: 'send' } }),
    )
    const rules = [
      deny(1, { target: OTHER, action: TRANSFER }),
      onRouter({ nested: [middle] }),
      deny(2, { action: { ...TRANSFER, name: 'move' } }),
      deny(3, { action: { kind: 'send' } }),
    ]
    const grant = readAgain(policy(...rules))
    const [leaf = '0x'] = leavesOf(grant)
    // A function with a dynamic argument has a body of 31 bytes; then no charge and the denies.
    expect(leaf.slice(2 + 2 * 31, 2 + 2 * 33)).toBe('0000')
    const [sendAll = '', send = ''] = nestedIn(leaf, 33 + 1 + 1 + 5)
    expect(send.slice(2 * 22)).toBe(bytes('00 02', clauseAt(3), clauseAt(5)))
    const sendAllBody = 1 + 20 + 4 + 1 + 3 + 1
    expect(sendAll.slice(2 * sendAllBody, 2 * (sendAllBody + 2 + 7))).toBe(bytes('00 01', clauseAt(5)))
    const [other = '', router = ''] = nestedIn(`0x${sendAll}`, sendAllBody + 2 + 7 + 1 + 1 + 5 + 1)
    expect(other.slice(2 * 27)).toBe(bytes('00 02', clauseAt(1), clauseAt(6)))
    expect(router.slice(2 * 27)).toBe(bytes('00 02', clauseAt(4), clauseAt(5)))
  })

  it('count on meters in the order of the bytes', () => {
    const charge = (meter: number) => ({ kind: 'meter', meter, amount: one(number(1n)), assetChecked: true }) as const
    const inner = allow({ target: ROUTER, charges: [charge(1)] })
    const outer = onRouter({ charges: [charge(0)], nested: [calls(inner)] })
    const meters = [0n, 1n, 2n].map((limit) => ({ counts: 'calls', limit, window: { kind: 'total' } }) as const)
    readAgain(policyOf({ tokens: [], meters, rules: [outer, allow({ target: ROUTER, charges: [charge(2)] })] }))
  })

  it('have an end: blocks inside blocks are counted', () => {
    const nest = (depth: number): AllowRule =>
      onRouter(depth === 0 ? { action: TRANSFER } : { nested: [calls(nest(depth - 1))] })
    readAgain(policy(nest(4)))
    expect(encodable(policy(nest(5))).map(({ message }) => message)).toEqual(['calls are nested more than 4 deep'])
    const five: Hex = encode(policy(nest(5)), BINDING)
    expect(decode(five)).toMatchObject({ ok: false, reason: 'calls nested more than 4 deep' })
    expect(() => leavesOf(five)).toThrow('nested more than 4 deep')
  })

  it.each<readonly [string, Rule, RegExp]>([
    ['no block', onRouter({ nested: [] }), /0 blocks/],
    [
      '256 blocks',
      onRouter({ nested: Array.from({ length: 256 }, () => calls(allow({ target: ROUTER }))) }),
      /256 blocks/,
    ],
    ['a block without a rule', onRouter({ nested: [calls()] }), /no rule of a block/],
    ['a block that only denies', onRouter({ nested: [calls(deny(1))] }), /no rule of a block/],
    ['a target of its own in calls', onRouter({ nested: [calls(allow({ target: OTHER }))] }), /target of nested calls/],
    [
      'a target of its own in commands',
      onRouter({ action: EXECUTE, nested: [commands(allow({ target: OTHER, action: WRAP }))] }),
      /target of nested commands/,
    ],
    [
      'a function in commands',
      onRouter({ action: EXECUTE, nested: [commands(allow({ target: ROUTER }))] }),
      /nothing else/,
    ],
    ['a command in calls', onRouter({ nested: [calls(allow({ target: ROUTER, action: WRAP }))] }), /nothing else/],
    ['a command outside all blocks', onRouter({ action: WRAP }), /no list of commands/],
    [
      'a deny of any command',
      onRouter({ action: EXECUTE, nested: [commands(allow({ target: ROUTER, action: WRAP }), deny(1))] }),
      /nothing else/,
    ],
    [
      'the command 256',
      onRouter({ action: EXECUTE, nested: [commands(allow({ target: ROUTER, action: { ...WRAP, command: 256 } }))] }),
      /no byte/,
    ],
    [
      'one command with two inputs',
      onRouter({
        action: EXECUTE,
        nested: [
          commands(allow({ target: ROUTER, action: WRAP }), allow({ target: ROUTER, action: { ...WRAP, inputs: [] } })),
        ],
      }),
      /one selector/,
    ],
    [
      'calls that are no list of bytes',
      onRouter({ action: SEND_ALL, nested: [calls(allow({ target: ROUTER }))] }),
      /no `bytes\[\]`/,
    ],
    [
      'inputs that are none',
      onRouter({
        action: EXECUTE,
        nested: [
          {
            form: 'commands',
            list: { place: at(component(0)) },
            inputs: at(component(0)),
            rules: [allow({ target: ROUTER, action: WRAP })],
          },
        ],
      }),
      /no `bytes\[\]`/,
    ],
    ['records in no bytes', onRouter({ nested: [multisend(allow())] }), /no bytes/],
    [
      'a list of a send',
      onRouter({ action: { kind: 'send' }, nested: [calls(allow({ target: ROUTER }))] }),
      /no `bytes\[\]`/,
    ],
    [
      'a leaf that is too long with what is nested in it',
      onRouter({
        nested: [
          calls(
            ...Array.from({ length: 3 }, () =>
              allow({
                target: ROUTER,
                where: [
                  {
                    kind: 'member',
                    negated: false,
                    operands: [argument(address, component(0))],
                    rows: Array.from({ length: 1200 }, (_, index) => [
                      { kind: 'address', value: numberToHex(index, { size: 20 }) } as const,
                    ]),
                  },
                ],
              }),
            ),
          ),
        ],
      }),
      /leaf takes 7\d+ bytes/,
    ],
    [
      'too many denies on a nested rule',
      onRouter({ nested: [calls(allow({ target: ROUTER }), ...Array.from({ length: 256 }, () => deny(1)))] }),
      /256 denies/,
    ],
  ])('cannot be %s', (_, rule, message) => {
    const problems = encodable(policy(rule))
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message)
    expect(problems.every((problem) => problem.rule === 0 || problem.rule === undefined)).toBe(true)
  })

  it('let two targets have commands of one byte and other inputs', () => {
    const execute = (target: Hex, action: CommandAction): AllowRule =>
      allow({ target, action: EXECUTE, nested: [commands(allow({ target, action }))] })
    readAgain(policy(execute(ROUTER, WRAP), execute(OTHER, { ...WRAP, inputs: [named('', bytes4)] })))
  })

  it('are written in braces, and say where only in a multisend', () => {
    const rule = onRouter({
      action: EXECUTE,
      until: 1_800_000_060,
      nested: [
        commands(
          allow({
            target: ROUTER,
            action: WRAP,
            where: [equal(argument(uint256, component(1)), number(7n)), { kind: 'true' }],
          }),
          allow({ target: ROUTER, action: PLAN, nested: [commands(allow({ target: ROUTER, action: WRAP }))] }),
          { effect: 'deny', target: ROUTER, action: WRAP, where: [] },
        ),
        multisend(allow()),
      ],
    })
    const text = canonical(
      policyOf({ tokens: [USDC], rules: [rule, onRouter({ nested: [calls(allow({ target: ROUTER }))] })] }),
    )
    expect(text.slice(text.indexOf('allow')))
      .toBe(`allow execute(bytes commands, bytes[] inputs) on 0x1111111111111111111111111111111111111111
  until 2027-01-15 08:01:00
  each command in commands(commands, inputs) {
    allow 0x0b(address to, uint256 amount)
      where amount == 7
        and true
    allow 0x21(bytes commands, bytes[] inputs)
      each command in commands(commands, inputs) {
        allow 0x0b(address to, uint256 amount)
      }
    deny 0x0b(address to, uint256 amount)
  }
  each call in multisend(commands) {
    allow transfer(address to, uint256 amount) on USDC
  }

allow multicall(bytes[] data) on 0x1111111111111111111111111111111111111111
  each call in calls(data) {
    allow transfer(address to, uint256 amount)
  }
`)
  })
})
