// Longer than most: one refused policy for each limit of docs/format.md, in its order.
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Condition, Scale, Sum, Term } from '../../src/policy/Condition.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Constant, Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Charge, DenyRule } from '../../src/policy/Rule.js'
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
  TRANSFER,
  uint256,
  USDC,
  WETH,
} from './samples.js'

const to = argument(address, component(0))
const amount = argument(uint256, component(1))
const environment = (name: 'call.value' | 'op.maxFeePerGas'): Operand => ({ kind: 'environment', name })
const where = (...conditions: readonly Condition[]): Policy => policyOf({ rules: [allow({ where: conditions })] })
const compare = (left: Operand | Sum, right: Operand | Sum, operator: '==' | '<' = '=='): Condition => ({
  kind: 'compare',
  operator,
  left: 'kind' in left ? one(left) : left,
  right: 'kind' in right ? one(right) : right,
})
const deny = (rest: Partial<DenyRule> = {}): DenyRule => ({
  effect: 'deny',
  target: USDC.address,
  action: { kind: 'any' },
  where: [],
  ...rest,
})
const meter = (rest: Partial<Meter> = {}): Meter => ({ counts: 'ETH', limit: 1n, window: { kind: 'total' }, ...rest })
const metered = (
  meters: readonly Meter[],
  charges: readonly Charge[] = meters.map((_, index) => charge(index)),
): Policy => policyOf({ meters, rules: [allow({ charges })] })
const charge = (index: number): Charge => ({
  kind: 'meter',
  meter: index,
  amount: one(environment('call.value')),
  assetChecked: true,
})
const counting = (sum: Sum, assetChecked = true): Policy =>
  metered([meter()], [{ kind: 'meter', meter: 0, amount: sum, assetChecked }])
const calling = (inputs: readonly AbiType[], name = 'f'): Policy => {
  const action: FunctionAction = { kind: 'call', name, inputs: inputs.map((type) => ({ name: '', type })) }
  return policyOf({ rules: [allow({ action })] })
}
const member = (operands: readonly Operand[], ...rows: readonly (readonly Constant[])[]): Policy =>
  where({ kind: 'member', negated: false, operands, rows })
const term = (rest: Partial<Term>): Term => ({ negative: false, scales: [], factors: [amount], ...rest })
const percent = (digits: bigint, decimals = 0): Scale => ({ kind: 'percent', percent: { digits, decimals } })
const nest = (depth: number, kind: 'and' | 'or' = 'or'): Condition => {
  if (depth === 1) return { kind: 'true' }
  const members = [nest(depth - 1, kind === 'and' ? 'or' : 'and'), { kind: 'false' }] as const
  return kind === 'and' ? { kind, all: members } : { kind, any: members }
}
const arrays = (depth: number): AbiType =>
  depth === 1 ? { kind: 'bool' } : { kind: 'array', element: arrays(depth - 1) }
const words = (length: number): AbiType => ({ kind: 'array', element: { kind: 'bool' }, length })
const tuple = (...types: readonly AbiType[]): AbiType => ({
  kind: 'tuple',
  components: types.map((type) => ({ name: '', type })),
})
const zero: `0x${string}` = `0x${'00'.repeat(20)}`
const n = (value: bigint): Constant => ({ kind: 'number', value })
const many = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item)
const ids = (count: number): Constant[][] => Array.from({ length: count }, (_, index) => [n(BigInt(index))])
const int8 = argument({ kind: 'int', bits: 8 }, component(0))
const withInt8 = (condition: Condition): Policy => {
  const action: FunctionAction = { kind: 'call', name: 'f', inputs: [{ name: '', type: { kind: 'int', bits: 8 } }] }
  return policyOf({ rules: [allow({ action, where: [condition] })] })
}

