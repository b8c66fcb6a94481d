import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import type { Condition } from '../../src/policy/Condition.js'
import {
  allow,
  any,
  argument,
  array,
  at,
  BINDING,
  bytes4,
  component,
  constant,
  element,
  equal,
  every,
  inner,
  number,
  policyOf,
  uint256,
  WIDE,
} from './samples.js'

const path = { place: at(component(1)) }

const bytes = (...parts: readonly string[]): string => parts.join('').replaceAll(' ', '')

const written = (condition: Condition): string => {
  const policy = policyOf({
    tokens: [],
    rules: [allow({ target: `0x${'11'.repeat(20)}`, action: WIDE, where: [condition] })],
  })
  expect(encodable(policy)).toEqual([])
  const grant = encode(policy, BINDING)
  expect(decode(grant)).toStrictEqual({ ok: true, policy, binding: BINDING })
  const [leaf = '0x'] = leavesOf(grant)
  const length = parseInt(leaf.slice(2 + 2 * 26, 2 + 2 * 27), 16)
  return leaf.slice(2 + 2 * (27 + length + 1), -4)
}

describe('the bytes of conditions on what is no word', () => {
  it.each<readonly [string, Condition, string]>([
    [
      'every element of a list',
      every(array(at(component(0))), equal(inner(uint256), number(1n))),
      '30 00 00 01 00 0000 01 10 12 00 00 3f 00 01 01',
    ],
    [
      'any element of a static array, and of the static arrays in it',
      any(
        array(at(component(3))),
        every(array({ kind: 'element', depth: 0, path: [] }), equal(inner(uint256), number(0n))),
      ),
      '31 01 ff 03 03 02 01 30 01 01 01 03 0000 02 01 01 10 12 00 00 3f 00 00',
    ],
    [
      'an element that is a tuple of words',
      every(
        array(at(component(4))),
        equal(inner(bytes4, component(1)), constant({ kind: 'bytes', value: '0x01020304' })),
      ),
      '30 00 00 01 00 0004 01 10 12 00 01 03 0001 63 03 04 01020304',
    ],
    [
      'a static array in a dynamic tuple',
      every(array(at(component(5), component(1))), equal(inner(uint256), number(0n))),
      '30 01 00 03 00 0005 00 0001 03 0000 04 01 01 10 12 00 00 3f 00 00',
    ],
    [
      'an array of lists, its element a list',
      every(
        array(at(component(5), component(0))),
        any(
          array({ kind: 'element', depth: 0, path: [] }),
          equal(inner(uint256), { kind: 'element', depth: 1, path: [element(0)], type: uint256 }),
        ),
      ),
      '30 00 00 02 00 0005 00 0000 01 31 00 01 00 01 10 12 00 00 3f 12 01 01 01 0000 3f',
    ],
    [
      'packed elements',
      every(
        { kind: 'packed', bytes: path, size: 20, gap: 3 },
        equal({ kind: 'packed element', depth: 0, size: 20 }, { kind: 'environment', name: 'session.account' }),
      ),
      '30 02 00 01 00 0001 00 14 03 01 10 17 00 14 21',
    ],
    [
      'the length of a list',
      equal({ kind: 'length', of: { kind: 'array', place: at(component(0)) } }, number(2n)),
      '10 13 00 00 01 00 0000 00 01 02',
    ],
    [
      'the length of bytes',
      equal({ kind: 'length', of: { kind: 'bytes', bytes: path } }, number(2n)),
      '10 13 03 00 01 00 0001 00 00 01 02',
    ],
    [
      'a slice from the front',
      equal(
        { kind: 'slice', bytes: { ...path, slice: { start: 0, end: 20 } } },
        { kind: 'environment', name: 'session.key' },
      ),
      '10 14 00 01 00 0001 05 0000 0014 22',
    ],
    [
      'a slice from the end',
      equal({ kind: 'slice', bytes: { ...path, slice: { start: -20 } } }, { kind: 'environment', name: 'session.key' }),
      '10 14 00 01 00 0001 03 0014 22',
    ],
    [
      'a slice between two positions from the end',
      equal(
        { kind: 'slice', bytes: { ...path, slice: { start: -24, end: -4 } } },
        { kind: 'environment', name: 'session.key' },
      ),
      '10 14 00 01 00 0001 0f 0018 0004 22',
    ],
    [
      'a mask',
      equal({ kind: 'masked', operand: argument(uint256, component(6)), mask: 256n }, number(0n)),
      '10 15 02 0100 10 0b 3f 00 00',
    ],
    [
      'a sum over tuples',
      equal(
        { kind: 'total', over: { kind: 'array', place: at(component(3)) }, path: [element(1)], type: uint256 },
        number(0n),
      ),
      '10 16 01 ff 03 03 02 01 03 0001 3f 00 00',
    ],
    [
      'bytes that are a constant',
      { kind: 'bytes', operator: '==', left: { place: at(component(2)) }, right: '0x6869' },
      '38 00 01 00 0002 00 00 0002 6869',
    ],
    [
      'bytes that start with others',
      {
        kind: 'bytes',
        operator: 'does not start with',
        left: path,
        right: { place: at(component(2)), slice: { start: 2, end: -1 } },
      },
      '3b 00 01 00 0001 00 01 00 01 00 0002 0d 0002 0001',
    ],
  ])('writes %s', (_, condition, expected) => {
    expect(written(condition)).toBe(bytes(expected))
  })
})
