import { describe, expect, it } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Condition, Sum } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import {
  address,
  allow,
  argument,
  BINDING,
  component,
  constant,
  element,
  number,
  one,
  policyOf,
  uint256,
  USDC,
  WETH,
} from './samples.js'

const bytes = (...parts: readonly string[]): string => `0x${parts.join('').replaceAll(' ', '')}`

const named = (name: string, type: AbiType): Parameter => ({ name, type })

/** A function of many shapes: heads at words 0, 1, 2-4 (static tuple with an array), 5 (bytes), 6 (dynamic tuple), 7 (tuples), 8 (arrays). */
const SHAPES: FunctionAction = {
  kind: 'call',
  name: 'shapes',
  inputs: [
    named('a', { kind: 'int', bits: 64 }),
    named('b', { kind: 'fixedBytes', size: 4 }),
    named('c', {
      kind: 'tuple',
      components: [named('x', { kind: 'bool' }), named('y', { kind: 'array', element: address, length: 2 })],
    }),
    named('d', { kind: 'bytes' }),
    named('e', {
      kind: 'tuple',
      components: [named('p', uint256), named('q', { kind: 'string' }), named('r', address)],
    }),
    named('f', {
      kind: 'array',
      element: {
        kind: 'tuple',
        components: [named('s', uint256), named('t', { kind: 'array', element: { kind: 'int', bits: 24 }, length: 2 })],
      },
    }),
    named('g', { kind: 'array', element: { kind: 'array', element: uint256 }, length: 3 }),
  ],
}

const int64 = argument({ kind: 'int', bits: 64 }, component(0))
const bytes4 = argument({ kind: 'fixedBytes', size: 4 }, component(1))
const flag = argument({ kind: 'bool' }, component(2), component(0))
const second = argument(address, component(2), component(1), element(1))
const inTuple = argument(uint256, component(4), component(0))
const lastOfTuples = argument({ kind: 'int', bits: 24 }, component(5), { kind: 'last' }, component(1), element(1))
const firstOfTuples = argument(uint256, component(5), element(0), component(0))
const inArrays = argument(uint256, component(6), element(2), element(258))

/** The bytes of the condition, cut out of its rule's leaf. */
const written = (condition: Condition): string => {
  const policy = policyOf({ tokens: [USDC, WETH], rules: [allow({ action: SHAPES, where: [condition, usesBoth] })] })
  expect(encodable(policy)).toEqual([])
  const [leaf = '0x'] = leavesOf(encode(policy, BINDING))
  const start = leaf.indexOf(DESCRIPTOR) + DESCRIPTOR.length + 2
  return `0x${leaf.slice(start, leaf.length - USES_BOTH.length - 4)}`
}

const DESCRIPTOR = '07 0101 0101 0103 02 0503030101020101 030103 0403030101'.replaceAll(' ', '')

// Both tokens are used, so that conditions may name either.
const usesBoth: Condition = {
  kind: 'compare',
  operator: '==',
  left: one(constant({ kind: 'address', value: USDC.address })),
  right: one(constant({ kind: 'address', value: WETH.address })),
}
const USES_BOTH = bytes('10 02', USDC.address.slice(2), '02', WETH.address.slice(2)).slice(2)

const compare = (
  operator: '==' | '!=' | '<' | '<=' | '>' | '>=',
  left: Operand | Sum,
  right: Operand | Sum,
): Condition => ({
  kind: 'compare',
  operator,
  left: 'kind' in left ? one(left) : left,
  right: 'kind' in right ? one(right) : right,
})

const value: Operand = { kind: 'environment', name: 'call.value' }

