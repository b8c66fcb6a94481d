import { encodeAbiParameters, parseAbiParameters, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, load } from '../../src/evaluator/index.js'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Collection } from '../../src/policy/Collection.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Element, Operand } from '../../src/policy/Operand.js'
import type { ByteRange, PathStep, Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { decide as reference } from '../../src/semantics/decide.js'
import {
  account,
  address,
  alice,
  argument,
  binding,
  bob,
  callDataOf,
  compare,
  fresh,
  number,
  payroll,
  start,
  uint256,
  usdc,
} from '../semantics/fixtures.js'
import { wrongEncodings } from './wrongWords.js'

// Every word of an encoding is made wrong in every way that matters, and each time the definition says what that means.

const component = (index: number): PathStep => ({ kind: 'component', index })
const element = (index: number): PathStep => ({ kind: 'element', index })
const last: PathStep = { kind: 'last' }
const named = (type: AbiType): Parameter => ({ name: '', type })
const at = (index: number, ...rest: readonly PathStep[]): Place => ({
  kind: 'argument',
  path: [component(index), ...rest],
})
const inside = (...path: readonly PathStep[]): Place => ({ kind: 'element', depth: 0, path })
const ofElement = (type: Element['type'], ...path: readonly PathStep[]): Element => ({
  kind: 'element',
  depth: 0,
  path,
  type,
})
const array = (place: Place): Collection & { readonly kind: 'array' } => ({ kind: 'array', place })
const bytes4 = (value: Hex): Operand => ({ kind: 'constant', constant: { kind: 'bytes', value } })
const truth: Operand = { kind: 'constant', constant: { kind: 'bool', value: true } }
const slice = (place: Place, range: ByteRange): Operand => ({ kind: 'slice', bytes: { place, slice: range } })
const is = (left: Operand, right: Operand): readonly [Condition, Condition] => [
  compare(left, '==', right),
  compare(left, '!=', right),
]
const bytesAre = (place: Place, right: Hex, range?: ByteRange): readonly [Condition, Condition] => {
  const left = range ? { place, slice: range } : { place }
  return [
    { kind: 'bytes', operator: '==', left, right },
    { kind: 'bytes', operator: '!=', left, right },
  ]
}
const everyIs = (over: Collection, body: Condition, opposite: Condition): readonly [Condition, Condition] => [
  { kind: 'every', over, body: [body] },
  { kind: 'any', over, body: [opposite] },
]

/** A function, an encoding of its arguments, and conditions on them that hold with their opposites. */
type Case = {
  readonly types: string
  readonly inputs: readonly AbiType[]
  readonly values: readonly unknown[]
  readonly readings: readonly (readonly [title: string, conditions: readonly [Condition, Condition]])[]
}

const int16 = { kind: 'int', bits: 16 } as const
const word4 = { kind: 'fixedBytes', size: 4 } as const
const words: Case = {
  types: 'bool, uint256[][], int16, (bytes, address, string)[], bytes[2], (uint256, bytes4[]), bytes4',
  inputs: [
    { kind: 'bool' },
    { kind: 'array', element: { kind: 'array', element: uint256 } },
    int16,
    {
      kind: 'array',
      element: {
        kind: 'tuple',
        components: [named({ kind: 'bytes' }), named({ kind: 'address' }), named({ kind: 'string' })],
      },
    },
    { kind: 'array', length: 2, element: { kind: 'bytes' } },
    { kind: 'tuple', components: [named(uint256), named({ kind: 'array', element: word4 })] },
    word4,
  ],
  values: [
    true,
    [[5n, 6n], [], [7n]],
    -3,
    [
      ['0x0102', alice, 'hello'],
      ['0x', account, 'a text that is longer than one word, so that two are needed'],
    ],
    ['0xaa', `0x${'bb'.repeat(33)}`],
    [9n, ['0x01020304', '0xffffffff']],
    '0xa9059cbb',
  ],
  readings: [
    ['a bool', is(argument(0, { kind: 'bool' }), truth)],
    ['an element of an element', is(argument(1, uint256, element(0), element(1)), number(6n))],
    ['the last of the last', is(argument(1, uint256, last, last), number(7n))],
    ['an element of an empty array', is(argument(1, uint256, element(1), last), number(0n))],
    ['a negative number', is(argument(2, int16), number(-3n))],
    ['a component of the last element', is(argument(3, { kind: 'address' }, last, component(1)), address(account))],
    ['a component behind two arrays', is(argument(5, uint256, component(0)), number(9n))],
    ['an element of a component', is(argument(5, word4, component(1), element(0)), bytes4('0x01020304'))],
    ['a word behind all heads', is(argument(6, word4), bytes4('0xa9059cbb'))],
    ['a byte string of an element', bytesAre(at(3, element(0), component(0)), '0x0102')],
    ['a byte string of an array of two', bytesAre(at(4, element(1)), `0x${'bb'.repeat(33)}`)],
    [
      'the lengths of all arrays of an array',
      everyIs(
        array(at(1)),
        compare({ kind: 'length', of: array(inside()) }, '<=', number(2n)),
        compare({ kind: 'length', of: array(inside()) }, '>', number(2n)),
      ),
    ],
    [
      'the first byte of every byte string of an array of two',
      everyIs(
        array(at(4)),
        compare(slice(inside(), { start: 0, end: 1 }), '!=', bytes4('0xcc')),
        compare(slice(inside(), { start: 0, end: 1 }), '==', bytes4('0xcc')),
      ),
    ],
    [
      'an address of every element',
      everyIs(
        array(at(3)),
        compare(ofElement({ kind: 'address' }, component(1)), '!=', address(bob)),
        compare(ofElement({ kind: 'address' }, component(1)), '==', address(bob)),
      ),
    ],
  ],
}

const uint128 = { kind: 'uint', bits: 128 } as const
const pair: AbiType = { kind: 'tuple', components: [named({ kind: 'address' }), named(uint128)] }
const order: AbiType = {
  kind: 'tuple',
  components: [
    named({ kind: 'bytes' }),
    named({ kind: 'array', length: 2, element: pair }),
    named({ kind: 'array', element: pair }),
  ],
}
const amountOfPair = ofElement(uint128, component(1))
const path: Hex = `0x${alice.slice(2)}000bb8${bob.slice(2)}`
const lists: Case = {
  types: 'uint256[3], bytes, (bytes, (address, uint128)[2], (address, uint128)[])[], uint8[]',
  inputs: [
    { kind: 'array', length: 3, element: uint256 },
    { kind: 'bytes' },
    { kind: 'array', element: order },
    { kind: 'array', element: { kind: 'uint', bits: 8 } },
  ],
  values: [
    [1n, 2n, 3n],
    path,
    [
      [
        '0x0a',
        [
          [alice, 5n],
          [bob, 6n],
        ],
        [[bob, 7n]],
      ],
    ],
    [4, 5],
  ],
  readings: [
    [
      'every element of a static array',
      everyIs(
        array(at(0)),
        compare(ofElement(uint256), '<', number(9n)),
        compare(ofElement(uint256), '>=', number(9n)),
      ),
    ],
    ['the sum of a static array', is({ kind: 'total', over: array(at(0)), path: [], type: uint256 }, number(6n))],
    ['a length of bytes', is({ kind: 'length', of: { kind: 'bytes', bytes: { place: at(1) } } }, number(43n))],
    ['the end of bytes', is(slice(at(1), { start: -20 }), address(bob))],
    ['a part of bytes', is(slice(at(1), { start: 20, end: 23 }), bytes4('0x000bb8'))],
    ['all bytes but the last', bytesAre(at(1), path.slice(0, -2) as Hex, { start: 0, end: -1 })],
    [
      'every element of packed bytes',
      everyIs(
        { kind: 'packed', bytes: { place: at(1) }, size: 20, gap: 3 },
        compare({ kind: 'packed element', depth: 0, size: 20 }, '!=', address(account)),
        compare({ kind: 'packed element', depth: 0, size: 20 }, '==', address(account)),
      ),
    ],
    [
      'the sum of components in a static array of the last element',
      is({ kind: 'total', over: array(at(2, last, component(1))), path: [component(1)], type: uint128 }, number(11n)),
    ],
    [
      'every element of an array of every element',
      everyIs(
        array(at(2)),
        { kind: 'every', over: array(inside(component(2))), body: [compare(amountOfPair, '==', number(7n))] },
        { kind: 'any', over: array(inside(component(2))), body: [compare(amountOfPair, '!=', number(7n))] },
      ),
    ],
    [
      'every element of a static array of every element',
      everyIs(
        array(at(2)),
        { kind: 'every', over: array(inside(component(1))), body: [compare(amountOfPair, '<=', number(6n))] },
        { kind: 'any', over: array(inside(component(1))), body: [compare(amountOfPair, '>', number(6n))] },
      ),
    ],
    [
      'the bits of every small number',
      everyIs(
        array(at(3)),
        compare({ kind: 'masked', operand: ofElement({ kind: 'uint', bits: 8 }), mask: 4n }, '==', number(4n)),
        compare({ kind: 'masked', operand: ofElement({ kind: 'uint', bits: 8 }), mask: 4n }, '!=', number(4n)),
      ),
    ],
  ],
}

const policyOf = (...rules: Policy['rules']): Policy => ({ ...payroll, meters: payroll.meters.slice(0, 1), rules })

describe.each([
  ['words', words],
  ['lists', lists],
])('of %s, what is reached as', (_, { types, inputs, values, readings }) => {
  const action: FunctionAction = { kind: 'call', name: 'go', inputs: inputs.map(named) }
  const selector = toFunctionSelector(`go(${types.replaceAll(' ', '')})`)
  const encodings = wrongEncodings(encodeAbiParameters(parseAbiParameters(types), values))
  const rule: AllowRule = { effect: 'allow', target: usdc, action, where: [], charges: [], unlimited: [] }

  test.each(readings)(
    '%s counts only where the definition counts it, in an allow and in a deny',
    (title, conditions) => {
      const [condition, opposite] = conditions
      // Where it cannot be read, neither allows; where it can, both say the same.
      const policies = [
        policyOf({ ...rule, where: [condition] }),
        policyOf(rule, { effect: 'deny', target: usdc, action, where: [opposite] }),
      ]
      for (const policy of policies) {
        const session = load(encode(policy, binding))
        const state = fresh(policy)
        const outcomes = encodings.map((encoding) => {
          const operation = { callData: callDataOf({ to: usdc, value: 0n, data: `${selector}${encoding.slice(2)}` }) }
          const { outcome } = decide(session, state, operation, start)
          expect(outcome, encoding).toBe(reference(policy, binding, state, operation, start).outcome)
          return outcome
        })
        expect(outcomes[0]).toBe(title === 'an element of an empty array' ? 'deny' : 'allow')
        expect(outcomes).toContain('deny')
      }
    },
  )
})
