import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { State } from '../../src/policy/State.js'
import { decide } from '../../src/semantics/decide.js'
import { buildBinding } from '../arbitraries/binding.js'
import { buildMoments } from '../arbitraries/moment.js'
import { buildOperation } from '../arbitraries/operation.js'
import { buildPolicy } from '../arbitraries/policy.js'
import { arbitrary, SIZE } from '../arbitraries/Source.js'
import { alice, binding, callDataOf, freeGas, payroll, transfer } from '../semantics/fixtures.js'
import { freshState } from './situation.js'

const windowOf = ({ window }: Meter, from: number, now: number): number =>
  window.kind === 'total'
    ? 0
    : Math.floor((now - from) / (window.kind === 'rolling' ? window.seconds / 8 : window.seconds))

const lives = arbitrary({ ...SIZE.medium, choices: 4000 }, (source) => {
  const policy = buildPolicy(source, SIZE.medium)
  const session = buildBinding(source)
  const steps = buildMoments(source, policy, 12).map((now) => ({
    now,
    operation: buildOperation(source, policy, now, session),
  }))
  return { policy, session, steps }
})

test('in no window of any meter is more than its limit counted, and the state is what was counted', () => {
  let allowedWithCharges = 0
  let exceeded = 0
  let remembered = 0
  fc.assert(
    fc.property(lives, ({ policy, session, steps }) => {
      let state = freshState(policy)
      const counted = policy.meters.map(() => new Map<number, bigint>())
      for (const { now, operation } of steps) {
        const decision = decide(policy, session, state, operation, now)
        if (decision.outcome === 'deny') {
          if (decision.denials.some(({ code }) => code === 'meter-exceeded' || code === 'fee-exceeded')) exceeded += 1
          continue
        }
        state = decision.state
        if (decision.charges.length > 0) allowedWithCharges += 1
        for (const { meter: index, amount } of decision.charges) {
          const meter = policy.meters[index]
          const windows = counted[index]
          if (meter === undefined || windows === undefined) throw new Error('a charge names a meter of the policy')
          const window = windowOf(meter, policy.from, now)
          const spent = (windows.get(window) ?? 0n) + amount
          windows.set(window, spent)
          const past = [1, 2, 3, 4, 5, 6, 7, 8].map((back) => windows.get(window - back) ?? 0n)
          const rolls = meter.window.kind === 'rolling'
          const total = rolls ? past.reduce((a, b) => a + b, spent) : spent
          if (rolls && past.some((one) => one > 0n)) remembered += 1
          expect(amount >= 0n && total <= meter.limit).toBe(true)
          expect(state.meters[index]).toEqual({ window, spent, ...(rolls ? { past } : {}) })
        }
      }
    }),
    { numRuns: 250 },
  )
  // The law says something only if budgets were both used and used up.
  expect(allowedWithCharges).toBeGreaterThan(50)
  expect(exceeded).toBeGreaterThan(50)
  expect(remembered).toBeGreaterThan(0)
})

const limits = fc.bigInt({ min: 0n, max: 10n ** 12n })
const shares = fc.array(
  fc.tuple(fc.nat({ max: 100_000 }), fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 3 })),
  {
    minLength: 1,
    maxLength: 30,
  },
)

test('what really moves, added up from the calldata, stays within the limit of its day', () => {
  fc.assert(
    fc.property(limits, shares, (limit, steps) => {
      const policy: Policy = {
        ...payroll,
        until: payroll.from + 400 * 86_400,
        meters: payroll.meters.map((meter) => ({ ...meter, limit })),
      }
      let state: State = freshState(policy)
      let now = policy.from
      const moved = new Map<number, bigint>()
      let refusedWithin = false
      for (const [pause, parts] of steps) {
        now += pause
        const amounts = parts.map((percent) => (limit * BigInt(percent)) / 100n + BigInt(percent % 2))
        const sum = amounts.reduce((a, b) => a + b, 0n)
        const callData = callDataOf(...amounts.map((amount) => transfer(alice, amount)))
        const decision = decide(policy, binding, state, { callData, fees: freeGas }, now)
        const day = Math.floor((now - policy.from) / 86_400)
        const before = moved.get(day) ?? 0n
        // Exactly what fits is allowed: the meter neither leaks nor hoards.
        if (decision.outcome === 'allow') moved.set(day, before + sum)
        else refusedWithin ||= before + sum <= limit
        if (decision.outcome === 'allow') state = decision.state
        expect((moved.get(day) ?? 0n) <= limit).toBe(true)
      }
      expect(refusedWithin).toBe(false)
    }),
    { numRuns: 150 },
  )
})

