import { encodeAbiParameters, parseAbiParameters, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load } from '../../src/evaluator/index.js'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Denial } from '../../src/policy/Denial.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Element } from '../../src/policy/Operand.js'
import type { PathStep, Place } from '../../src/policy/Place.js'
import {
  account,
  address,
  alice,
  binding,
  bob,
  callDataOf,
  compare,
  number,
  payroll,
  start,
  uint256,
  usdc,
} from '../semantics/fixtures.js'

// What a denial says of lists and byte strings: which of them, which element, what should stand there, what does.

const component = (index: number): PathStep => ({ kind: 'component', index })
const named = (name: string, type: AbiType): Parameter => ({ name, type })
const at = (index: number): Place => ({ kind: 'argument', path: [component(index)] })
const of = (depth: number, ...path: readonly PathStep[]): Place => ({ kind: 'element', depth, path })
const word = (depth: number, type: Element['type'], ...path: readonly PathStep[]): Element => ({
  kind: 'element',
  depth,
  path,
  type,
})
const small = compare(word(0, uint256), '<', number(9n))

const action: FunctionAction = {
  kind: 'call',
  name: 'go',
  inputs: [
    named('path', { kind: 'bytes' }),
    named('orders', {
      kind: 'array',
      element: {
        kind: 'tuple',
        components: [named('owner', { kind: 'address' }), named('amounts', { kind: 'array', element: uint256 })],
      },
    }),
    named('', { kind: 'array', length: 2, element: uint256 }),
  ],
}
const path: Hex = `0x${alice.slice(2)}000bb8${bob.slice(2)}`
const selector = toFunctionSelector('go(bytes,(address,uint256[])[],uint256[2])')
const types = parseAbiParameters('bytes, (address, uint256[])[], uint256[2]')
const data: Hex = `${selector}${encodeAbiParameters(types, [
  path,
  [
    [alice, [1n, 2n]],
    [bob, [3n, 10n]],
  ],
  [11n, 12n],
]).slice(2)}`

const packed = { kind: 'packed', bytes: { place: at(0) }, size: 20, gap: 3 } as const
const hop = { kind: 'packed element', depth: 0, size: 20 } as const
const orders = { kind: 'array', place: at(1) } as const
const amountsOf = (depth: number) => ({ kind: 'array', place: of(depth, component(1)) }) as const
const every = (over: (Condition & { kind: 'every' })['over'], ...body: Condition[]): Condition => ({
  kind: 'every',
  over,
  body,
})
const any = (over: (Condition & { kind: 'every' })['over'], ...body: Condition[]): Condition => ({
  kind: 'any',
  over,
  body,
})

