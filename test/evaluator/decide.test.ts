import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load, type Decision, type State } from '../../src/evaluator/index.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Operation } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { decide as reference } from '../../src/semantics/decide.js'
import { operationFor } from '../arbitraries/operation.js'
import { policies } from '../arbitraries/policy.js'
import {
  address,
  alice,
  argument,
  binding,
  callDataOf,
  callOf,
  compare,
  fresh,
  number,
  payroll,
  start,
  sum,
  transfer,
  transferRule,
  uint256,
  usdc,
} from '../semantics/fixtures.js'
import { ALICE, FROM, grantOf } from './handMadeGrant.js'

const sessionOf = (policy: Policy) => load(encode(policy, binding))
const payrollSession = sessionOf(payroll)
const outcome = (decision: Decision): string =>
  decision.outcome === 'allow' ? 'allow' : decision.denials.map(({ code }) => code).join()
const decideOn = (policy: Policy, callData: Hex, now = start, state = fresh(policy)): string =>
  outcome(decide(sessionOf(policy), state, { callData }, now))

describe('decide', () => {
  test('allows by a grant made by hand what its text says, and nothing else', () => {
    const session = load(grantOf())
    const state = initialState(session)
    const pay = (amount: bigint) => ({ callData: callDataOf(transfer(`0x${ALICE}`, amount)) })
    expect(decide(session, state, pay(50_000_000n), FROM + 90_000)).toEqual({
      outcome: 'allow',
      rules: [0],
      charges: [{ meter: 1, amount: 50_000_000n }],
      state: {
        status: 'active',
        meters: [
          { window: 0, spent: 0n },
          { window: 1, spent: 50_000_000n },
        ],
      },
      validFrom: FROM + 86_400,
      validUntil: FROM + 2 * 86_400,
    })
    expect(outcome(decide(session, state, pay(50_000_001n), FROM))).toBe('denied-by-rule')
  })

  test('changes nothing of the state that it is given', () => {
    const state = Object.freeze({
      status: 'active',
      meters: Object.freeze(fresh(payroll).meters.map(Object.freeze)),
    } as State)
    const before = structuredClone(state)
    expect(decide(payrollSession, state, { callData: callDataOf(transfer(alice, 5n)) }, start).outcome).toBe('allow')
    expect(state).toEqual(before)
  })

  test('strips executeUserOp once, and lets bytes follow', () => {
    const callData = callDataOf(transfer(alice, 5n))
    expect(decideOn(payroll, `0x8dd7712f${callData.slice(2)}`)).toBe('allow')
    expect(decideOn(payroll, `0x8dd7712f8dd7712f${callData.slice(2)}`)).toBe('malformed-operation')
    expect(decideOn(payroll, `${callData}00ff`)).toBe('allow')
    expect(decideOn(payroll, `${callData}00fz` as Hex)).toBe('malformed-operation')
  })

  test('reads upper-case digits, wherever they stand', () => {
    const callData = callDataOf(transfer('0xabcdefabcdefabcdefabcdefabcdefabcdefabcd', 0xabcdefn))
    const policy = {
      ...payroll,
      rules: [
        {
          ...transferRule,
          where: [
            compare(argument(0, { kind: 'address' }), '==', address('0xabcdefabcdefabcdefabcdefabcdefabcdefabcd')),
          ],
        },
      ],
    }
    expect(decideOn(policy, `0x${callData.slice(2).toUpperCase()}`)).toBe('allow')
    expect(decideOn(policy, `0X${callData.slice(2)}` as Hex)).toBe('malformed-operation')
  })

  test('finds every character that is no digit, and every digit that is not canonical', () => {
    const callData = callDataOf({ ...transfer(alice, 5n), value: 0n })
    for (let at = 2; at < callData.length; at++) {
      const bad = `${callData.slice(0, at)}g${callData.slice(at + 1)}` as Hex
      expect(decideOn(payroll, bad), `g at ${at}`).toBe('malformed-operation')
      const flipped: Hex = `0x${callData.slice(2, at)}${(parseInt(callData.charAt(at), 16) ^ 1).toString(16)}${callData.slice(at + 1)}`
      const operation = { callData: flipped }
      const expected = reference(payroll, binding, fresh(payroll), operation, start)
      expect(outcome(decide(payrollSession, fresh(payroll), operation, start)), `flip at ${at}`).toBe(outcome(expected))
    }
  })

  test('takes no sign, blank or prefix for a digit of a length', () => {
    const callData = callDataOf(transfer(alice, 5n))
    for (const length of ['+0000044', '-0000044', '44      ', ' 0000044', '0x000044', '0000044.'])
      expect(decideOn(payroll, `${callData.slice(0, 258)}${length}${callData.slice(266)}` as Hex)).toBe(
        'malformed-operation',
      )
  })

  test('refuses an empty batch, and a length that nothing could hold', () => {
    const word = (value: bigint): string => value.toString(16).padStart(64, '0')
    expect(decideOn(payroll, `0x34fcd5be${word(32n)}${word(0n)}`)).toBe('malformed-operation')
    for (const count of [1n, 2n ** 31n, 2n ** 32n, 2n ** 64n, 2n ** 256n - 1n])
      expect(decideOn(payroll, `0x34fcd5be${word(32n)}${word(count)}`)).toBe('malformed-operation')
    for (const size of [33n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 256n - 1n])
      expect(decideOn(payroll, `0xb61d27f6${word(BigInt(usdc))}${word(0n)}${word(96n)}${word(size)}${word(0n)}`)).toBe(
        'malformed-operation',
      )
  })

  test('takes a fraction of a second for the second it lies in, and no number for no time', () => {
    const callData = callDataOf(transfer(alice, 5n))
    expect(decideOn(payroll, callData, start + 0.5)).toBe('allow')
    expect(decideOn(payroll, callData, start - 0.5)).toBe('not-yet-valid')
    expect(decideOn(payroll, callData, payroll.until - 0.5)).toBe('allow')
    expect(decideOn(payroll, callData, NaN)).toBe('not-yet-valid,expired')
    expect(decideOn(payroll, callData, Infinity)).toBe('expired')
    expect(decideOn(payroll, callData, -Infinity)).toBe('not-yet-valid')
  })

  test('lets no state that it did not make allow more', () => {
    const callData = callDataOf(transfer(alice, 5n))
    const states: readonly State['meters'][] = [
      [],
      [{ window: 0, spent: 0n }],
      [
        { window: 0, spent: 0n },
        { window: 0, spent: -1n },
      ],
      [
        { window: 0, spent: 0n },
        { window: -5, spent: -(10n ** 20n) },
      ],
      [
        { window: 0, spent: 0n },
        { window: 0, spent: 10n ** 40n },
      ],
    ]
    for (const meters of states)
      expect(decideOn(payroll, callData, start, { status: 'active', meters })).toBe('meter-exceeded')
  })

  test('takes a limit of zero for nothing at all, and a charge of zero for a charge', () => {
    const policy: Policy = { ...payroll, meters: payroll.meters.map((meter) => ({ ...meter, limit: 0n })) }
    expect(decideOn(policy, callDataOf(transfer(alice, 1n)))).toBe('meter-exceeded')
    const later = decide(
      sessionOf(policy),
      fresh(policy),
      { callData: callDataOf(transfer(alice, 0n)) },
      start + 86_400,
    )
    expect(later).toMatchObject({
      outcome: 'allow',
      charges: [{ meter: 1, amount: 0n }],
      state: { meters: [{}, { window: 1, spent: 0n }] },
    })
  })

  test('counts a wide meter and a total one', () => {
    const wide: Policy = {
      ...payroll,
      meters: [
        payroll.meters[0] ?? { counts: 'ETH', limit: 1n, window: { kind: 'total' } },
        { counts: usdc, limit: 2n ** 200n, window: { kind: 'total' } },
      ],
    }
    const session = sessionOf(wide)
    const first = decide(session, fresh(wide), { callData: callDataOf(transfer(alice, 2n ** 200n - 1n)) }, start)
    if (first.outcome === 'deny') throw new Error('denied')
    expect([first.validFrom, first.validUntil]).toEqual([wide.from, wide.until])
    const muchLater = wide.until - 1
    expect(outcome(decide(session, first.state, { callData: callDataOf(transfer(alice, 1n)) }, muchLater))).toBe(
      'allow',
    )
    expect(outcome(decide(session, first.state, { callData: callDataOf(transfer(alice, 2n)) }, muchLater))).toBe(
      'meter-exceeded',
    )
  })

  test('looks at no fees on the runtime path, where gas fields cannot be read', () => {
    const capped: Policy = {
      ...payroll,
      fees: { paidBy: { kind: 'sponsored', by: alice }, where: [{ kind: 'false' }] },
      meters: payroll.meters.slice(1),
      rules: [
        {
          ...transferRule,
          charges: [{ kind: 'meter', meter: 0, amount: sum(argument(1, uint256)), assetChecked: true }],
        },
      ],
    }
    expect(decideOn(capped, callDataOf(transfer(alice, 5n)))).toBe('allow')
    const gas = {
      ...payroll,
      rules: [
        { ...transferRule, where: [compare({ kind: 'environment', name: 'op.maxFeePerGas' }, '<=', number(5n))] },
      ],
    } satisfies Policy
    expect(decideOn(gas, callDataOf(transfer(alice, 5n)))).toBe('condition-failed')
  })

  test('never throws, whatever text, amounts, time and state it is given', () => {
    const session = load(encode(payroll, binding))
    const anyBig = fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }))
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('0', 'f', 'A', 'g', ' ', '\u212a') }).map((text) => `0x${text}`),
      fc
        .tuple(
          fc.constantFrom('0xb61d27f6', '0x34fcd5be', '0x8dd7712f'),
          fc.string({ unit: fc.constantFrom('0', '2', '6', 'f', 'x') }),
        )
        .map((parts) => parts.join('')),
    )
    const anyOperation = fc.record(
      {
        callData: fc.oneof(anyText, fc.constant(callDataOf(transfer(alice, 1n)))) as fc.Arbitrary<Hex>,
        fees: fc.record({
          callGasLimit: anyBig,
          verificationGasLimit: anyBig,
          preVerificationGas: anyBig,
          maxFeePerGas: anyBig,
          maxPriorityFeePerGas: anyBig,
          paymasterAndData: anyText as fc.Arbitrary<Hex>,
        }),
      },
      { requiredKeys: ['callData'] },
    )
    const anyState: fc.Arbitrary<State> = fc.record({
      status: fc.constantFrom('active', 'none', 'revoked', 'killed'),
      meters: fc.array(fc.record({ window: fc.double(), spent: anyBig }), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(anyOperation, anyState, fc.double(), (operation: Operation, state, now) => {
        const decision = decide(session, state, operation, now)
        expect(decision.outcome === 'allow' || decision.denials.length > 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('finds the one rule among a thousand of the same function, as the reference does', () => {
    const rules = Array.from({ length: 1000 }, (_, index): AllowRule => {
      const to = address(`0x${(1 + (index % 400)).toString(16).padStart(40, '0')}`)
      const where = index % 100 === 50 ? [] : [compare(argument(0, { kind: 'address' }), '==', to)]
      return { ...transferRule, where: [...where, compare(argument(1, uint256), '>=', number(BigInt(index)))] }
    })
    const policy = { ...payroll, rules }
    const session = sessionOf(policy)
    const someone = fc.integer({ min: 0, max: 420 }).map((index): Hex => `0x${index.toString(16).padStart(40, '0')}`)
    fc.assert(
      fc.property(someone, fc.bigInt({ min: 0n, max: 1100n }), (to, amount) => {
        const operation = { callData: callDataOf(transfer(to, amount)) }
        const expected = reference(policy, binding, fresh(policy), operation, start)
        const decision = decide(session, fresh(policy), operation, start)
        if (expected.outcome === 'allow') expect(decision).toEqual(expected)
        else expect(decision.outcome).toBe('deny')
      }),
      { numRuns: 100 },
    )
  })

  test('takes a sum of 2^256 for unreadable, in an allow, in a deny and in a charge', () => {
    const amounts = { kind: 'array', element: uint256 } as const
    const action = { kind: 'call', name: 'go', inputs: [{ name: 'amounts', type: amounts }] } as const
    const place = { kind: 'argument', path: [{ kind: 'component', index: 0 }] } as const
    const total = { kind: 'total', over: { kind: 'array', place }, path: [], type: uint256 } as const
    const rule: AllowRule = { effect: 'allow', target: usdc, action, where: [], charges: [], unlimited: [] }
    const any = compare(total, '>=', number(0n))
    const charge = { kind: 'meter', meter: 1, amount: sum(total), assetChecked: true } as const
    const meters = [
      ...payroll.meters.slice(0, 1),
      { counts: usdc, limit: 2n ** 226n - 1n, window: { kind: 'total' } } as const,
    ]
    const outcomes = (...values: readonly bigint[]): readonly string[] => {
      const callData = callDataOf(callOf(usdc, 'go', [{ type: 'uint256[]' }], [values]))
      const deny = { effect: 'deny', target: usdc, action, where: [compare(total, '<', number(0n))] } as const
      const one = meters.slice(0, 1)
      return [
        { ...payroll, meters: one, rules: [{ ...rule, where: [any] }] },
        { ...payroll, meters: one, rules: [rule, deny] },
        { ...payroll, meters, rules: [{ ...rule, charges: [charge] }] },
      ].map((policy) => decideOn(policy, callData))
    }
    expect(outcomes(2n ** 255n, 2n ** 255n - 1n)).toEqual(['allow', 'allow', 'meter-exceeded'])
    expect(outcomes(2n ** 255n, 2n ** 255n)).toEqual(['condition-failed', 'denied-by-rule', 'amount-unreadable'])
    expect(outcomes()).toEqual(['allow', 'allow', 'allow'])
  })

  test('gives an interval in which the same rules allow the same operation, to its first and last second', () => {
    const cases = policies().chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        operation: operationFor(policy, policy.from, binding),
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(cases, ({ policy, operation, at }) => {
        const session = sessionOf(policy)
        const now = policy.from + Math.floor(at * (policy.until - policy.from))
        const decision = decide(session, initialState(session), operation, now)
        if (decision.outcome === 'deny') return
        const { validFrom, validUntil } = decision
        expect(validFrom).toBeGreaterThanOrEqual(policy.from)
        expect(validUntil).toBeLessThanOrEqual(policy.until)
        // With several rules for one function, another may come first at another moment.
        const { allows } = session.internal
        const alike = ({ target, selector }: (typeof allows)[number]) =>
          allows.filter((other) => other.target === target && other.selector === selector).length
        if (decision.rules.some((index) => allows.some((rule) => rule.index === index && alike(rule) > 1))) return
        for (const moment of [validFrom, validUntil - 1, Math.floor((validFrom + validUntil) / 2)])
          expect(decide(session, initialState(session), operation, moment)).toEqual(decision)
      }),
      { numRuns: 400, endOnFailure: true },
    )
  })
})
