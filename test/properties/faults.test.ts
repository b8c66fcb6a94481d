import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { ComparisonOperator, Condition, Sum } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import { decide } from '../../src/semantics/decide.js'
import {
  argument,
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
