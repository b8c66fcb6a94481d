import { describe, expect, it } from 'vitest'
import { deviceText } from '../../../src/compiler/device/deviceText.js'
import { encodable } from '../../../src/compiler/encodable.js'
import { encode } from '../../../src/compiler/encode.js'
import type { Condition, Scale, Sum, Term } from '../../../src/policy/Condition.js'
import type { Operand } from '../../../src/policy/Operand.js'
import type { Policy } from '../../../src/policy/Policy.js'
import { allow, argument, BINDING, component, number, one, policyOf, TRANSFER, uint256, USDC } from '../samples.js'

/** Expects that no two of the policies that can be encoded have one text, and that there are so many. */
const allDiffer = (policies: readonly Policy[], least: number): void => {
  const grants = new Map<string, string>()
  for (const policy of policies) {
    if (encodable(policy).length > 0) continue
    const text = deviceText(policy, BINDING)
    const grant = encode(policy, BINDING)
    expect(grants.get(text) ?? grant, text).toBe(grant)
    grants.set(text, grant)
  }
  expect(grants.size).toBeGreaterThanOrEqual(least)
}

const ATOMS: readonly Condition[] = [{ kind: 'true' }, { kind: 'false' }]

/** Every way to cut so many leaves into two parts or more. */
function* partitions(leaves: number): Generator<readonly number[]> {
  for (let first = 1; first < leaves; first += 1) {
    yield [first, leaves - first]
    for (const rest of partitions(leaves - first)) yield [first, ...rest]
  }
}

/** Every condition of so many leaves, which are `true` or `false`. */
const trees = (leaves: number): readonly Condition[] => {
  if (leaves === 1) return ATOMS
  return [...partitions(leaves)].flatMap((parts) => {
    const lists = parts.reduce<readonly (readonly Condition[])[]>(
      (all, part) => all.flatMap((list) => trees(part).map((tree) => [...list, tree])),
      [[]],
    )
    return lists.flatMap((list): Condition[] => [
      { kind: 'and', all: list },
      { kind: 'or', any: list },
    ])
  })
}

const amount = argument(uint256, component(1))
const every = (body: readonly Condition[]): Condition => ({
  kind: 'every',
  over: { kind: 'packed', bytes: { place: { kind: 'argument', path: [component(0)] } }, size: 1, gap: 0 },
  body,
})

describe('small conditions have different texts', () => {
  const lists = [1, 2, 3, 4].flatMap((leaves) => [
    ...trees(leaves).map((tree) => [tree]),
    ...[...partitions(leaves)].flatMap(([a = 1, b = 1, ...more]) =>
      more.length > 0 ? [] : trees(a).flatMap((one) => trees(b).map((other) => [one, other])),
    ),
  ])

  it('as conjuncts of an allow', () => {
    allDiffer(
      lists.map((where) => policyOf({ rules: [allow({ where })] })),
      200,
    )
  })

  it('as conjuncts of a deny', () => {
    allDiffer(
      lists.map((where) =>
        policyOf({ rules: [allow(), { effect: 'deny', target: USDC.address, action: TRANSFER, where }] }),
      ),
      200,
    )
  })

  it('as conjuncts of a quantifier', () => {
    const action = { kind: 'call', name: 'f', inputs: [{ name: 'data', type: { kind: 'bytes' } }] } as const
    allDiffer(
      lists.map((body) => policyOf({ rules: [allow({ action, where: [every(body)] })] })),
      200,
    )
  })

  it('as conditions on the fees', () => {
    allDiffer(
      lists.map((where) => policyOf({ fees: { paidBy: { kind: 'unlimited' }, where } })),
      200,
    )
  })
})

