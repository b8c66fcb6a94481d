import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFunctionSelector } from 'viem'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { ComparisonOperator, Condition, Sum } from '../../src/policy/Condition.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import { decide } from '../../src/semantics/decide.js'
import {
  argument,
  argumentPlace,
  binding,
  callDataOf,
  callOf,
  compare,
  environment,
  fresh,
  number,
  payroll,
  sum,
  uint256,
  usdc,
} from '../semantics/fixtures.js'

const operators: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=']
const list: AbiType = { kind: 'array', element: uint256 }
const action = {
  kind: 'call',
  name: 'f',
  inputs: [
    { name: 'list', type: list },
    { name: 'flag', type: { kind: 'bool' } },
  ],
} as const

/** `f(uint256[] list, bool flag)` with an empty list; the word of the flag is 2, out of range. */
const empty = callOf(usdc, 'f', [{ type: 'uint256[]' }, { type: 'bool' }], [[], false])
const call: Call = { ...empty, data: `0x${empty.data.slice(2, 137)}2${empty.data.slice(138)}` }

const unreadable: readonly Operand[] = [
  argument(0, uint256, { kind: 'element', index: 0 }),
  argument(0, uint256, { kind: 'element', index: 65_535 }),
  argument(0, uint256, { kind: 'last' }),
  argument(1, { kind: 'bool' }),
  environment('op.maxFeePerGas'), // the operation below comes on the runtime path
]

const allow = (where: Condition[]): AllowRule => ({
  effect: 'allow',
  target: usdc,
  action,
  where,
  charges: [],
  unlimited: [],
})
const deny = (where: Condition[]): DenyRule => ({ effect: 'deny', target: usdc, action, where })

const outcome = (rules: Policy['rules']) => {
  const policy: Policy = { ...payroll, rules }
  return decide(policy, binding, fresh(policy), { callData: callDataOf(call) }, policy.from).outcome
}

const faulty: fc.Arbitrary<Condition> = fc
  .record({
    operand: fc.constantFrom(...unreadable),
    other: fc.bigInt({ min: 0n, max: 3n }),
    operator: fc.constantFrom(...operators),
    form: fc.nat({ max: 4 }),
    negated: fc.boolean(),
  })
  .map(({ operand, other, operator, form, negated }): Condition => {
    const scaled: Sum = [
      { negative: false, scales: [{ kind: 'divide', by: 7n }], factors: [operand] },
      ...sum(environment('call.value')),
    ]
    switch (form) {
      case 0:
        return compare(operand, operator, number(other))
      case 1:
        return compare(number(other), operator, operand)
      case 2:
        return { kind: 'member', negated, operands: [operand], rows: [[{ kind: 'number', value: other }]] }
      case 3:
        return { kind: 'compare', operator, left: scaled, right: sum(number(other)) }
      default:
        return {
          kind: 'compare',
          operator,
          left: [{ negative: false, scales: [], factors: [environment('call.value'), operand] }],
          right: sum(number(other)),
        }
    }
  })

test('a comparison with what cannot be read, under any operator, is false in an allow rule and true in a deny rule', () => {
  expect(outcome([allow([])])).toBe('allow')
  fc.assert(
    fc.property(faulty, (condition) => {
      expect(outcome([allow([condition])])).toBe('deny')
      expect(outcome([allow([]), deny([condition])])).toBe('deny')
    }),
    { numRuns: 300 },
  )
})

test('a fault stays inside its comparison: what stands beside it in an or, or against it in an and, still counts', () => {
  fc.assert(
    fc.property(faulty, (condition) => {
      const or = (other: Condition): Condition => ({ kind: 'or', any: [condition, other] })
      const and = (other: Condition): Condition => ({ kind: 'and', all: [condition, other] })
      expect(outcome([allow([or({ kind: 'true' })])])).toBe('allow')
      expect(outcome([allow([or({ kind: 'false' })])])).toBe('deny')
      expect(outcome([allow([]), deny([and({ kind: 'true' })])])).toBe('deny')
      expect(outcome([allow([]), deny([and({ kind: 'false' })])])).toBe('allow')
    }),
    { numRuns: 100 },
  )
})

test('what cannot be counted is denied', () => {
  for (const operand of unreadable) {
    const meter = { kind: 'meter', meter: 1, amount: sum(operand), assetChecked: false } as const
    const perCall = {
      kind: 'per call',
      asset: usdc,
      limit: 2n ** 256n - 1n,
      amount: sum(operand),
      assetChecked: false,
    } as const
    for (const charge of [meter, perCall]) expect(outcome([{ ...allow([]), charges: [charge] }])).toBe('deny')
  }
})

test('a negative amount and one of 2^256 are faults, one below is not', () => {
  const limit = 2n ** 256n - 1n
  const charged = (amount: Sum) => {
    const rule: AllowRule = {
      ...allow([]),
      charges: [{ kind: 'per call', asset: usdc, limit, amount, assetChecked: false }],
    }
    const policy: Policy = { ...payroll, rules: [rule] }
    const decision = decide(policy, binding, fresh(policy), { callData: callDataOf(call) }, policy.from)
    return decision.outcome === 'allow' ? 'allow' : decision.denials.map(({ code }) => code).join()
  }
  const constant = (value: bigint, negative = false) => ({ negative, scales: [], factors: [number(value)] as const })
  expect(charged([constant(limit)])).toBe('allow')
  expect(charged([constant(limit), constant(1n)])).toBe('amount-unreadable')
  expect(charged([constant(limit), constant(1n), constant(1n, true)])).toBe('allow')
  expect(charged([constant(1n), constant(2n, true)])).toBe('amount-unreadable')
  expect(charged([constant(2n), constant(2n, true)])).toBe('allow')
})