describe('encode', () => {
  it('writes a grant as docs/format.md draws it, byte for byte', () => {
    const policy = policyOf({
      fees: {
        paidBy: { kind: 'budget', meter: 0 },
        where: [
          compare(
            '<=',
            { kind: 'environment', name: 'op.maxFeePerGas' },
            constant({ kind: 'amount', value: 50_000_000_000n, asset: 'ETH' }),
          ),
        ],
      },
      meters: [
        { counts: 'ETH', limit: 10n ** 16n, window: { kind: 'period', seconds: 86_400 } },
        { counts: USDC.address, limit: 500_000_000n, window: { kind: 'total' } },
      ],
      rules: [
        allow({
          where: [
            compare(
              '==',
              argument(address, component(0)),
              constant({ kind: 'address', value: '0x1111111111111111111111111111111111111111' }),
            ),
          ],
          charges: [
            { kind: 'meter', meter: 1, amount: one(argument(uint256, component(1))), assetChecked: true },
            {
              kind: 'per call',
              asset: USDC.address,
              limit: 25_000_000n,
              amount: one(argument(uint256, component(1))),
              assetChecked: true,
            },
          ],
        }),
        {
          effect: 'deny',
          target: USDC.address,
          action: { kind: 'any' },
          where: [],
          hours: { start: 540, end: 1020, weekdays: 31 },
        },
      ],
    })
    expect(encode(policy, BINDING)).toBe(
      bytes(
        '01 0000000000002105 c0dec0dec0dec0dec0dec0dec0dec0dec0dec0de 5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c 00000001 000000000000',
        '0037', // header
        '05 70997970c51812dc3a010c7d01b50e0d17dc79c8 006b49d200 006b530c80',
        '07 00 00015180 2386f26fc10000', // the fees' meter: narrow, 7 bytes, position 0, a day
        '01 13 2b 05 ff 05 0ba43b7400',
        '01 833589fcd6edb6e08f4c7c32d4f71b54bda02913 06 04 55534443', // USDC
        '02',
        'ff 07 00015180 2386f26fc10000',
        '00 04 00000000 1dcd6500',
        '0001 0019 7472616e7366657228616464726573732c75696e7432353629 02 746f 06 616d6f756e74',
        '000002',
        '01 0000 0034', // allow transfer
        '00 833589fcd6edb6e08f4c7c32d4f71b54bda02913 a9059cbb 02',
        '01 10 10 00 01 02 1111111111111111111111111111111111111111',
        '02 01 01 00 0003 10 01 3f',
        '02 00 00 04 017d7840 0003 10 01 3f',
        '00',
        '02 ffff 833589fcd6edb6e08f4c7c32d4f71b54bda02913 00 0007', // deny any
        '10 021c 03fc 1f 00',
      ),
    )
  })

  it('keeps a wide fees meter out of word 0', () => {
    const policy = policyOf({
      fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
      meters: [{ counts: 'ETH', limit: 1n << 97n, window: { kind: 'total' } }],
    })
    const header = encode(policy, BINDING).slice(2 + 2 * 61, 2 + 2 * 111)
    expect(header).toBe(
      bytes(
        '01 70997970c51812dc3a010c7d01b50e0d17dc79c8 006b49d200 006b530c80',
        '4d 02 00000000 02',
        '00'.repeat(12),
      ).slice(2),
    )
  })

  it('describes the arguments of a function that has a dynamic one', () => {
    const [leaf = '0x'] = leavesOf(encode(policyOf({ rules: [allow({ action: SHAPES })] }), BINDING))
    expect(leaf.slice(2 + 2 * 21 + 8)).toBe(bytes('09 18', DESCRIPTOR, '00 00 00').slice(2))
  })

  const conditions: readonly (readonly [string, Condition, string])[] = [
    [
      'a word of the heads',
      compare('!=', bytes4, constant({ kind: 'bytes', value: '0x000000ff' })),
      '11 10 01 63 03 04 000000ff',
    ],
    ['a word inside a static tuple', compare('==', flag, constant({ kind: 'bool', value: true })), '10 10 02 02 04 01'],
    [
      'an element of a static array',
      compare('==', second, { kind: 'environment', name: 'session.key' }),
      '10 10 04 01 22',
    ],
    ['a component of a dynamic tuple', compare('>', inTuple, number(0n)), '14 11 02 00 0004 00 0000 3f 00 00'],
    [
      'a word at the beginning of a static element',
      compare('<', firstOfTuples, number(256n)),
      '12 11 03 00 0005 01 0000 03 0000 3f 00 02 0100',
    ],
    [
      'a word inside the last element',
      compare('>=', lastOfTuples, number(-1n)),
      '19 11 03 00 0005 02 0000 03 0002 42 01 01 01',
    ],
    ['an element of an element', compare('==', inArrays, value), '10 11 03 00 0006 01 0002 01 0102 3f 20'],
    ['two signed sides', compare('<', int64, number(-300n)), '16 10 00 47 01 02 012c'],
    ['a signed side and a number that either reading gives', compare('<=', number(7n), int64), '17 00 01 07 10 00 47'],
    ['two numbers, unsigned', compare('<', number(1n), number(2n)), '12 00 01 01 00 01 02'],
    ['a signed and an unsigned side: the long form', compare('==', int64, value), '20 02 00 10 00 47 02 20'],
    [
      'a sum of two terms, one taken away',
      compare(
        '<=',
        [
          { negative: false, scales: [], factors: [value] },
          { negative: true, scales: [], factors: [inTuple, int64] },
        ],
        number(5n),
      ),
      '23 03 00 20 05 11 02 00 0004 00 0000 3f 10 00 47 02 00 01 05',
    ],
    [
      'scales, outermost first',
      compare(
        '>=',
        [
          {
            negative: false,
            scales: [
              { kind: 'percent', percent: { digits: 985n, decimals: 1 } },
              { kind: 'at', price: { digits: 3000n, decimals: 0 }, quote: USDC.address, base: WETH.address },
              { kind: 'divide', by: 256n },
            ],
            factors: [inTuple],
          },
        ],
        [
          {
            negative: false,
            scales: [{ kind: 'sold at', price: { digits: 5n, decimals: 1 }, quote: 'ETH', base: USDC.address }],
            factors: [value],
          },
        ],
      ),
      '25 02 30 01 01 02 03d9 02 00 01 06 12 00 02 0bb8 04 02 0100 11 02 00 0004 00 0000 3f 12 03 ff 00 12 06 01 01 05 20',
    ],
    [
      'a bound on now',
      { kind: 'now', bound: 'at most', operand: inTuple, seconds: 1200 },
      '1c 11 02 00 0004 00 0000 3f 00000004b0',
    ],
    [
      'a list of numbers, all as wide as the widest',
      {
        kind: 'member',
        negated: false,
        operands: [value],
        rows: [[{ kind: 'number', value: 0n }], [{ kind: 'number', value: 256n }]],
      },
      '1a 01 20 00 02 0002 0000 0100',
    ],
    [
      'a list of numbers of either sign, in two’s complement',
      {
        kind: 'member',
        negated: true,
        operands: [int64],
        rows: [[{ kind: 'number', value: 127n }], [{ kind: 'number', value: -128n }], [{ kind: 'number', value: -1n }]],
      },
      '1b 01 10 00 47 01 01 0003 7f 80 ff',
    ],
    [
      'a list of tuples',
      {
        kind: 'member',
        negated: false,
        operands: [second, inTuple, bytes4, flag],
        rows: [
          [
            { kind: 'address', value: '0x00000000000000000000000000000000000000a1' },
            { kind: 'amount', value: 0n, asset: USDC.address },
            { kind: 'bytes', value: '0x00000001' },
            { kind: 'bool', value: false },
          ],
        ],
      },
      '1a 04 10 04 01 02 14 11 02 00 0004 00 0000 3f 05 00 01 10 01 63 03 04 10 02 02 04 01 0001 00000000000000000000000000000000000000a1 00 00000001 00',
    ],
    [
      'and in or',
      { kind: 'or', any: [{ kind: 'and', all: [{ kind: 'true' }, { kind: 'false' }] }, { kind: 'true' }] },
      '02 02 01 02 03 04 03',
    ],
  ]
  it.each(conditions)('writes %s', (_, condition, expected) => {
    expect(written(condition)).toBe(bytes(expected))
  })

  it('writes the width that a negative number needs with its sign', () => {
    const widthOf = (...values: readonly bigint[]): string => {
      const rows = values.map((one) => [{ kind: 'number', value: one } as const])
      return written({ kind: 'member', negated: false, operands: [int64], rows }).slice(2 + 2 * 6, 2 + 2 * 7)
    }
    expect(widthOf(-1n)).toBe('01')
    expect(widthOf(-128n)).toBe('01')
    expect(widthOf(-129n)).toBe('02')
    expect(widthOf(128n, -1n)).toBe('02')
    expect(widthOf(127n, -1n)).toBe('01')
    expect(widthOf(-(1n << 63n))).toBe('08')
  })
})
