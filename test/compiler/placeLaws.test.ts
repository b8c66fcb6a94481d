import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { Collection } from '../../src/policy/Collection.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { ByteRange, Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import {
  address,
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
  list,
  named,
  number,
  policyOf,
  uint256,
  WIDE,
} from './samples.js'

const where = (...conditions: readonly Condition[]): Policy =>
  policyOf({ tokens: [], rules: [allow({ target: `0x${'11'.repeat(20)}`, action: WIDE, where: conditions })] })

const ids = at(component(0))
const path = { place: at(component(1)) }
const note = { place: at(component(2)) }
const yes: Condition = { kind: 'true' }
const account: Operand = { kind: 'environment', name: 'session.account' }
const slice = (start: number, end?: number): Operand => ({
  kind: 'slice',
  bytes: { ...path, slice: end === undefined ? { start } : { start, end } },
})
const sliced = (range: ByteRange): Condition => ({
  kind: 'bytes',
  operator: '==',
  left: { ...path, slice: range },
  right: note,
})
const packed = (size: number, gap: number): Collection => ({ kind: 'packed', bytes: path, size, gap })
const packedElement = (size: number, depth = 0): Operand => ({ kind: 'packed element', depth, size })
const flags = argument(uint256, component(6))
const masked = (operand: Extract<Operand, { kind: 'masked' }>['operand'], mask: bigint): Operand => ({
  kind: 'masked',
  operand,
  mask,
})
const bytesOf = (size: number): Operand => constant({ kind: 'bytes', value: `0x${'ff'.repeat(size)}` })
const nest = (depth: number): Condition =>
  depth === 1 ? yes : { kind: depth % 2 === 0 ? 'every' : 'any', over: array(ids), body: [nest(depth - 1)] }

/** Goes over the arrays of one in an array of one. */
const inOnes = (type: AbiType, place: Place): Policy =>
  policyOf({
    tokens: [],
    rules: [
      allow({
        target: `0x${'11'.repeat(20)}`,
        action: { kind: 'call', name: 'f', inputs: [named('a', type)] },
        where: [every(array(place), yes)],
      }),
    ],
  })
const ones = list(list(uint256, 1), 1)

const sound: readonly (readonly [string, Policy])[] = [
  ['quantifiers nested 32 deep', where(nest(32))],
  ['255 conditions in a body', where(every(array(ids), ...Array.from({ length: 255 }, () => yes)))],
  ['an or alone in a body', where(any(array(ids), { kind: 'or', any: [yes, yes] }))],
  ['elements of 32 bytes, 255 between', where(every(packed(32, 255), equal(packedElement(32), bytesOf(32))))],
  ['elements of one byte', where(any(packed(1, 0), equal(packedElement(1), bytesOf(1))))],
  [
    'a packed element in a quantifier inside',
    where(every(packed(20, 3), any(array(ids), equal(packedElement(20, 1), account)))),
  ],
  ['a slice of 32 bytes', where(equal(slice(-32), bytesOf(32)))],
  ['a slice of twenty, which is an address', where(equal(slice(65_515, 65_535), account))],
  ['a part whose width is not known', where(sliced({ start: 4, end: -4 }), sliced({ start: -7, end: 7 }))],
  ['a part of no bytes, which is never read', where(sliced({ start: 5, end: 5 }), sliced({ start: 5, end: 4 }))],
  ['an empty constant', where({ kind: 'bytes', operator: '!=', left: path, right: '0x' })],
  [
    'a constant of 65,000 bytes',
    where({ kind: 'bytes', operator: '==', left: note, right: `0x${'ab'.repeat(65_000)}` }),
  ],
  ['a mask of all bits', where(equal(masked(flags, 2n ** 256n - 1n), number(1n)))],
  [
    'a mask of a slice',
    where(equal(masked({ kind: 'slice', bytes: { ...path, slice: { start: 0, end: 2 } } }, 1n), bytesOf(2))),
  ],
  [
    'the length of packed elements, and of records',
    where(equal({ kind: 'length', of: packed(20, 3) }, { kind: 'length', of: { kind: 'multisend', bytes: path } })),
  ],
  ['the outer one of arrays of one', inOnes(ones, at(component(0)))],
  ['arrays of one in arrays of two', inOnes(list(list(uint256, 1), 2), at(component(0), element(1)))],
  ['arrays of two in an array of one', inOnes(list(list(uint256, 2), 1), at(component(0), element(0)))],
  ['a list in an array of one', inOnes(list(list(uint256), 1), at(component(0), element(0)))],
]