const sound: readonly (readonly [string, Policy])[] = [
  ['the greatest chain id', policyOf({ chainId: 2 ** 53 - 1 })],
  ['the earliest beginning and the latest end', policyOf({ from: 1_600_000_000, until: 2 ** 38 - 1 })],
  ['a limit of 2^226 - 1', metered([meter({ limit: 2n ** 226n - 1n })])],
  ['127 wide meters', metered(many(127, meter({ limit: 2n ** 97n })))],
  ['254 narrow meters', metered(many(254, meter()))],
  ['conditions nested 32 deep', where(nest(32))],
  ['types nested 32 deep', calling([arrays(32)])],
  ['255 words of heads', calling([words(200), words(55)])],
  ['a coefficient that just fits', where(compare([term({ scales: [percent(2n ** 249n)] })], number(1n)))],
  [
    'a product beside a whole division',
    where(compare([term({ factors: [amount, amount], scales: [{ kind: 'divide', by: 3n }] })], number(1n))),
  ],
  ['a list of 32,000 rows', member([amount], ...ids(32_000))],
  ['255 denies on one rule', policyOf({ rules: [allow(), ...many(255, deny())] })],
]

const broken: readonly (readonly [string, Policy, RegExp])[] = [
  ['a zero key', policyOf({ key: zero }), /key is the zero/],
  ['chain 0', policyOf({ chainId: 0 }), /no chain id/],
  ['a beginning before 1.6e9', policyOf({ from: 1_599_999_999 }), /begins at/],
  ['an end at 2^38', policyOf({ until: 2 ** 38 }), /ends at/],
  ['an end at the beginning', policyOf({ until: 1_800_000_000 }), /ends before it begins/],
  ['no rule that allows', policyOf({ rules: [deny()] }), /no rule allows/],
  ['a zero sponsor', policyOf({ fees: { paidBy: { kind: 'sponsored', by: zero }, where: [] } }), /zero address/],
  ['a zero key', policyOf({ key: zero }), /session key is the zero address/],
  [
    'fees counted on a meter of calls',
    policyOf({ fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] }, meters: [meter({ counts: 'calls' })] }),
    /no meter of ETH/,
  ],
  [
    'call.value in the fees line',
    policyOf({ fees: { paidBy: { kind: 'unlimited' }, where: [compare(environment('call.value'), number(1n))] } }),
    /call\.value/,
  ],
  [
    'an argument in the fees line',
    policyOf({ fees: { paidBy: { kind: 'unlimited' }, where: [compare(amount, number(1n))] } }),
    /no function/,
  ],
  ['a token that nothing uses', policyOf({ tokens: [USDC, WETH] }), /not used/],
  ['two symbols that differ in case', policyOf({ tokens: [USDC, { ...WETH, symbol: 'uSDC' }] }), /twice/],
  ['a token called ETH', policyOf({ tokens: [{ ...USDC, symbol: 'eTH' }] }), /twice/],
  ['a symbol of 12 letters', policyOf({ tokens: [{ ...USDC, symbol: 'ABCDEFGHIJKL' }] }), /no symbol/],
  ['78 decimals', policyOf({ tokens: [{ ...USDC, decimals: 78 }] }), /decimals/],
  [
    'an amount of no token',
    where(compare(amount, constant({ kind: 'amount', value: 1n, asset: WETH.address }))),
    /none of the tokens/,
  ],
  ['a limit of 2^226', metered([meter({ limit: 2n ** 226n })]), /not below/],
  ['a period of 299 s', metered([meter({ window: { kind: 'period', seconds: 299 } })]), /period/],
  [
    'a rolling period that has no eight parts',
    metered([meter({ window: { kind: 'rolling', seconds: 804 } })]),
    /multiple of 8/,
  ],
  [
    'a rolling limit of 2^112',
    metered([meter({ limit: 1n << 112n, window: { kind: 'rolling', seconds: 800 } })]),
    /rolling limit/,
  ],
  ['a rolling period of no time', metered([meter({ window: { kind: 'rolling', seconds: 0 } })]), /period of 0 s/],
  [
    'rolling periods in more words than a session has',
    metered(Array.from({ length: 26 }, () => meter({ window: { kind: 'rolling', seconds: 800 } }))),
    /131 words/,
  ],
  [
    'a rolling period whose parts are more than 2^30',
    { ...metered([meter({ window: { kind: 'rolling', seconds: 304 } })]), from: 1_600_000_000, until: 2 ** 38 - 1 },
    /too short/,
  ],
  ['128 wide meters', metered(many(128, meter({ limit: 2n ** 97n }))), /128 words/],
  ['256 meters', metered(many(256, meter())), /256 meters/],
  ['a meter that nothing charges', metered([meter()], []), /by first use/],
  ['meters in another order', metered([meter(), meter()], [charge(1), charge(0)]), /by first use/],
  ['a charge of no meter', metered([meter()], [charge(0), charge(1)]), /no meter/],
  [
    'a call that counts twice',
    metered([meter({ counts: 'calls' })], [{ ...charge(0), amount: one(number(2n)) }]),
    /number 1/,
  ],
  ['ether unchecked', counting(one(environment('call.value')), false), /no check/],
  ['an amount that is no integer', counting(one(to)), /no integer/],
  ['a sum with a scale', counting([term({}), term({ scales: [percent(50n)] })]), /without scales/],
  ['a scaled amount taken away', counting([term({ negative: true, scales: [percent(50n)] })]), /without scales/],
  [
    'a limit of a call of 2^256',
    metered([], [{ kind: 'per call', asset: 'ETH', limit: 2n ** 256n, amount: one(amount), assetChecked: true }]),
    /256 bits/,
  ],
  ['an asset unlimited twice', policyOf({ rules: [allow({ unlimited: ['ETH', 'ETH'] })] }), /twice/],
  ['an unknown asset unlimited', policyOf({ rules: [allow({ unlimited: [WETH.address] })] }), /none of the tokens/],
  ['a rule before the policy', policyOf({ rules: [allow({ from: 1_799_999_999 })] }), /within/],
  ['a rule after the policy', policyOf({ rules: [allow({ until: 1_800_604_801 })] }), /within/],
  [
    'a rule that ends as it begins',
    policyOf({ rules: [allow({ from: 1_800_000_001, until: 1_800_000_001 })] }),
    /ends before/,
  ],
  [
    'hours that end as they begin',
    policyOf({ rules: [allow({ hours: { start: 60, end: 60, weekdays: 1 } })] }),
    /hours/,
  ],
  ['hours past midnight', policyOf({ rules: [allow({ hours: { start: 60, end: 1441, weekdays: 1 } })] }), /hours/],
  ['no weekday', policyOf({ rules: [allow({ hours: { start: 60, end: 61, weekdays: 0 } })] }), /weekdays/],
  ['an eighth weekday', policyOf({ rules: [allow({ hours: { start: 60, end: 61, weekdays: 128 } })] }), /weekdays/],
  ['an and at the top', where({ kind: 'and', all: [{ kind: 'true' }, { kind: 'true' }] }), /at the top/],
  [
    'an or in an or',
    where({ kind: 'or', any: [{ kind: 'or', any: [{ kind: 'true' }, { kind: 'true' }] }, { kind: 'true' }] }),
    /directly inside/,
  ],
  ['an or of one', where({ kind: 'or', any: [{ kind: 'true' }] }), /2 to 255/],
  ['conditions nested 33 deep', where(nest(33)), /nested more/],
  ['256 conditions', where(...many(256, { kind: 'true' } as const)), /256 conditions/],
  [
    'now in a deny',
    policyOf({
      rules: [
        allow(),
        deny({ action: TRANSFER, where: [{ kind: 'now', bound: 'at most', operand: amount, seconds: 1 }] }),
      ],
    }),
    /`now`/,
  ],
  [
    'now inside an or',
    where({ kind: 'or', any: [{ kind: 'now', bound: 'at most', operand: amount, seconds: 1 }, { kind: 'true' }] }),
    /`now`/,
  ],
  ['an address as a time', where({ kind: 'now', bound: 'at most', operand: to, seconds: 1 }), /time is an integer/],
  ['a bound of 2^38 seconds', where({ kind: 'now', bound: 'at most', operand: amount, seconds: 2 ** 38 }), /seconds/],
  ['an empty side', where(compare([], number(1n))), /empty/],
  ['256 terms', where(compare(many(255, term({})), number(1n))), /256 terms/],
  ['an address and a number', where(compare(to, amount)), /compared with/],
  ['an address below another', where(compare(to, to, '<')), /integers only/],
  [
    'bytes of two lengths',
    where(compare(constant({ kind: 'bytes', value: '0x00' }), constant({ kind: 'bytes', value: '0x0000' }))),
    /compared with/,
  ],
  ['arithmetic with an address', where(compare([term({ negative: true, factors: [to] })], to)), /arithmetic/],
  [
    '33 bytes',
    where(
      compare(
        constant({ kind: 'bytes', value: `0x${'00'.repeat(33)}` }),
        constant({ kind: 'bytes', value: `0x${'00'.repeat(33)}` }),
      ),
    ),
    /1 to 32/,
  ],
  ['the number 2^256', where(compare(amount, number(2n ** 256n))), /256 bits/],
  ['a number below -2^255', where(compare(amount, number(-(2n ** 255n) - 1n))), /256 bits/],
  ['a negative amount', where(compare(amount, constant({ kind: 'amount', value: -1n, asset: 'ETH' }))), /256 bits/],
  ['an argument that is not there', where(compare(argument(uint256, component(2)), number(1n))), /no argument/],
  [
    'an argument of another type',
    where(compare(argument({ kind: 'uint', bits: 8 }, component(1)), number(1n))),
    /read as/,
  ],
  ['an element of a word', where(compare(argument(uint256, component(1), element(0)), number(1n))), /no argument/],
  [
    'an argument of a send',
    policyOf({ tokens: [USDC], rules: [allow({ action: { kind: 'send' }, where: [compare(amount, number(1n))] })] }),
    /no function/,
  ],
  ['eight scales', where(compare([term({ scales: many(8, percent(50n)) })], number(1n))), /8 scales/],
  [
    'a price of zero',
    where(
      compare(
        [term({ scales: [{ kind: 'at', price: { digits: 0n, decimals: 0 }, quote: 'ETH', base: USDC.address }] })],
        number(1n),
      ),
    ),
    /price is zero/,
  ],
  [
    'a price in no token',
    where(
      compare(
        [
          term({
            scales: [{ kind: 'at', price: { digits: 1n, decimals: 0 }, quote: WETH.address, base: USDC.address }],
          }),
        ],
        number(1n),
      ),
    ),
    /none of the tokens/,
  ],
  ['a division by zero', where(compare([term({ scales: [{ kind: 'divide', by: 0n }] })], number(1n))), /divisor/],
  [
    'a percentage that ends in a zero',
    where(compare([term({ scales: [percent(10n, 1)] })], number(1n))),
    /ends in a zero/,
  ],
  [
    'a common denominator of 2^256',
    where(compare([term({ scales: many(2, { kind: 'divide', by: 2n ** 128n } as const) })], number(1n))),
    /common denominator/,
  ],
  [
    'a coefficient of 2^256',
    where(compare([term({ scales: many(2, percent(2n ** 128n)) })], number(1n))),
    /coefficient/,
  ],
  [
    'a product that is scaled',
    where(compare([term({ factors: [amount, amount], scales: [percent(50n)] })], number(1n))),
    /product/,
  ],
  [
    'a product beside a division',
    where(compare([term({ factors: [amount, amount] })], [term({ scales: [{ kind: 'divide', by: 2n }] })])),
    /product/,
  ],
  ['no column', member([], []), /columns/],
  ['no row', member([amount]), /rows/],
  ['65,536 rows', member([amount], ...ids(65_536)), /rows/],
  ['a row of two for one operand', member([amount], [n(1n), n(2n)]), /one value for each/],
  ['rows that descend', member([amount], [n(2n)], [n(1n)]), /ascend/],
  ['a row twice', member([amount], [n(1n)], [n(1n)]), /ascend/],
  [
    'a negative row before others',
    withInt8({ kind: 'member', negated: false, operands: [int8], rows: [[n(-1n)], [n(1n)]] }),
    /ascend/,
  ],
  [
    'numbers and amounts in a column',
    member([amount], [n(1n)], [{ kind: 'amount', value: 2n, asset: 'ETH' }]),
    /mixes numbers/,
  ],
  [
    'two assets in a column',
    member(
      [amount],
      [{ kind: 'amount', value: 1n, asset: 'ETH' }],
      [{ kind: 'amount', value: 2n, asset: USDC.address }],
    ),
    /two assets/,
  ],
  ['a negative row for an unsigned operand', member([amount], [n(-1n)]), /never negative/],
  [
    'a row of 2^255 for a signed operand',
    withInt8({ kind: 'member', negated: false, operands: [int8], rows: [[n(2n ** 255n)]] }),
    /2\^255/,
  ],
  ['an address in a column of numbers', member([amount], [{ kind: 'address', value: USDC.address }]), /compared with/],
  ['a name with a dollar sign', calling([], 'f$'), /no name of a function/],
  ['a name of 65 letters', calling([], 'f'.repeat(65)), /no name of a function/],
  [
    'a parameter that is no word',
    policyOf({ rules: [allow({ action: { ...TRANSFER, inputs: [{ name: 'a b', type: uint256 }] } })] }),
    /no name of a parameter/,
  ],
  ['uint7', calling([{ kind: 'uint', bits: 7 }]), /no type/],
  ['bytes33', calling([{ kind: 'fixedBytes', size: 33 }]), /no type/],
  [
    'two functions of one selector',
    policyOf({
      rules: ['transfer', 'many_msg_babbage'].map((name) =>
        allow({
          action:
            name === 'transfer'
              ? TRANSFER
              : { kind: 'call', name, inputs: [{ name: '', type: { kind: 'fixedBytes', size: 1 } }] },
        }),
      ),
    }),
    /one selector/,
  ],
  ['an array of no elements', calling([words(0)]), /elements/],
  ['an array of 256 elements', calling([{ kind: 'array', element: { kind: 'bytes' }, length: 256 }]), /elements/],
  ['an empty tuple', calling([tuple()]), /members/],
  ['a tuple of 256', calling([tuple(...many(256, { kind: 'bytes' } as const))]), /members/],
  ['256 words of heads', calling([words(200), words(56)]), /255 words/],
  ['a static type of 256 words', calling([{ kind: 'array', element: tuple(words(200), words(56)) }]), /255 words/],
  ['types nested 33 deep', calling([arrays(33)]), /nested more/],
  [
    'a descriptor of 256 bytes',
    calling(
      many(255, { kind: 'bytes' } as const).map((type, index) =>
        index < 100 ? { kind: 'array', element: type } : type,
      ),
    ),
    /describe/,
  ],
  ['256 denies on one rule', policyOf({ rules: [allow(), ...many(256, deny())] }), /256 denies/],
  [
    'a rule of more than 65,535 bytes',
    member(
      [constant({ kind: 'bytes', value: `0x${'00'.repeat(32)}` })],
      ...ids(2100).map((_, index): Constant[] => [
        { kind: 'bytes', value: `0x${index.toString(16).padStart(64, '0')}` },
      ]),
    ),
    /65535 bytes/,
  ],
  [
    'a leaf of more than 65,535 bytes',
    policyOf({
      rules: [
        allow(),
        ...many(
          2,
          deny({
            action: TRANSFER,
            where: [{ kind: 'member', negated: false, operands: [amount], rows: ids(20_000) }],
          }),
        ),
      ],
    }),
    /leaf takes/,
  ],
]

describe('encodable', () => {
  it.each(sound)('has nothing against %s, and it is decoded', (_, policy) => {
    expect(encodable(policy)).toEqual([])
    expect(decode(encode(policy, BINDING))).toStrictEqual({ ok: true, policy, binding: BINDING })
  })

  it.each(broken)('finds %s', (_, policy, message) => {
    const problems = encodable(policy)
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message)
  })

  it.each(broken)('lets decode reject the bytes, if there are any, of %s', (_, policy) => {
    let grant: `0x${string}`
    try {
      grant = encode(policy, BINDING)
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
      return
    }
    const decoded = decode(grant)
    // Some bytes are those of another policy: then that one is read.
    if (decoded.ok) {
      expect(decoded.policy).not.toEqual(policy)
      expect(encodable(decoded.policy)).toEqual([])
    }
  })

  it('names the rule', () => {
    const policy = policyOf({ rules: [allow(), allow({ where: [compare(to, amount)] })] })
    expect(encodable(policy)).toEqual([{ rule: 1, message: 'address is compared with integer' }])
  })
})