describe('bounds and elements have different texts', () => {
  it('whichever side of now they are on, and however far from it', () => {
    const bounds = (['at most', 'at least'] as const).flatMap((bound) =>
      [0, 1, 59, 60, 61, 3600, 86_400, 604_800, 2 ** 38 - 1].map((seconds): Condition => ({
        kind: 'now',
        bound,
        operand: amount,
        seconds,
      })),
    )
    allDiffer(
      bounds.map((bound) => policyOf({ rules: [allow({ where: [bound] })] })),
      18,
    )
  })

  it('whichever quantifier they belong to', () => {
    const action = { kind: 'call', name: 'f', inputs: [{ name: 'data', type: { kind: 'bytes' } }] } as const
    const at = (depth: number): Operand => ({ kind: 'packed element', depth, size: 20 })
    const place = { kind: 'argument', path: [component(0)] } as const
    const packed = { kind: 'packed', bytes: { place }, size: 20, gap: 0 } as const
    const bodies = [0, 1].flatMap((left) =>
      [0, 1].map((right): Condition => ({
        kind: 'compare',
        operator: '==',
        left: one(at(left)),
        right: one(at(right)),
      })),
    )
    const kinds = ['every', 'any'] as const
    allDiffer(
      kinds.flatMap((outer) =>
        kinds.flatMap((kind) =>
          bodies.map((body) =>
            policyOf({
              rules: [
                allow({
                  action,
                  where: [{ kind: outer, over: packed, body: [{ kind, over: packed, body: [body] }] }],
                }),
              ],
            }),
          ),
        ),
      ),
      16,
    )
  })
})

const SCALES: readonly Scale[] = [
  { kind: 'percent', percent: { digits: 98n, decimals: 0 } },
  { kind: 'at', price: { digits: 3n, decimals: 0 }, quote: USDC.address, base: 'ETH' },
  { kind: 'sold at', price: { digits: 3n, decimals: 0 }, quote: USDC.address, base: 'ETH' },
  { kind: 'divide', by: 3n },
]

const scaleLists = (most: number): readonly (readonly Scale[])[] =>
  most === 0 ? [[]] : [[], ...scaleLists(most - 1).flatMap((list) => SCALES.map((scale) => [scale, ...list]))]

const FACTORS: readonly Term['factors'][] = [[amount], [number(5n)], [number(-5n)], [amount, number(5n)]]

const terms = (most: number): readonly Term[] =>
  scaleLists(most).flatMap((scales) =>
    FACTORS.flatMap((factors) => [false, true].map((negative): Term => ({ negative, scales, factors }))),
  )

const less = (left: Sum, right: Sum = one(number(7n))): Policy =>
  policyOf({ rules: [allow({ where: [{ kind: 'compare', operator: '<', left, right }] })] })

describe('small sums have different texts', () => {
  it('of one term of up to three scales', () => {
    allDiffer(
      terms(3).map((term) => less([term])),
      300,
    )
  })

  it('of two terms, on one side or on both', () => {
    const few = terms(1)
    allDiffer(
      few.flatMap((a) => few.flatMap((b) => [less([a, b]), less([a], [b])])),
      1000,
    )
  })

  it('of operands that count, measure or cut', () => {
    const place = { kind: 'argument', path: [component(0)] } as const
    const slices = [
      undefined,
      { start: 1 },
      { start: -1 },
      { start: 0, end: 1 },
      { start: 0, end: -1 },
      { start: -2, end: -1 },
    ]
    const data = slices.map((slice) => ({ place, ...(slice && { slice }) }))
    const operands = data.flatMap((bytes): Operand[] => [
      { kind: 'length', of: { kind: 'bytes', bytes } },
      { kind: 'length', of: { kind: 'multisend', bytes } },
      ...[1, 20].flatMap((size) =>
        [0, 3].map((gap): Operand => ({ kind: 'length', of: { kind: 'packed', bytes, size, gap } })),
      ),
    ])
    const action = { kind: 'call', name: 'f', inputs: [{ name: 'data', type: { kind: 'bytes' } }] } as const
    allDiffer(
      operands.map((operand) =>
        policyOf({
          rules: [
            allow({ action, where: [{ kind: 'compare', operator: '<', left: one(operand), right: one(number(7n)) }] }),
          ],
        }),
      ),
      30,
    )
  })
})