test('no interval of a rolling period sees more than the limit move, and what nine eighths leave is allowed', () => {
  const period = 80_000
  fc.assert(
    fc.property(limits, shares, (limit, steps) => {
      const policy: Policy = {
        ...payroll,
        until: payroll.from + 400 * 86_400,
        meters: payroll.meters.map((meter) => ({ ...meter, limit, window: { kind: 'rolling', seconds: period } })),
      }
      let state: State = freshState(policy)
      let now = policy.from
      const moved: { now: number; amount: bigint }[] = []
      const since = (from: number, until: number): bigint =>
        moved.reduce((sum, one) => (from <= one.now && one.now < until ? sum + one.amount : sum), 0n)
      const eighth = (moment: number): number => Math.floor((moment - policy.from) / (period / 8))
      for (const [pause, parts] of steps) {
        now += pause % 30_000
        const amounts = parts.map((percent) => (limit * BigInt(percent)) / 150n + BigInt(percent % 2))
        const callData = callDataOf(...amounts.map((amount) => transfer(alice, amount)))
        const decision = decide(policy, binding, state, { callData, fees: freeGas }, now)
        const amount = amounts.reduce((a, b) => a + b, 0n)
        const counted = since(policy.from + (eighth(now) - 8) * (period / 8), now + 1)
        expect(decision.outcome).toBe(counted + amount <= limit ? 'allow' : 'deny')
        if (decision.outcome === 'deny') continue
        expect(decision.validUntil).toBe(policy.from + (eighth(now) + 1) * (period / 8))
        moved.push({ now, amount })
        state = decision.state
      }
      for (const { now: first } of moved) expect(since(first, first + period + 1) <= limit).toBe(true)
    }),
    { numRuns: 150 },
  )
})

const bills = fc.array(
  fc.record({
    pause: fc.nat({ max: 40_000 }),
    price: fc.integer({ min: 1, max: 100 }),
    gas: fc.array(fc.nat({ max: 100 }), { minLength: 3, maxLength: 3 }),
    payer: fc.constantFrom('0x', '0x00', `0x${'00'.repeat(52)}`, alice),
  }),
  { minLength: 1, maxLength: 30 },
)

test('what the account may have to pay for gas, added up from the fields, stays within the limit of its day', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 30_000n }), bills, (limit, steps) => {
      const policy: Policy = {
        ...payroll,
        until: payroll.from + 400 * 86_400,
        meters: payroll.meters.map((meter) => ({ ...meter, limit })),
      }
      let state: State = freshState(policy)
      let now = policy.from
      const paid = new Map<number, bigint>()
      for (const { pause, price, gas, payer } of steps) {
        now += pause
        const [call = 0, verification = 0, before = 0] = gas
        const fees: OperationFees = {
          callGasLimit: BigInt(call),
          verificationGasLimit: BigInt(verification),
          preVerificationGas: BigInt(before),
          maxFeePerGas: BigInt(price),
          maxPriorityFeePerGas: 1n,
          paymasterAndData: payer as Hex,
        }
        const cost = BigInt((call + verification + before) * price)
        const decision = decide(policy, binding, state, { callData: callDataOf(transfer(alice, 0n)), fees }, now)
        const day = Math.floor((now - policy.from) / 86_400)
        const sum = (paid.get(day) ?? 0n) + cost
        // With a budget and no sponsor only the account pays: every other payer, "paymaster zero" too, is refused.
        expect(decision.outcome).toBe(payer === '0x' && sum <= limit ? 'allow' : 'deny')
        if (decision.outcome === 'deny') continue
        paid.set(day, sum)
        state = decision.state
      }
    }),
    { numRuns: 150 },
  )
})

test('a denied operation changes nothing: a batch that fails at its last call has spent nothing', () => {
  const state = freshState(payroll)
  const tooMuch = { callData: callDataOf(transfer(alice, 99_999_999n), transfer(alice, 2n)) }
  expect(decide(payroll, binding, state, tooMuch, payroll.from).outcome).toBe('deny')
  const whole = { callData: callDataOf(transfer(alice, 100_000_000n)) }
  expect(decide(payroll, binding, state, whole, payroll.from).outcome).toBe('allow')
})
