// Longer than most: one table of lists, parts and places, each put to the module and to the definition by the same few helpers.
import { toFunctionSelector, encodeAbiParameters, parseAbiParameters, concat } from 'viem'
import { describe, expect, test } from 'vitest'
import type { AbiType, ValueType } from '../../src/policy/AbiType.js'
import type { Collection } from '../../src/policy/Collection.js'
import type { Condition, Quantified } from '../../src/policy/Condition.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Constant, Operand } from '../../src/policy/Operand.js'
import type { Bytes, PathStep, Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ALICE, BOB, USDC } from './harness/actors.js'
import { Agreement, near } from './harness/Agreement.js'
import { address, feeMeter, FROM, transferPolicy, uint256 } from './harness/policies.js'

const NOW = FROM + 10
const uint = (bits: number): ValueType => ({ kind: 'uint', bits })
const list = (element: AbiType, length?: number): AbiType => ({
  kind: 'array',
  element,
  ...(length === undefined ? {} : { length }),
})
const tuple = (...types: AbiType[]): AbiType => ({
  kind: 'tuple',
  components: types.map((type, index) => ({ name: `c${index}`, type })),
})
const bytes: AbiType = { kind: 'bytes' }

const at = (index: number): PathStep => ({ kind: 'component', index })
const item = (index: number): PathStep => ({ kind: 'element', index })
const last: PathStep = { kind: 'last' }
const place = (index: number, ...path: PathStep[]): Place => ({ kind: 'argument', path: [at(index), ...path] })
const inside = (depth: number, ...path: PathStep[]): Place => ({ kind: 'element', depth, path })
const array = (of: Place) => ({ kind: 'array', place: of }) as const
const element = (depth: number, type: ValueType, ...path: PathStep[]): Operand => ({
  kind: 'element',
  depth,
  path,
  type,
})
const constant = (constant: Constant): Operand => ({ kind: 'constant', constant })
const number = (value: bigint) => constant({ kind: 'number', value })
const who = (value: Address) => constant({ kind: 'address', value })
const raw = (value: Hex) => constant({ kind: 'bytes', value })
const sum = (operand: Operand) => [{ negative: false, scales: [], factors: [operand] as const }]
const compare = (
  left: Operand,
  operator: (Condition & { kind: 'compare' })['operator'],
  right: Operand,
): Condition => ({ kind: 'compare', operator, left: sum(left), right: sum(right) })
const among = (operand: Operand, ...values: Address[]): Condition => ({
  kind: 'member',
  negated: false,
  operands: [operand],
  rows: [...values].sort().map((value) => [{ kind: 'address', value }]),
})
const every = (over: Collection, ...body: Condition[]): Quantified => ({ kind: 'every', over, body })
const any = (over: Collection, ...body: Condition[]): Quantified => ({ kind: 'any', over, body })
const lengthOf = (of: Collection | Bytes): Operand => ({
  kind: 'length',
  of: 'kind' in of ? of : { kind: 'bytes', bytes: of },
})
const part = (of: Place, start: number, end?: number): Bytes & { slice: object } => ({
  place: of,
  slice: { start, ...(end === undefined ? {} : { end }) },
})
const packed = (of: Bytes, size: number, gap: number): Collection => ({ kind: 'packed', bytes: of, size, gap })

/** A policy with one rule for a function of these parameters, and the calldata of its values. */
const policyOf = (types: readonly AbiType[], where: readonly Condition[]): Policy => ({
  ...transferPolicy,
  tokens: [],
  meters: [feeMeter],
  rules: [
    {
      effect: 'allow',
      target: BOB,
      action: { kind: 'call', name: 'f', inputs: types.map((type, index) => ({ name: `a${index}`, type })) },
      where,
      charges: [],
      unlimited: [],
    },
  ],
})
const dataOf = (types: string, values: readonly unknown[]): Hex =>
  concat([toFunctionSelector(`f(${types})`), encodeAbiParameters(parseAbiParameters(types), values)])

const OK = 'allowed'
const NO = 'ConditionFailed'
const long = (fill: string, count: number): Hex => `0x${fill.repeat(count)}`

type Row = {
  readonly what: string
  readonly types: readonly AbiType[]
  readonly signature: string
  readonly where: readonly Condition[]
  readonly cases: readonly (readonly [values: readonly unknown[], expected: string])[]
}

