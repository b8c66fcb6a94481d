// Longer than most: one text for each part of a policy, made by the same few helpers.
import { describe, expect, it } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { canonical } from '../../src/compiler/canonical.js'
import { encodable } from '../../src/compiler/encodable.js'
import { KEYWORDS, RESERVED } from '../../src/compiler/text/words.js'
import { format } from '../../src/dsl/format.js'
import { isKeyword, words } from '../../src/dsl/tokens.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Condition, Scale, Sum, Term } from '../../src/policy/Condition.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Bytes, PathStep } from '../../src/policy/Place.js'
import type { AllowRule, Charge } from '../../src/policy/Rule.js'
import {
  address,
  allow,
  any,
  argument,
  array,
  at as place,
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
  one,
  policyOf,
  TRANSFER,
  uint256,
  USDC,
  WETH,
  WIDE,
} from './samples.js'

const ODD = { symbol: 'ODD', address: '0x5555555555555555555555555555555555555555', decimals: 'base units' } as const

/** The text of one rule, without the header. */
const ruleText = (rule: AllowRule, tokens = [USDC, WETH, ODD]): string =>
  canonical(policyOf({ tokens, rules: [rule] }))
    .split('\n\n')
    .at(-1) ?? ''

const conditionText = (condition: Condition, action: FunctionAction = TRANSFER): string =>
  ruleText(allow({ action, where: [condition] }))
    .split('\n')[1]
    ?.slice('  where '.length) ?? ''

const amount = argument(uint256, component(1))
const value: Operand = { kind: 'environment', name: 'call.value' }
const compare = (left: Operand | Sum, right: Operand | Sum): Condition => ({
  kind: 'compare',
  operator: '<=',
  left: 'kind' in left ? one(left) : left,
  right: 'kind' in right ? one(right) : right,
})
const term = (rest: Partial<Term>): Term => ({ negative: false, scales: [], factors: [amount], ...rest })
const total = (...path: readonly PathStep[]): Operand => ({
  kind: 'total',
  over: array(place(...path)),
  path: [],
  type: uint256,
})
const half: Scale = { kind: 'percent', percent: { digits: 505n, decimals: 1 } }
const at: Scale = { kind: 'at', price: { digits: 30005n, decimals: 1 }, quote: USDC.address, base: WETH.address }
const seven: Scale = { kind: 'divide', by: 7n }