const broken: readonly (readonly [string, Policy, RegExp])[] = [
  ['a body without a condition', where(every(array(ids))), /1 to 255/],
  ['256 conditions in a body', where(every(array(ids), ...Array.from({ length: 256 }, () => yes))), /1 to 255/],
  ['an and at the top of a body', where(every(array(ids), { kind: 'and', all: [yes, yes] })), /top of a body/],
  ['quantifiers nested 33 deep', where(nest(33)), /nested more/],
  [
    'now in a body',
    where(every(array(ids), { kind: 'now', bound: 'at most', operand: inner(uint256), seconds: 1 })),
    /`now`/,
  ],
  ['elements of a word', where(every(array(at(component(6))), yes)), /no array/],
  ['elements of bytes', where(every(array(path.place), yes)), /no array/],
  ['elements of nothing', where(every(array(at()), yes)), /no array/],
  ['an element outside all quantifiers', where(equal(inner(uint256), number(1n))), /no argument/],
  [
    'an element of a quantifier too far out',
    where(every(array(ids), equal({ kind: 'element', depth: 1, path: [], type: uint256 }, number(1n)))),
    /no argument/,
  ],
  ['an element of another type', where(every(array(ids), equal(inner(bytes4), bytesOf(4)))), /read as/],
  [
    'an element as a word that is a list',
    where(every(array(at(component(5), component(0))), equal(inner(uint256), number(1n)))),
    /read as/,
  ],
  [
    'a packed element of another size',
    where(every(packed(20, 3), equal(packedElement(19), bytesOf(19)))),
    /packed element/,
  ],
  ['a packed element of a list', where(every(array(ids), equal(packedElement(32), bytesOf(32)))), /packed element/],
  ['an element of packed bytes', where(every(packed(20, 3), equal(inner(address), account))), /no argument/],
  [
    'a packed element compared with a number',
    where(every(packed(3, 20), equal(packedElement(3), number(1n)))),
    /bytes3 is compared with integer/,
  ],
  ['packed elements of 33 bytes', where(every(packed(33, 0), yes)), /33 bytes/],
  ['packed elements of none', where(every(packed(0, 1), yes)), /0 bytes/],
  ['a gap of 256', where(every(packed(1, 256), yes)), /gaps of 256/],
  ['a slice of 33 bytes', where(equal(slice(0, 33), bytesOf(32))), /1 to 32 bytes/],
  ['a slice of no bytes', where(equal(slice(4, 4), bytesOf(1))), /1 to 32 bytes/],
  ['a slice whose width is not known', where(equal(slice(4), bytesOf(4))), /1 to 32 bytes/],
  ['a slice between two sides', where(equal(slice(4, -4), bytesOf(4))), /1 to 32 bytes/],
  ['a slice of twenty as bytes', where(equal(slice(0, 20), bytesOf(20))), /address is compared with bytes20/],
  ['the whole as a part', where(sliced({ start: 0 })), /the whole/],
  ['an end at 0', where(sliced({ start: -5, end: 0 })), /ends at 0/],
  ['a position past 65,535', where(sliced({ start: -65_536 })), /position/],
  ['half a position', where(sliced({ start: 0.5 })), /position/],
  [
    'a word as bytes',
    where({ kind: 'bytes', operator: '==', left: { place: at(component(6)) }, right: '0x00' }),
    /no bytes/,
  ],
  ['a list as bytes', where({ kind: 'bytes', operator: '==', left: path, right: { place: ids } }), /no bytes/],
  [
    'a constant of 65,536 bytes',
    where({ kind: 'bytes', operator: '==', left: path, right: `0x${'00'.repeat(65_536)}` }),
    /65535/,
  ],
  ['a mask of nothing', where(equal(masked(flags, 0n), number(0n))), /a mask of 256 bits/],
  ['a mask below nothing', where(equal(masked(flags, -1n), number(0n))), /a mask of 256 bits/],
  [
    'a mask that is too long',
    where(
      every(
        array(at(component(4))),
        equal(masked({ kind: 'element', depth: 0, path: [component(1)], type: bytes4 }, 2n ** 32n), bytesOf(4)),
      ),
    ),
    /a mask of 32 bits/,
  ],
  [
    'a mask of an address',
    where(
      every(
        array(at(component(4))),
        equal(masked({ kind: 'element', depth: 0, path: [component(0)], type: address }, 1n), account),
      ),
    ),
    /a mask keeps/,
  ],
  [
    'a mask of twenty packed bytes',
    where(every(packed(20, 3), equal(masked({ kind: 'packed element', depth: 0, size: 20 }, 1n), account))),
    /a mask keeps/,
  ],
  [
    'the length of an array of fixed length',
    where(equal({ kind: 'length', of: array(at(component(3))) }, number(3n))),
    /has that length/,
  ],
  ['the length of a word', where(equal({ kind: 'length', of: array(at(component(6))) }, number(3n))), /no array/],
  [
    'a sum of what is no uint',
    where(equal({ kind: 'total', over: array(at(component(4))), path: [component(0)], type: address }, account)),
    /uints/,
  ],
  [
    'a sum of lists',
    where(equal({ kind: 'total', over: array(at(component(5), component(0))), path: [], type: uint256 }, number(1n))),
    /read as/,
  ],
  [
    'a sum over a word',
    where(equal({ kind: 'total', over: array(at(component(6))), path: [], type: uint256 }, number(1n))),
    /no array/,
  ],
  ['the inner one of arrays of one', inOnes(ones, at(component(0), element(0))), /stands alone/],
  [
    'arrays of one in tuples of one',
    inOnes(
      list({ kind: 'tuple', components: [named('x', list(uint256, 1))] }, 1),
      at(component(0), element(0), component(0)),
    ),
    /stands alone/,
  ],
]

describe('encodable', () => {
  it.each(sound)('has nothing against %s, and it is decoded', (_, policy) => {
    expect(encodable(policy)).toEqual([])
    expect(decode(encode(policy, BINDING))).toStrictEqual({ ok: true, policy, binding: BINDING })
  })

  it.each(broken)('finds %s', (_, policy, message) => {
    expect(
      encodable(policy)
        .map((problem) => problem.message)
        .join('\n'),
    ).toMatch(message)
  })

  it.each(broken)('lets decode reject the bytes, if there are any, of %s', (_, policy) => {
    let bytes: ReturnType<typeof encode>
    try {
      bytes = encode(policy, BINDING)
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
      return
    }
    const decoded = decode(bytes)
    // What was written for lack of a better word may be the bytes of another policy, never of this one.
    if (decoded.ok) expect(encode(decoded.policy, BINDING)).toBe(bytes)
    if (decoded.ok) expect(decoded.policy).not.toEqual(policy)
  })
})