const rows: readonly Row[] = [
  {
    what: 'every element of a list of words',
    types: [list(address)],
    signature: 'address[]',
    where: [every(array(place(0)), among(element(0, address), ALICE, USDC))],
    cases: [
      [[[ALICE, USDC, ALICE]], OK],
      [[[]], OK],
      [[[ALICE, BOB]], NO],
      [[[BOB, ALICE]], NO],
    ],
  },
  {
    what: 'any element of a list of words',
    types: [list(address)],
    signature: 'address[]',
    where: [any(array(place(0)), compare(element(0, address), '==', who(ALICE)))],
    cases: [
      [[[BOB, ALICE, USDC]], OK],
      [[[]], NO],
      [[[BOB, USDC]], NO],
    ],
  },
  {
    what: 'a list of fixed length among the heads',
    types: [uint(8), list(uint(8), 3), bytes],
    signature: 'uint8, uint8[3], bytes',
    where: [every(array(place(1)), compare(element(0, uint(8)), '<=', number(5n)))],
    cases: [
      [[9, [1, 5, 5], '0x'], OK],
      [[0, [1, 2, 6], '0x'], NO],
      [[0, [6, 2, 1], '0x'], NO],
    ],
  },
  {
    what: 'a list of fixed length inside a list',
    types: [list(list(tuple(address, uint(16)), 2))],
    signature: '(address,uint16)[2][]',
    where: [
      every(
        array(place(0)),
        any(
          array(inside(0)),
          compare(element(0, address, at(0)), '==', who(ALICE)),
          compare(element(0, uint(16), at(1)), '>', number(9n)),
        ),
      ),
    ],
    cases: [
      [
        [
          [
            [
              [ALICE, 10],
              [BOB, 1],
            ],
            [
              [BOB, 11],
              [ALICE, 11],
            ],
          ],
        ],
        OK,
      ],
      [
        [
          [
            [
              [ALICE, 9],
              [BOB, 10],
            ],
          ],
        ],
        NO,
      ],
    ],
  },
  {
    what: 'a list of fixed length whose elements are dynamic, and the other way round',
    types: [list(list(uint256), 2)],
    signature: 'uint256[][2]',
    where: [every(array(place(0)), any(array(inside(0)), compare(element(0, uint256), '==', number(7n))))],
    cases: [
      [[[[7n], [1n, 7n]]], OK],
      [[[[7n], []]], NO],
      [[[[7n], [6n, 8n]]], NO],
    ],
  },
  {
    what: 'elements of two quantifiers at once',
    types: [list(address), list(address)],
    signature: 'address[], address[]',
    where: [
      every(
        array(place(0)),
        any(
          array(place(1)),
          compare(element(0, address), '==', element(1, address)),
          compare(number(1n), '==', number(1n)),
        ),
      ),
    ],
    cases: [
      [[[ALICE], [BOB, ALICE]], OK],
      [
        [
          [ALICE, USDC],
          [BOB, ALICE],
        ],
        NO,
      ],
      [[[ALICE], []], NO],
      [[[], []], OK],
    ],
  },
  {
    what: 'what stands inside elements: words, bytes, and lengths of both',
    types: [list(tuple(uint256, bytes, list(address)))],
    signature: '(uint256,bytes,address[])[]',
    where: [
      every(
        array(place(0)),
        compare(element(0, uint256, at(0)), '==', lengthOf({ place: inside(0, at(1)) })),
        compare(lengthOf(array(inside(0, at(2)))), '<=', number(1n)),
        {
          kind: 'or',
          any: [
            { kind: 'bytes', operator: 'starts with', left: { place: inside(0, at(1)) }, right: '0xabcd' },
            compare(element(0, address, at(2), last), '==', who(ALICE)),
          ],
        },
      ),
    ],
    cases: [
      [[[[3n, '0xabcdef', []]]], OK],
      [
        [
          [
            [3n, '0xabcdef', [BOB]],
            [1n, '0xab', [ALICE]],
          ],
        ],
        OK,
      ],
      [[[[2n, '0xabcdef', []]]], NO],
      [[[[1n, '0xab', [BOB]]]], NO],
      [[[[1n, '0xab', []]]], NO],
      [[[[3n, '0xabcdef', [BOB, BOB]]]], NO],
    ],
  },
  {
    what: 'how many elements and bytes there are',
    types: [list(address), list(uint256), bytes],
    signature: 'address[], uint256[], bytes',
    where: [
      {
        kind: 'or',
        any: [
          compare(lengthOf(array(place(0))), '==', lengthOf(array(place(1)))),
          compare(lengthOf({ place: place(2) }), '==', number(33n)),
        ],
      },
    ],
    cases: [
      [[[ALICE], [1n], '0x'], OK],
      [[[ALICE], [], long('11', 33)], OK],
      [[[ALICE], [], long('11', 32)], NO],
    ],
  },
  {
    what: 'byte strings that are a constant, long or empty',
    types: [bytes, { kind: 'string' }],
    signature: 'bytes, string',
    where: [
      {
        kind: 'or',
        any: [
          { kind: 'bytes', operator: '==', left: { place: place(0) }, right: long('ab', 40) },
          { kind: 'bytes', operator: '==', left: { place: place(1) }, right: '0x' },
        ],
      },
    ],
    cases: [
      [[long('ab', 40), 'x'], OK],
      [['0x', ''], OK],
      [[long('ab', 39), 'x'], NO],
      [[long('ab', 41), 'x'], NO],
      [[`${long('ab', 39)}ac`, 'x'], NO],
    ],
  },
  {
    what: 'byte strings that are not something, and do not begin with something',
    types: [bytes, bytes],
    signature: 'bytes, bytes',
    where: [
      {
        kind: 'or',
        any: [
          { kind: 'bytes', operator: '!=', left: { place: place(0) }, right: { place: place(1) } },
          { kind: 'bytes', operator: 'does not start with', left: { place: place(0) }, right: '0x0102' },
        ],
      },
    ],
    cases: [
      [['0x0102', '0x0103'], OK],
      [['0x01', '0x01'], OK],
      [['0x010203', '0x010203'], NO],
    ],
  },
  {
    what: 'parts of byte strings against others',
    types: [bytes, bytes],
    signature: 'bytes, bytes',
    where: [{ kind: 'bytes', operator: 'starts with', left: part(place(0), 2), right: part(place(1), -3, -1) }],
    cases: [
      [['0x0000aabb', '0xaabbcc'], OK],
      [['0x0000aabb', '0x11aabbcc'], OK],
      [['0x0000aabb', '0xaabb'], NO],
      [['0x00', '0xaabbcc'], NO],
      [['0x0000aa', '0xaabbcc'], NO],
    ],
  },
  {
    what: 'slices from either end',
    types: [bytes],
    signature: 'bytes',
    where: [
      compare({ kind: 'slice', bytes: part(place(0), -20) }, '==', who(ALICE)),
      compare({ kind: 'slice', bytes: part(place(0), 1, 4) }, '==', raw('0x010203')),
      compare({ kind: 'slice', bytes: part(place(0), -24, -20) }, '==', raw('0xdeadbeef')),
    ],
    cases: [
      [[`0xff010203deadbeef${ALICE.slice(2)}`], OK],
      [[`0xff010203deadbeee${ALICE.slice(2)}`], NO],
      [[`0xff010203deadbeef${BOB.slice(2)}`], NO],
      [['0xff0102'], NO],
    ],
  },
  {
    what: 'bits of a word',
    types: [uint(16), { kind: 'fixedBytes', size: 4 }, list(uint(8))],
    signature: 'uint16, bytes4, uint8[]',
    where: [
      {
        kind: 'or',
        any: [
          compare(
            { kind: 'masked', operand: { kind: 'argument', path: [at(0)], type: uint(16) }, mask: 0xf0n },
            '==',
            number(0x30n),
          ),
          compare(
            {
              kind: 'masked',
              operand: { kind: 'argument', path: [at(1)], type: { kind: 'fixedBytes', size: 4 } },
              mask: 0xff00n,
            },
            '==',
            raw('0x0000aa00'),
          ),
          any(
            array(place(2)),
            compare(
              { kind: 'masked', operand: { kind: 'element', depth: 0, path: [], type: uint(8) }, mask: 1n },
              '==',
              number(1n),
            ),
          ),
        ],
      },
    ],
    cases: [
      [[0xff3f, '0x00000000', []], OK],
      [[0x002f, '0x0000aa00', []], OK],
      [[0x002f, '0x1234ab56', [2, 4, 5]], OK],
      [[0x002f, '0x1234ab56', [2, 4]], NO],
    ],
  },
  {
    what: 'sums over a list',
    types: [list(tuple(address, uint(128)))],
    signature: '(address,uint128)[]',
    where: [compare({ kind: 'total', over: array(place(0)), path: [at(1)], type: uint(128) }, '<=', number(100n))],
    cases: [
      [[[]], OK],
      [
        [
          [
            [ALICE, 60n],
            [BOB, 40n],
          ],
        ],
        OK,
      ],
      [
        [
          [
            [ALICE, 60n],
            [BOB, 41n],
          ],
        ],
        NO,
      ],
    ],
  },
  {
    what: 'sums that do not fit a word',
    types: [list(uint256), list(uint256, 2)],
    signature: 'uint256[], uint256[2]',
    where: [
      compare({ kind: 'total', over: array(place(0)), path: [], type: uint256 }, '>=', number(5n)),
      compare({ kind: 'total', over: array(place(1)), path: [], type: uint256 }, '>=', number(5n)),
    ],
    cases: [
      [[[2n ** 256n - 1n], [2n, 3n]], OK],
      [
        [
          [2n ** 256n - 1n, 1n],
          [2n, 3n],
        ],
        NO,
      ],
      [
        [
          [2n ** 256n - 1n, 7n],
          [2n, 3n],
        ],
        NO,
      ],
      [[[5n], [2n ** 255n, 2n ** 255n + 5n]], NO],
    ],
  },
  {
    what: 'sums of small numbers, each in its range',
    types: [list(uint(8))],
    signature: 'uint8[]',
    where: [compare({ kind: 'total', over: array(place(0)), path: [], type: uint(8) }, '>=', number(5n))],
    cases: [
      [[[255, 255, 255]], OK],
      [[[2, 3]], OK],
      [[[2, 2]], NO],
    ],
  },
  {
    what: 'a prefix longer than what should begin with it',
    types: [bytes],
    signature: 'bytes',
    where: [{ kind: 'bytes', operator: 'starts with', left: { place: place(0) }, right: '0x0a0000' }],
    cases: [
      [['0x0a0000'], OK],
      [['0x0a'], NO],
      [['0x0a00'], NO],
    ],
  },
  {
    what: 'elements that are one of some numbers in all their bytes',
    types: [list(uint256)],
    signature: 'uint256[]',
    where: [
      every(array(place(0)), {
        kind: 'member',
        negated: false,
        operands: [element(0, uint256)],
        rows: [[{ kind: 'number', value: 5n }], [{ kind: 'number', value: 7n }]],
      }),
    ],
    cases: [
      [[[5n, 7n]], OK],
      [[[6n]], NO],
      [[[0x105n]], NO],
      [[[2n ** 255n + 5n]], NO],
    ],
  },
  {
    what: 'elements below zero, in exact sums',
    types: [list({ kind: 'int', bits: 256 })],
    signature: 'int256[]',
    where: [
      every(array(place(0)), {
        kind: 'compare',
        operator: '<=',
        left: [...sum(element(0, { kind: 'int', bits: 256 })), ...sum(number(5n))],
        right: sum(number(3n)),
      }),
    ],
    cases: [
      [[[-2n, -9n]], OK],
      [[[-(2n ** 255n)]], OK],
      [[[-1n]], NO],
    ],
  },
  {
    what: 'packed elements with gaps',
    types: [bytes],
    signature: 'bytes',
    where: [
      every(packed({ place: place(0) }, 20, 3), among({ kind: 'packed element', depth: 0, size: 20 }, ALICE, USDC)),
    ],
    cases: [
      [[concat([ALICE, '0x000bb8', USDC])], OK],
      [[ALICE], OK],
      [[concat([ALICE, '0x000bb8', USDC, '0x0001f4', ALICE])], OK],
      [[concat([ALICE, '0x000bb8'])], NO],
      [[concat([ALICE, '0x000bb8', BOB])], NO],
      [['0x'], NO],
    ],
  },
  {
    what: 'packed elements side by side',
    types: [bytes],
    signature: 'bytes',
    where: [
      every(
        packed(part(place(0), 1), 2, 0),
        compare({ kind: 'packed element', depth: 0, size: 2 }, '==', raw('0x0a0b')),
      ),
      compare(lengthOf(packed(part(place(0), 1), 2, 0)), '<=', number(2n)),
    ],
    cases: [
      [['0xff'], OK],
      [['0xff0a0b0a0b'], OK],
      [['0xff0a0b0a'], NO],
      [['0xff0a0b0a0b0a0b'], NO],
      [['0xff0a0b0b0b'], NO],
      [['0x'], NO],
    ],
  },
  {
    what: 'bytes inside a list of bytes',
    types: [list(bytes)],
    signature: 'bytes[]',
    where: [
      every(array(place(0)), {
        kind: 'bytes',
        operator: '==',
        left: { place: inside(0) },
        right: { place: place(0, item(0)) },
      }),
    ],
    cases: [
      [[['0x1234', '0x1234']], OK],
      [[['0x1234', '0x123400']], NO],
      [[[]], OK],
    ],
  },
]

describe.each(rows)('$what', ({ types, signature, where, cases }) => {
  test('hold where they should', async () => {
    const agreement = await Agreement.of(policyOf(types, where))
    for (const [values, expected] of cases) {
      const answer = await agreement.ask([{ to: BOB, value: 0n, data: dataOf(signature, values) }], NOW)
      expect([values, answer.replace(/\(.*/, '')]).toEqual([values, expected])
    }
  })

  test('are what the definition says, in an allow and in a deny, where the encoding is wrong', async () => {
    const policy = policyOf(types, where)
    const [rule] = policy.rules
    if (rule?.effect !== 'allow') throw new Error('there is a rule')
    const deny = { effect: 'deny', target: rule.target, action: rule.action, where } as const
    for (const rules of [[rule], [{ ...rule, where: [] }, deny]]) {
      const agreement = await Agreement.of({ ...policy, rules })
      const seeds = cases.slice(0, 2).map(([values]) => dataOf(signature, values))
      for (const [index, data] of seeds.flatMap(near).entries())
        if (index % 3 !== 2) await agreement.ask([{ to: BOB, value: 0n, data }], NOW)
    }
  })
})
