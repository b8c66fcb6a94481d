import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load, type Denial, type State } from '../../src/evaluator/index.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Call, OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import {
  account,
  address,
  alice,
  argument,
  binding,
  bob,
  callDataOf,
  compare,
  environment,
  freeGas,
  fresh,
  key,
  number,
  payroll,
  start,
  sum,
  transfer,
  transferRule,
  uint256,
  usdc,
} from '../semantics/fixtures.js'

const DAY = 86_400
const stranger = '0x3333333333333333333333333333333333333333'

const denialsOf = (
  policy: Policy,
  calls: readonly Call[],
  { now = start, state = fresh(policy), fees }: { now?: number; state?: State; fees?: OperationFees } = {},
): readonly Denial[] => {
  const operation = { callData: callDataOf(...calls), ...(fees ? { fees } : {}) }
  const decision = decide(load(encode(policy, binding)), state, operation, now)
  return decision.outcome === 'deny' ? decision.denials : []
}

const ruled = (...rules: Policy['rules']): Policy => ({ ...payroll, rules })
const ruleWith = (more: Partial<AllowRule>): Policy => ruled({ ...transferRule, ...more })
const deny = (more: Partial<DenyRule>): DenyRule => ({
  effect: 'deny',
  target: usdc,
  action: transferRule.action,
  where: [],
  ...more,
})