describe('the canonical text', () => {
  it('says everything in one order', () => {
    const charges: readonly Charge[] = [
      { kind: 'meter', meter: 1, amount: one(amount), assetChecked: true },
      { kind: 'meter', meter: 2, amount: one(number(1n)), assetChecked: true },
      { kind: 'meter', meter: 3, amount: one(value), assetChecked: true },
      { kind: 'per call', asset: USDC.address, limit: 25_500_000n, amount: one(amount), assetChecked: true },
    ]
    const to = argument(address, component(0))
    const policy = policyOf({
      until: 253_402_300_800,
      fees: {
        paidBy: { kind: 'budget or sponsored', meter: 0, by: '0x2626664c2603336e57b271c5c0b26f421741e481' },
        where: [
          compare(
            { kind: 'environment', name: 'op.maxFeePerGas' },
            constant({ kind: 'amount', value: 50_000_000_000n, asset: 'ETH' }),
          ),
        ],
      },
      tokens: [USDC, ODD],
      meters: [
        { counts: 'ETH', limit: 10n ** 16n, window: { kind: 'period', seconds: 86_400 } },
        { counts: USDC.address, limit: 500_000_000n, window: { kind: 'period', seconds: 604_800 } },
        { counts: 'calls', limit: 3n, window: { kind: 'period', seconds: 5400 } },
        { counts: 'ETH', limit: 1n, window: { kind: 'total' } },
      ],
      rules: [
        allow({
          where: [
            {
              kind: 'compare',
              operator: '==',
              left: one(to),
              right: one({ kind: 'environment', name: 'session.account' }),
            },
            { kind: 'or', any: [{ kind: 'true' }, { kind: 'and', all: [{ kind: 'true' }, { kind: 'false' }] }] },
          ],
          charges,
          unlimited: [ODD.address],
          from: 1_800_000_001,
          until: 1_800_000_060,
          hours: { start: 545, end: 1440, weekdays: 0b1010111 },
        }),
        allow({ charges: charges.slice(0, 1) }),
        { effect: 'deny', target: '0x2626664c2603336e57b271c5c0b26f421741e481', action: { kind: 'any' }, where: [] },
      ],
    })
    expect(canonical(policy)).toBe(`writ 1
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
chain 8453
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2027-01-15 08:00:00
ttl 251602300800s
fees 0.01 ETH/day or sponsored by 0x2626664c2603336E57B271c5C0b26F421741e481 where op.maxFeePerGas <= 0.00000005 ETH

token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6
token ODD = 0x5555555555555555555555555555555555555555 base units

budget m2 = 500 USDC/week

allow transfer(address to, uint256 amount) on USDC
  where to == account
    and (true or true and false)
  budget m2 counting amount
  limit 3 calls/90m
  budget 0.000000000000000001 ETH total
  budget 25.5 USDC/call counting amount
  budget unlimited ODD
  hours 09:05-24:00 UTC mon-wed,fri,sun
  from 2027-01-15 08:00:01
  until 2027-01-15 08:01:00

allow transfer(address to, uint256 amount) on USDC
  budget m2 counting amount

deny any on 0x2626664c2603336E57B271c5C0b26F421741e481
`)
  })

  it('has no fees line where fees count on the budget of a rule', () => {
    const policy = policyOf({
      fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
      meters: [{ counts: 'ETH', limit: 1n, window: { kind: 'period', seconds: 3600 } }],
      tokens: [],
      rules: [
        allow({
          target: WETH.address,
          action: { kind: 'send' },
          charges: [{ kind: 'meter', meter: 0, amount: one(value), assetChecked: true }],
        }),
      ],
    })
    expect(canonical(policy)).not.toMatch(/^fees/m)
    expect(canonical(policy)).toContain('  budget 0.000000000000000001 ETH/hour\n')
  })

  it.each<readonly [string, Condition]>([
    ['-amount <= amount + -5', compare([term({ negative: true })], [term({}), term({ factors: [number(-5n)] })])],
    [
      'amount - 5 <= -(amount * call.value)',
      compare(
        [term({}), term({ negative: true, factors: [number(5n)] })],
        [term({ negative: true, factors: [amount, value] })],
      ),
    ],
    [
      '50.5% of amount / 7 <= 50.5% of (amount / 7)',
      compare([term({ scales: [seven, half] })], [term({ scales: [half, seven] })]),
    ],
    [
      '50.5% of (amount * amount) <= amount * amount / 7',
      compare(
        [term({ scales: [half], factors: [amount, amount] })],
        [term({ scales: [seven], factors: [amount, amount] })],
      ),
    ],
    [
      '50.5% of amount at 3000.5 USDC per WETH <= 50.5% of (amount at 3000.5 USDC per WETH)',
      compare([term({ scales: [at, half] })], [term({ scales: [half, at] })]),
    ],
    [
      '-(amount sold at 3000.5 USDC per WETH) <= 7 units ODD',
      compare(
        [term({ negative: true, scales: [{ ...at, kind: 'sold at' }] })],
        constant({ kind: 'amount', value: 7n, asset: ODD.address }),
      ),
    ],
    ['amount <= now + 20m', { kind: 'now', bound: 'at most', operand: amount, seconds: 1200 }],
    ['amount >= now', { kind: 'now', bound: 'at least', operand: amount, seconds: 0 }],
    [
      'amount not in [1, 2]',
      {
        kind: 'member',
        negated: true,
        operands: [amount],
        rows: [[{ kind: 'number', value: 1n }], [{ kind: 'number', value: 2n }]],
      },
    ],
    [
      '(to, amount) in [(USDC, 0.000001 USDC)]',
      {
        kind: 'member',
        negated: false,
        operands: [argument(address, component(0)), amount],
        rows: [
          [
            { kind: 'address', value: USDC.address },
            { kind: 'amount', value: 1n, asset: USDC.address },
          ],
        ],
      },
    ],
  ])('writes %s with no more parentheses than it needs', (text, condition) => {
    expect(conditionText(condition)).toBe(text)
  })

  const withInputs = (...names: readonly string[]): FunctionAction => ({
    kind: 'call',
    name: 'f',
    inputs: names.map((name) => named(name, uint256)),
  })
  const first = compare(argument(uint256, component(0)), value)
  it.each<readonly [string, readonly string[]]>([
    ['amount', ['amount']],
    ['args[0]', ['']],
    ['args[0]', ['twice', 'twice']],
    ['args.in', ['in']],
    ['args.now', ['now']],
    ['args.call', ['call']],
    ['args.args', ['args']],
    ['args.USDC', ['USDC']],
    ['$a', ['$a']],
  ])('names an argument %s where its name is %j', (text, names) => {
    expect(conditionText(first, withInputs(...names))).toBe(`${text} <= call.value`)
  })

  it('names members where they have a name of their own, and the account in full beside an argument of that name', () => {
    const action: FunctionAction = {
      kind: 'call',
      name: 'f',
      inputs: [
        {
          name: 'account',
          type: {
            kind: 'array',
            element: {
              kind: 'tuple',
              components: [
                { name: '', type: uint256 },
                { name: 'by', type: { kind: 'array', element: address, length: 2 } },
              ],
            },
          },
        },
        { name: 'USDC', type: address },
      ],
    }
    const path = argument(address, component(0), { kind: 'last' }, component(1), element(1))
    const unnamed = argument(uint256, component(0), element(3), component(0))
    const account: Operand = { kind: 'environment', name: 'session.account' }
    const same: Condition = { kind: 'compare', operator: '==', left: one(path), right: one(account) }
    expect(conditionText(same, action)).toBe('args.account[last].by[1] == session.account')
    expect(conditionText(compare(unnamed, value), action)).toBe('args.account[3][0] <= call.value')
    const token: Condition = {
      kind: 'compare',
      operator: '==',
      left: one(path),
      right: one(constant({ kind: 'address', value: USDC.address })),
    }
    expect(conditionText(token, action)).toBe('args.account[last].by[1] == 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913')
  })

  const path = { place: place(component(1)) }
  const note = { place: place(component(2)) }
  const flags = argument(uint256, component(6))
  const starts = (left: Bytes, right: Bytes | Hex): Condition => ({
    kind: 'bytes',
    operator: 'starts with',
    left,
    right,
  })
  it.each<readonly [string, Condition]>([
    ['every item in ids (item == 1)', every(array(place(component(0))), equal(inner(uint256), number(1n)))],
    [
      'any item in rows (item.kind == 0x00000001 and (item.to == account or true))',
      any(
        array(place(component(4))),
        equal(inner(bytes4, component(1)), constant({ kind: 'bytes', value: '0x00000001' })),
        {
          kind: 'or',
          any: [
            equal(inner(address, component(0)), { kind: 'environment', name: 'session.account' }),
            { kind: 'true' },
          ],
        },
      ),
    ],
    [
      'every item in pairs (any item2 in item (item2 == item[1]))',
      every(
        array(place(component(3))),
        any(
          array({ kind: 'element', depth: 0, path: [] }),
          equal(inner(uint256), { kind: 'element', depth: 1, path: [element(1)], type: uint256 }),
        ),
      ),
    ],
    [
      'every item in slices(path[4:-1], 20, 3) (item == session.key)',
      every(
        { kind: 'packed', bytes: { ...path, slice: { start: 4, end: -1 } }, size: 20, gap: 3 },
        equal({ kind: 'packed element', depth: 0, size: 20 }, { kind: 'environment', name: 'session.key' }),
      ),
    ],
    [
      'len(plan.hops[0]) == 2',
      equal({ kind: 'length', of: array(place(component(5), component(0), element(0))) }, number(2n)),
    ],
    ['len(path) == 2', equal({ kind: 'length', of: { kind: 'bytes', bytes: path } }, number(2n))],
    [
      'len(slices(path, 1, 0)) == len(multisend(path))',
      equal(
        { kind: 'length', of: { kind: 'packed', bytes: path, size: 1, gap: 0 } },
        { kind: 'length', of: { kind: 'multisend', bytes: path } },
      ),
    ],
    ['sum(ids) == sum(plan.fees)', equal(total(component(0)), total(component(5), component(1)))],
    [
      'path[-20:] == account',
      equal(
        { kind: 'slice', bytes: { ...path, slice: { start: -20 } } },
        { kind: 'environment', name: 'session.account' },
      ),
    ],
    [
      'path[0:4] == 0x01020304',
      equal(
        { kind: 'slice', bytes: { ...path, slice: { start: 0, end: 4 } } },
        constant({ kind: 'bytes', value: '0x01020304' }),
      ),
    ],
    ['(flags & 255) == 1', equal({ kind: 'masked', operand: flags, mask: 255n }, number(1n))],
    [
      '(path[-3:-1] & 0x00ff) == 0x0001',
      equal(
        { kind: 'masked', operand: { kind: 'slice', bytes: { ...path, slice: { start: -3, end: -1 } } }, mask: 255n },
        constant({ kind: 'bytes', value: '0x0001' }),
      ),
    ],
    ['path starts with 0x0102', starts(path, '0x0102')],
    ['not path starts with note', { kind: 'bytes', operator: 'does not start with', left: path, right: note }],
    ['note starts with "https://"', starts(note, '0x68747470733a2f2f')],
    [String.raw`note starts with "a\"b\\c\nd\x00\x7f\xe2"`, starts(note, '0x6122625c630a64007fe2')],
    ['path != ""', { kind: 'bytes', operator: '!=', left: path, right: '0x' }],
    // In hex it would be an address.
    [
      'path[1:] == "AAAAAAAAAAAAAAAAAAA\\xff"',
      { kind: 'bytes', operator: '==', left: { ...path, slice: { start: 1 } }, right: `0x${'41'.repeat(19)}ff` },
    ],
  ])('writes %s, which the checker reads again', (text, condition) => {
    expect(conditionText(condition, WIDE)).toBe(text)
    const policy = policyOf({ rules: [allow({ action: WIDE, where: [condition], unlimited: [USDC.address] })] })
    expect(encodable(policy)).toEqual([])
    const checked = checkWrit(canonical(policy))
    expect(checked.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(checked.policy).toStrictEqual(policy)
    expect(format(canonical(policy))).toBe(canonical(policy))
  })

  it('calls elements by a name that means nothing else', () => {
    const action: FunctionAction = {
      kind: 'call',
      name: 'f',
      inputs: [named('item', list(list(uint256))), named('item3', uint256), named('item2', uint256)],
    }
    const condition = every(
      array(place(component(0))),
      every(array({ kind: 'element', depth: 0, path: [] }), equal(inner(uint256), argument(uint256, component(1)))),
    )
    const policy = policyOf({ rules: [allow({ action, where: [condition] })] })
    expect(canonical(policy)).toContain('where every item4 in item (every item5 in item4 (item5 == item3))')
    expect(checkWrit(canonical(policy)).policy).toStrictEqual(policy)
  })

  it('keeps clear of every word of the language', () => {
    expect([...KEYWORDS].sort()).toEqual(Object.keys(words).sort())
    for (const word of KEYWORDS) expect(isKeyword(word)).toBe(true)
    for (const word of RESERVED) expect(isKeyword(word)).toBe(false)
  })
})
