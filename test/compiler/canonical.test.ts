import { describe, expect, it } from 'vitest'
import { canonical } from '../../src/compiler/canonical.js'
import { KEYWORDS, RESERVED } from '../../src/compiler/text/words.js'
import { isKeyword, words } from '../../src/dsl/tokens.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Condition, Scale, Sum, Term } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { AllowRule, Charge } from '../../src/policy/Rule.js'
import {
  address,
  allow,
  argument,
  component,
  constant,
  element,
  number,
  one,
  policyOf,
  TRANSFER,
  uint256,
  USDC,
  WETH,
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

  const named = (...names: readonly string[]): FunctionAction => ({
    kind: 'call',
    name: 'f',
    inputs: names.map((name) => ({ name, type: uint256 })),
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
    expect(conditionText(first, named(...names))).toBe(`${text} <= call.value`)
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

  it('keeps clear of every word of the language', () => {
    expect([...KEYWORDS].sort()).toEqual(Object.keys(words).sort())
    for (const word of KEYWORDS) expect(isKeyword(word)).toBe(true)
    for (const word of RESERVED) expect(isKeyword(word)).toBe(false)
  })
})