describe('a denial tells an agent what to change, and when to come back', () => {
  test('where the session is not active', () => {
    expect(denialsOf(payroll, [transfer(alice, 1n)], { state: { ...fresh(payroll), status: 'revoked' } })).toEqual([
      { code: 'session-not-active', actual: 'revoked', retry: 'ask-owner' },
    ])
  })

  test('before and after the session’s time', () => {
    expect(denialsOf(payroll, [transfer(alice, 1n)], { now: start - 1 })).toEqual([
      { code: 'not-yet-valid', retryAt: start, retry: 'later' },
    ])
    expect(denialsOf(payroll, [transfer(alice, 1n)], { now: payroll.until })).toEqual([
      { code: 'expired', retry: 'ask-owner' },
    ])
  })

  test('of a target that nothing can allow, and of one that no rule names', () => {
    const forbidden = denialsOf(payroll, [{ to: account, value: 0n, data: '0x' }])
    expect(forbidden).toEqual([{ code: 'forbidden-target', callIndex: 0, actual: account, retry: 'never' }])
    const unknown = denialsOf(payroll, [transfer(alice, 1n), transfer(alice, 1n, stranger)])
    expect(unknown).toEqual([{ code: 'no-rule', callIndex: 1, actual: `${stranger} 0xa9059cbb`, retry: 'ask-owner' }])
  })

  test('of value that is not allowed', () => {
    expect(denialsOf(payroll, [{ ...transfer(alice, 1n), value: 7n }])).toEqual([
      {
        code: 'value-not-allowed',
        callIndex: 0,
        rule: 0,
        path: 'call.value',
        expected: '0',
        actual: '7',
        retry: 'change-args',
      },
    ])
  })

  test('of each kind of condition', () => {
    const to = argument(0, { kind: 'address' })
    const amount = argument(1, uint256)
    const conditions: readonly (readonly [AllowRule['where'][number], Partial<Denial>])[] = [
      [transferRule.where[0] ?? { kind: 'true' }, { path: 'to', expected: `in [${alice}, ${bob}]`, actual: stranger }],
      [compare(to, '==', address(alice)), { path: 'to', expected: `== ${alice}`, actual: stranger }],
      [compare(address(alice), '==', to), { path: 'to', expected: `== ${alice}`, actual: stranger }],
      [compare(to, '==', environment('session.account')), { path: 'to', expected: `== ${account}`, actual: stranger }],
      [compare(amount, '<', number(100n)), { path: 'amount', expected: '< 100', actual: '100' }],
      [compare(number(100n), '<', amount), { path: 'amount', expected: '> 100', actual: '100' }],
      [
        {
          kind: 'compare',
          operator: '>=',
          left: sum(amount),
          right: [
            {
              negative: false,
              scales: [{ kind: 'percent', percent: { digits: 150n, decimals: 0 } }],
              factors: [amount],
            },
          ],
        },
        { path: 'amount', expected: '>= 150', actual: '100' },
      ],
      [
        compare(amount, '>=', environment('op.maxFeePerGas')),
        { path: 'amount', expected: '>= op.maxFeePerGas', actual: '100' },
      ],
      [
        { kind: 'or', any: [compare(amount, '<', number(5n)), compare(to, '==', address(alice))] },
        { expected: `amount < 5 or to == ${alice}` },
      ],
    ]
    for (const [condition, told] of conditions)
      expect(denialsOf(ruleWith({ where: [condition] }), [transfer(stranger, 100n)])).toEqual([
        { code: 'condition-failed', callIndex: 0, rule: 0, ...told, retry: 'change-args' },
      ])
  })

  test('of a condition that never holds, and of a bound on now that will', () => {
    expect(denialsOf(ruleWith({ where: [{ kind: 'false' }] }), [transfer(alice, 1n)])).toMatchObject([
      { code: 'condition-failed', expected: 'false', retry: 'never' },
    ])
    const soon = { kind: 'now', bound: 'at most', operand: argument(1, uint256), seconds: 60 } as const
    expect(denialsOf(ruleWith({ where: [soon] }), [transfer(alice, BigInt(start + 100))])).toMatchObject([
      { path: 'amount', expected: `<= ${start + 60}`, actual: `${start + 100}`, retry: 'later', retryAt: start + 40 },
    ])
  })

  test('of arguments that cannot be read', () => {
    const data: Hex = `${transfer(alice, 1n).data.slice(0, 10)}${'ff'.repeat(32)}` as Hex
    expect(denialsOf(payroll, [{ to: usdc, value: 0n, data }])).toMatchObject([
      { code: 'condition-failed', path: 'to', actual: 'unreadable' },
    ])
    expect(denialsOf(ruleWith({ where: [] }), [{ to: usdc, value: 0n, data }])).toEqual([
      { code: 'amount-unreadable', callIndex: 0, rule: 0, path: 'amount', retry: 'change-args' },
    ])
  })

  test('of a deny, once whatever the number of rules it overrides', () => {
    const policy = ruled(transferRule, transferRule, deny({ where: [compare(argument(1, uint256), '>', number(5n))] }))
    expect(denialsOf(policy, [transfer(alice, 6n)])).toEqual([
      { code: 'denied-by-rule', callIndex: 0, rule: 2, retry: 'change-args' },
    ])
    expect(denialsOf(ruled(transferRule, deny({})), [transfer(alice, 6n)])).toMatchObject([{ rule: 1, retry: 'never' }])
    expect(denialsOf(ruled(transferRule, deny({ until: start + 50 })), [transfer(alice, 6n)])).toMatchObject([
      { rule: 1, retry: 'later', retryAt: start + 50 },
    ])
  })

  test('of a rule’s time', () => {
    expect(denialsOf(ruleWith({ from: start + 60 }), [transfer(alice, 1n)])).toMatchObject([
      { code: 'rule-not-yet-valid', rule: 0, retry: 'later', retryAt: start + 60 },
    ])
    expect(denialsOf(ruleWith({ until: start + 60 }), [transfer(alice, 1n)], { now: start + 60 })).toEqual([
      { code: 'rule-expired', callIndex: 0, rule: 0, retry: 'ask-owner' },
    ])
    // The session begins on a Sunday at 13:00; Monday at 9:00 is 20 hours away.
    const office = { start: 9 * 60, end: 17 * 60, weekdays: 0b0011111 }
    expect(denialsOf(ruleWith({ hours: office }), [transfer(alice, 1n)])).toMatchObject([
      { code: 'outside-hours', rule: 0, retry: 'later', retryAt: start + 20 * 3600 },
    ])
    const short = { ...payroll, until: start + DAY / 2, rules: [{ ...transferRule, hours: office }] }
    expect(denialsOf(short, [transfer(alice, 1n)])).toMatchObject([{ code: 'outside-hours', retry: 'ask-owner' }])
  })

  test('of limits per call and per window', () => {
    const perCall = {
      kind: 'per call',
      asset: usdc,
      limit: 25n,
      amount: sum(argument(1, uint256)),
      assetChecked: true,
    } as const
    expect(denialsOf(ruleWith({ charges: [...transferRule.charges, perCall] }), [transfer(alice, 26n)])).toEqual([
      {
        code: 'per-call-exceeded',
        callIndex: 0,
        rule: 0,
        path: 'amount',
        expected: '<= 25',
        actual: '26',
        remaining: '25',
        retry: 'change-args',
      },
    ])
    const spent = (amount: bigint, window = 0): State => ({
      status: 'active',
      meters: [
        { window: 0, spent: 0n },
        { window, spent: amount },
      ],
    })
    const exceeded = { code: 'meter-exceeded', callIndex: 0, rule: 0, path: 'meter 1', actual: '40000000' }
    expect(denialsOf(payroll, [transfer(alice, 40_000_000n)], { state: spent(70_000_000n) })).toEqual([
      { ...exceeded, expected: '<= 30000000', remaining: '30000000', retry: 'later', retryAt: start + DAY },
    ])
    const lastDay = { now: start + 6 * DAY, state: spent(100_000_000n, 6) }
    expect(denialsOf(payroll, [transfer(alice, 40_000_000n)], lastDay)).toMatchObject([{ retry: 'ask-owner' }])
    expect(denialsOf(payroll, [transfer(alice, 100_000_001n)])).toMatchObject([
      { code: 'meter-exceeded', remaining: '100000000', retry: 'change-args' },
    ])
    const twice = [transfer(alice, 60_000_000n), transfer(bob, 60_000_000n)]
    expect(denialsOf(payroll, twice)).toMatchObject([{ callIndex: 1, remaining: '40000000', retry: 'change-args' }])
    expect(denialsOf(payroll, [transfer(alice, 1n)], { state: spent(1n, 3) })).toMatchObject([
      { code: 'window-passed', path: 'meter 1', remaining: '0', retry: 'later', retryAt: start + 3 * DAY },
    ])
  })

  test('of fees', () => {
    const fees = { ...freeGas, callGasLimit: 10n ** 7n, maxFeePerGas: 10n ** 9n + 1n }
    expect(denialsOf(payroll, [transfer(alice, 1n)], { fees })).toEqual([
      {
        code: 'fee-exceeded',
        path: 'meter 0',
        expected: `<= ${10n ** 16n}`,
        actual: `${10n ** 16n + 10n ** 7n}`,
        remaining: `${10n ** 16n}`,
        retry: 'change-args',
      },
    ])
    const paymaster = { ...freeGas, paymasterAndData: `0x${'00'.repeat(52)}` as const }
    expect(denialsOf(payroll, [transfer(alice, 1n)], { fees: paymaster })).toMatchObject([
      { code: 'paymaster-not-allowed', path: 'op.paymasterAndData', expected: '0x', retry: 'change-args' },
    ])
    const capped: Policy = {
      ...payroll,
      fees: { ...payroll.fees, where: [compare(environment('op.maxFeePerGas'), '<=', number(50n))] },
    }
    expect(denialsOf(capped, [transfer(alice, 1n)], { fees: { ...freeGas, maxFeePerGas: 51n } })).toEqual([
      { code: 'fee-condition-failed', path: 'op.maxFeePerGas', expected: '<= 50', actual: '51', retry: 'change-args' },
    ])
  })

  test('every call of a batch with its own reasons', () => {
    const calls = [transfer(key, 1n), transfer(alice, 1n), { ...transfer(alice, 1n), value: 1n }]
    expect(denialsOf(payroll, calls).map(({ code, callIndex }) => [code, callIndex])).toEqual([
      ['condition-failed', 0],
      ['value-not-allowed', 2],
    ])
  })

  test('of very many rules those first that the call came nearest to', () => {
    const rules = Array.from({ length: 200 }, (_, index): AllowRule => {
      const to = `0x${(index + 1).toString(16).padStart(40, '0')}` as const
      return {
        ...transferRule,
        where: [
          compare(argument(0, { kind: 'address' }), '==', address(to)),
          compare(argument(1, uint256), '<', number(5n)),
        ],
      }
    })
    const denials = denialsOf(ruled(...rules), [transfer(`0x${(180).toString(16).padStart(40, '0')}`, 9n)])
    expect(denials).toHaveLength(32)
    expect(denials.filter(({ path }) => path === 'amount')).toMatchObject([{ rule: 179, expected: '< 5', actual: '9' }])
  })

  test('names arguments as the author does', () => {
    const inputs = [
      {
        name: 'params',
        type: {
          kind: 'tuple',
          components: [
            { name: 'recipient', type: { kind: 'address' } },
            { name: '', type: uint256 },
          ],
        },
      },
      { name: '', type: { kind: 'array', length: 2, element: uint256 } },
      {
        name: 'path',
        type: {
          kind: 'array',
          element: {
            kind: 'tuple',
            components: [{ name: 'hop', type: { kind: 'array', length: 2, element: uint256 } }],
          },
        },
      },
    ] as const
    const at = (index: number) => ({ kind: 'component', index }) as const
    const element = (index: number) => ({ kind: 'element', index }) as const
    const paths = {
      'params.recipient': { ...argument(0, { kind: 'address' }, at(0)) },
      'params[1]': argument(0, uint256, at(1)),
      'args[1][1]': argument(1, uint256, element(1)),
      'path[last].hop[1]': argument(2, uint256, { kind: 'last' }, at(0), element(1)),
      'path[3].hop[0]': argument(2, uint256, element(3), at(0), element(0)),
    }
    for (const [path, operand] of Object.entries(paths)) {
      const other = operand.type.kind === 'address' ? address(alice) : number(1n)
      const rule: AllowRule = {
        ...transferRule,
        action: { kind: 'call', name: 'go', inputs },
        where: [compare(operand, '==', other)],
        charges: [],
      }
      const policy = { ...payroll, meters: payroll.meters.slice(0, 1), rules: [rule] }
      const session = load(encode(policy, binding))
      const selector = [...session.internal.allows].map((allow) => allow.selector).join('')
      const decision = decide(
        session,
        initialState(session),
        { callData: callDataOf({ to: usdc, value: 0n, data: `0x${selector}` }) },
        start,
      )
      expect(decision).toMatchObject({ denials: [{ code: 'condition-failed', path, actual: 'unreadable' }] })
    }
  })
})