test.each<readonly [string, Condition, Partial<Denial>]>([
  [
    'the first element of packed bytes that it does not hold of',
    every(packed, compare(hop, '==', address(alice))),
    { path: 'slices(path, 20, 3)[1]', expected: `== ${alice}`, actual: bob },
  ],
  [
    'an element of an element',
    every(orders, every(amountsOf(0), small)),
    { path: 'orders[1].amounts[1]', expected: '< 9', actual: '10' },
  ],
  [
    'of an element of an element what the outer one has',
    every(orders, every(amountsOf(0), compare(word(1, { kind: 'address' }, component(0)), '==', address(alice)))),
    { path: 'orders[1].owner', expected: `== ${alice}`, actual: bob },
  ],
  [
    'an element of a static array without a name',
    every({ kind: 'array', place: at(2) }, small),
    { path: 'args[2][0]', expected: '< 9', actual: '11' },
  ],
  [
    'of any element what would have to hold of one',
    any(orders, compare(word(0, { kind: 'address' }, component(0)), '==', address(account)), any(amountsOf(0), small)),
    {
      path: 'orders',
      expected: `any (orders[*].owner == ${account} and orders[*].amounts any (orders[*].amounts[*] < 9))`,
    },
  ],
  [
    'of any element of an element the outer one’s place',
    every(orders, any(amountsOf(0), compare(word(0, uint256), '==', number(1n)))),
    { path: 'orders[1].amounts', expected: 'any (orders[1].amounts[*] == 1)' },
  ],
  [
    'a list that cannot be read',
    every({ ...packed, gap: 4 }, compare(hop, '==', address(alice))),
    { path: 'slices(path, 20, 4)', expected: `every (slices(path, 20, 4)[*] == ${alice})`, actual: 'unreadable' },
  ],
  [
    'a length of bytes',
    compare({ kind: 'length', of: { kind: 'bytes', bytes: { place: at(0) } } }, '==', number(23n)),
    { path: 'len(path)', expected: '== 23', actual: '43' },
  ],
  [
    'a count of elements',
    compare({ kind: 'length', of: packed }, '==', number(3n)),
    { path: 'len(slices(path, 20, 3))', expected: '== 3', actual: '2' },
  ],
  [
    'a count of records that cannot be read',
    compare({ kind: 'length', of: { kind: 'multisend', bytes: { place: at(0) } } }, '==', number(3n)),
    { path: 'len(multisend(path))', expected: '== 3', actual: 'unreadable' },
  ],
  [
    'a sum',
    compare({ kind: 'total', over: { kind: 'array', place: at(2) }, path: [], type: uint256 }, '<=', number(20n)),
    { path: 'sum(args[2][*])', expected: '<= 20', actual: '23' },
  ],
  [
    'a sum inside an element',
    every(orders, compare({ kind: 'total', over: amountsOf(0), path: [], type: uint256 }, '<=', number(5n))),
    { path: 'sum(orders[1].amounts[*])', expected: '<= 5', actual: '13' },
  ],
  [
    'a slice as an address',
    compare({ kind: 'slice', bytes: { place: at(0), slice: { start: -20 } } }, '==', address(alice)),
    { path: 'path[-20:]', expected: `== ${alice}`, actual: bob },
  ],
  [
    'bits of a slice',
    compare(
      {
        kind: 'masked',
        operand: { kind: 'slice', bytes: { place: at(0), slice: { start: 20, end: 23 } } },
        mask: 0xffn,
      },
      '==',
      { kind: 'constant', constant: { kind: 'bytes', value: '0x000001' } },
    ),
    { path: 'path[20:23] & 0xff', expected: '== 0x000001', actual: '0x0000b8' },
  ],
  [
    'a beginning of bytes',
    { kind: 'bytes', operator: 'starts with', left: { place: at(0) }, right: '0x1234' },
    { path: 'path', expected: 'starts with 0x1234', actual: path },
  ],
  [
    'two byte strings',
    {
      kind: 'bytes',
      operator: '==',
      left: { place: at(0), slice: { start: 0, end: 2 } },
      right: { place: at(0), slice: { start: -2 } },
    },
    { path: 'path[:2]', expected: '== path[-2:]', actual: '0x1111' },
  ],
  [
    'a long byte string by its first 64 bytes',
    { kind: 'bytes', operator: '==', left: { place: at(0) }, right: `0x${'ab'.repeat(65)}` },
    { path: 'path', expected: `== 0x${'ab'.repeat(64)}…`, actual: path },
  ],
])('a denial tells %s', (_, condition, told) => {
  const rule = { effect: 'allow', target: usdc, action, where: [condition], charges: [], unlimited: [] } as const
  const policy = { ...payroll, meters: payroll.meters.slice(0, 1), rules: [rule] }
  const session = load(encode(policy, binding))
  const decision = decide(
    session,
    initialState(session),
    { callData: callDataOf({ to: usdc, value: 0n, data }) },
    start,
  )
  expect(decision).toEqual({
    outcome: 'deny',
    denials: [{ code: 'condition-failed', callIndex: 0, rule: 0, ...told, retry: 'change-args' }],
  })
})