/** `f(bool[] flags, bytes data)` with the flags false, true and 2, and the three bytes 01 02 03. */
const listed: readonly Parameter[] = [
  { name: 'flags', type: { kind: 'array', element: { kind: 'bool' } } },
  { name: 'data', type: { kind: 'bytes' } },
]
const flags = { kind: 'array', place: argumentPlace(0) } as const
const data = { place: argumentPlace(1) }
const flag = { kind: 'element', depth: 0, path: [], type: { kind: 'bool' } } as const
const isTrue = compare(flag, '==', { kind: 'constant', constant: { kind: 'bool', value: true } })
const listCall: Call = {
  ...callOf(usdc, 'f', [{ type: 'uint256[]' }, { type: 'bytes' }], [[0n, 1n, 2n], '0x010203']),
}
const listedOutcome = (where: Condition, effect: 'allow' | 'deny', calldata: Hex = listCall.data) => {
  const listAction: FunctionAction = { kind: 'call', name: 'f', inputs: listed }
  const selector = toFunctionSelector('f(bool[],bytes)')
  const rules: Policy['rules'] =
    effect === 'allow'
      ? [{ ...allow([where]), action: listAction }]
      : [
          { ...allow([]), action: listAction },
          { ...deny([where]), action: listAction },
        ]
  const policy: Policy = { ...payroll, rules }
  const callData = callDataOf({ ...listCall, data: `${selector}${calldata.slice(10)}` })
  return decide(policy, binding, fresh(policy), { callData }, policy.from).outcome === 'allow'
}

test('an element that cannot be read is a fault of its own: false in an allow rule, true in a deny rule, whatever the others are', () => {
  const quantified = (kind: 'every' | 'any', body: Condition): Condition => ({ kind, over: flags, body: [body] })
  const isFalse: Condition = { ...isTrue, operator: '!=' } as Condition
  // [false, true, unreadable]
  expect(listedOutcome(quantified('any', isTrue), 'allow')).toBe(true)
  expect(listedOutcome(quantified('any', isFalse), 'allow')).toBe(true)
  expect(listedOutcome(quantified('every', { kind: 'or', any: [isTrue, isFalse] }), 'allow')).toBe(false)
  expect(listedOutcome(quantified('every', { kind: 'true' }), 'allow')).toBe(true)
  // What a deny rule must not miss, it does not: the third might be anything.
  expect(listedOutcome(quantified('any', { kind: 'and', all: [isTrue, isFalse] }), 'deny')).toBe(false)
  expect(listedOutcome(quantified('every', { kind: 'or', any: [isTrue, isFalse] }), 'deny')).toBe(false)
  expect(listedOutcome(quantified('every', isTrue), 'deny')).toBe(true)
})

test('a list, a part or a sum that cannot be read makes every comparison with it a fault', () => {
  const packed = { kind: 'packed', bytes: data, size: 2, gap: 3 } as const
  const none: Place = { kind: 'argument', path: [...flags.place.path, { kind: 'element', index: 9 }] }
  const unreadableLists: readonly Condition[] = [
    { kind: 'every', over: packed, body: [{ kind: 'true' }] },
    { kind: 'any', over: packed, body: [{ kind: 'true' }] },
    { kind: 'every', over: { kind: 'array', place: none }, body: [{ kind: 'true' }] },
    compare({ kind: 'length', of: packed }, '>=', number(0n)),
    compare({ kind: 'length', of: { kind: 'multisend', bytes: data } }, '>=', number(0n)),
    compare({ kind: 'length', of: { kind: 'bytes', bytes: { ...data, slice: { start: 4 } } } }, '>=', number(0n)),
    { kind: 'bytes', operator: 'starts with', left: { ...data, slice: { start: -4 } }, right: '0x' },
    { kind: 'bytes', operator: '!=', left: data, right: { ...data, slice: { start: 2, end: -2 } } },
    compare({ kind: 'total', over: flags, path: [], type: { kind: 'uint', bits: 1 } }, '>=', number(0n)),
  ]
  for (const condition of unreadableLists) {
    expect([listedOutcome(condition, 'allow'), listedOutcome(condition, 'deny')]).toEqual([false, false])
  }
  const readable: readonly Condition[] = [
    { kind: 'every', over: { ...packed, size: 1, gap: 0 }, body: [{ kind: 'true' }] },
    compare({ kind: 'length', of: { ...packed, size: 1, gap: 1 } }, '==', number(2n)),
    { kind: 'bytes', operator: 'starts with', left: { ...data, slice: { start: 3 } }, right: '0x' },
    { kind: 'bytes', operator: '==', left: { ...data, slice: { start: 1, end: -1 } }, right: '0x02' },
    compare({ kind: 'total', over: flags, path: [], type: { kind: 'uint', bits: 8 } }, '==', number(3n)),
  ]
  for (const condition of readable)
    expect([listedOutcome(condition, 'allow'), listedOutcome(condition, 'deny')]).toEqual([true, false])
})
