import { expect, test } from 'vitest'
import type { Parameter } from '../../src/policy/AbiType.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import { decide } from '../../src/semantics/decide.js'
import {
  address,
  alice,
  argumentPlace,
  binding,
  callDataOf,
  callOf,
  compare,
  fresh,
  number,
  payroll,
} from './fixtures.js'
import { transferRule, uint256, usdc } from './fixtures.js'

const inputs: readonly Parameter[] = [
  { name: 'amounts', type: { kind: 'array', element: uint256 } },
  { name: 'path', type: { kind: 'bytes' } },
]
const amounts = { kind: 'array', place: argumentPlace(0) } as const
const path = { place: argumentPlace(1) }
const sumOfAmounts: Operand = { kind: 'total', over: amounts, path: [], type: uint256 }

const holds = (condition: Condition, list: readonly bigint[], bytes: `0x${string}` = '0x'): boolean => {
  const policy: Policy = {
    ...payroll,
    rules: [{ ...transferRule, action: { kind: 'call', name: 'f', inputs }, where: [condition], charges: [] }],
  }
  const call = callOf(usdc, 'f', [{ type: 'uint256[]' }, { type: 'bytes' }], [list, bytes])
  return decide(policy, binding, fresh(policy), { callData: callDataOf(call) }, policy.from).outcome === 'allow'
}

test('a sum is exact up to 2^256, from where it is a fault', () => {
  expect(holds(compare(sumOfAmounts, '==', number(0n)), [])).toBe(true)
  expect(holds(compare(sumOfAmounts, '==', number(2n ** 256n - 1n)), [2n ** 255n, 2n ** 255n - 1n])).toBe(true)
  for (const operator of ['>=', '!=', '<'] as const)
    expect(holds(compare(sumOfAmounts, operator, number(7n)), [2n ** 255n, 2n ** 255n])).toBe(false)
})

test('every holds of nothing, any does not; bodies see the elements around them', () => {
  const element = (depth: number): Operand => ({ kind: 'element', depth, path: [], type: uint256 })
  const small = compare(element(0), '<', number(5n))
  expect([[], [1n, 4n], [1n, 5n]].map((list) => holds({ kind: 'every', over: amounts, body: [small] }, list))).toEqual([
    true,
    true,
    false,
  ])
  expect([[], [9n, 4n], [9n, 5n]].map((list) => holds({ kind: 'any', over: amounts, body: [small] }, list))).toEqual([
    false,
    true,
    false,
  ])
  // One that is greater than or equal to all.
  const greatest: Condition = {
    kind: 'any',
    over: amounts,
    body: [{ kind: 'every', over: amounts, body: [compare(element(0), '<=', element(1))] }],
  }
  expect([holds(greatest, [3n, 9n, 4n]), holds(greatest, [])]).toEqual([true, false])
})

test('parts count from both ends, twenty bytes are an address, and a packed path has its length or is a fault', () => {
  const hop = `0x${usdc.slice(2)}000bb8${alice.slice(2)}` as const
  const slice = (start: number, end?: number): Operand => ({
    kind: 'slice',
    bytes: { ...path, slice: { start, ...(end === undefined ? {} : { end }) } },
  })
  expect(holds(compare(slice(0, 20), '==', address(usdc)), [], hop)).toBe(true)
  expect(holds(compare(slice(-20), '==', address(alice)), [], hop)).toBe(true)
  expect(
    holds(
      compare(slice(-23, -20), '==', { kind: 'constant', constant: { kind: 'bytes', value: '0x000bb8' } }),
      [],
      hop,
    ),
  ).toBe(true)
  expect(holds(compare(slice(24, 44), '!=', address(usdc)), [], hop)).toBe(false)
  const tokens = { kind: 'packed', bytes: path, size: 20, gap: 3 } as const
  const token: Operand = { kind: 'packed element', depth: 0, size: 20 }
  const known: Condition = {
    kind: 'every',
    over: tokens,
    body: [
      {
        kind: 'member',
        negated: false,
        operands: [token],
        rows: [[{ kind: 'address', value: alice }], [{ kind: 'address', value: usdc }]],
      },
    ],
  }
  expect(holds(known, [], hop)).toBe(true)
  for (const bytes of ['0x', `${hop}00`, hop.slice(0, -2), `${hop}000bb8`] as const)
    expect(holds(known, [], bytes as `0x${string}`)).toBe(false)
  expect(holds(compare({ kind: 'length', of: tokens }, '==', number(2n)), [], hop)).toBe(true)
})

test('a mask keeps bits and no others', () => {
  const word: Operand = { kind: 'argument', path: [...amounts.place.path, { kind: 'last' }], type: uint256 }
  const masked: Operand = { kind: 'masked', operand: word, mask: 0xf0n }
  expect([0x1fn, 0x10n, 0xff1fn, 0x2fn].map((flags) => holds(compare(masked, '==', number(0x10n)), [flags]))).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(holds(compare(masked, '>=', number(0n)), [])).toBe(false)
})
