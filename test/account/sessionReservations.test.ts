import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Reservations, type Reservation, type Slot } from '../../src/account/Reservations.js'
import type { Snapshot } from '../../src/account/session/Snapshot.js'
import { decide, initialState, load, remaining, type Operation } from '../../src/evaluator/index.js'
import { windowOf } from '../../src/evaluator/MeterEntry.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { decide as decideByDefinition } from '../../src/semantics/decide.js'
import { ether, friend, from, grantOf, module, policyOf } from './sessionFixture.js'

const policy = policyOf(`fees 0.001 ETH/hour
allow send on ${friend} budget 1 ETH/hour, 3 ETH/day rolling, 9 ETH total limit 12 calls/hour`)
const session = load(grantOf(policy))
const binding = { module, entityId: 1, tag: '0x000000000000' } as const

const pay = (value: bigint, gas = 0n): Operation => ({
  callData: executeCalldata([{ to: friend, value, data: '0x' }]),
  fees: {
    callGasLimit: gas,
    verificationGasLimit: 0n,
    preVerificationGas: 0n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 0n,
    paymasterAndData: '0x',
  },
})

type Pending = { readonly operation: Operation; readonly reservation: Reservation; readonly claimed: number }

/** A chain that includes what it is told to, judged by the definition, and an agent that signs by what it last saw of it. */
class Model {
  readonly reservations = new Reservations(session)
  readonly snapshots: Snapshot[]
  pending: Pending[] = []
  /** By slot of the agent's plain transactions, in order. */
  #transactions = 0

  constructor() {
    const chain = { blockNumber: 1n, time: from + 10, state: initialState(session), sequences: new Map() }
    this.snapshots = [{ ...chain, activation: '0x' }]
  }

  get latest(): Snapshot {
    return this.seen(0)
  }

  /** What a node that is so many blocks behind shows. */
  seen(behind: number): Snapshot {
    const snapshot = this.snapshots[Math.max(0, this.snapshots.length - 1 - behind)]
    if (!snapshot) throw new Error('there is always a first block')
    return snapshot
  }

  sign(operation: Operation, lane: bigint, behind: number): boolean {
    const snapshot = this.seen(behind)
    const slot: Slot = { kind: 'nonce', key: lane, sequence: snapshot.sequences.get(lane) ?? 0n }
    return this.#reserve(operation, slot, snapshot)
  }

  signTransaction(value: bigint, behind: number): boolean {
    const { callData } = pay(value)
    return this.#reserve({ callData }, { kind: 'transaction', id: this.#transactions++ }, this.seen(behind))
  }

  #reserve(operation: Operation, slot: Slot, snapshot: Snapshot): boolean {
    const claimed = snapshot.time
    const decision = decide(session, this.reservations.stateAt(snapshot, claimed, slot), operation, claimed)
    if (decision.outcome === 'deny') return false
    const charges = decision.charges.map(({ meter, amount }) => {
      const entry = session.internal.meters[meter]
      return {
        meter,
        amount,
        ...(entry && slot.kind === 'nonce' && { window: windowOf(entry, session.from, claimed) }),
      }
    })
    const { validFrom, validUntil } = slot.kind === 'nonce' ? decision : { validFrom: from, validUntil: session.until }
    const reservation = { hash: undefined, slot, charges, validFrom, validUntil }
    this.reservations.add(reservation)
    this.pending.push({ operation, reservation, claimed })
    return true
  }

  /** The next block includes one of those that EntryPoint and its time let in; undefined where there is none. */
  include(index: number, after: number): 'allow' | 'deny' | undefined {
    const { blockNumber, state, sequences } = this.latest
    const time = this.latest.time + after
    const possible = this.pending.filter(
      ({ reservation: { slot, validFrom, validUntil } }) =>
        validFrom <= time &&
        time < validUntil &&
        (slot.kind === 'transaction' || (sequences.get(slot.key) ?? 0n) === slot.sequence),
    )
    const chosen = possible[index % Math.max(1, possible.length)]
    if (!chosen) return undefined
    const { slot } = chosen.reservation
    const moment = slot.kind === 'nonce' ? chosen.claimed : time
    const decision = decideByDefinition(policy, binding, state, chosen.operation, moment)
    if (decision.outcome === 'deny') return 'deny'
    const next = new Map(sequences)
    if (slot.kind === 'nonce') next.set(slot.key, slot.sequence + 1n)
    const included = { blockNumber: blockNumber + 1n, time, state: decision.state, sequences: next }
    this.snapshots.push({ ...this.latest, ...included })
    if (slot.kind === 'transaction') this.reservations.settle(chosen.reservation, blockNumber + 1n)
    this.pending = this.pending.filter((one) => one !== chosen)
    return 'allow'
  }

  wait(seconds: number): void {
    const { blockNumber, time } = this.latest
    this.snapshots.push({ ...this.latest, blockNumber: blockNumber + 1n, time: time + seconds })
    this.reservations.prune(this.latest)
  }

  drop(index: number): void {
    const chosen = this.pending[index % Math.max(1, this.pending.length)]
    if (!chosen) return
    this.reservations.release(chosen.reservation)
    this.pending = this.pending.filter((one) => one !== chosen)
  }
}

const tenths = fc.integer({ min: 0, max: 5 }).map((count) => (BigInt(count) * ether) / 10n)
const behind = fc.integer({ min: 0, max: 3 })
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('sign' as const),
      value: tenths,
      gas: fc.bigInt(0n, 200_000n),
      lane: fc.bigInt(0n, 2n),
      behind,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('include' as const),
      index: fc.nat(9),
      after: fc.integer({ min: 0, max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 300, 1800, 3600, 10_800, 40_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('drop' as const), index: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('transact' as const), value: tenths, behind }) },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const run = (model: Model, one: Step): 'allow' | 'deny' | undefined => {
  switch (one.act) {
    case 'sign':
      model.sign(pay(one.value, one.gas), one.lane, one.behind)
      return undefined
    case 'transact':
      model.signTransaction(one.value, one.behind)
      return undefined
    case 'include':
      return model.include(one.index, one.after)
    case 'wait':
      model.wait(one.seconds)
      return undefined
    case 'drop':
      model.drop(one.index)
      return undefined
    default:
      return one satisfies never
  }
}

describe('operations in flight', () => {
  test('whatever was signed is never refused by the module for a meter, in whatever order it is included', () => {
    let included = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), (steps) => {
        const model = new Model()
        for (const one of steps) {
          const outcome = run(model, one)
          expect(outcome).not.toBe('deny')
          if (outcome === 'allow') included++
        }
      }),
      { numRuns: 500 },
    )
    // The law would hold of an agent that signs nothing.
    expect(included).toBeGreaterThan(2000)
  })

  test('when nothing is pending any more, nothing is reserved any more', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const model = new Model()
        for (const one of steps) run(model, one)
        while (model.pending.length > 0) model.drop(0)
        const { state, time } = model.latest
        expect(model.reservations.inFlight(model.latest)).toEqual([])
        expect(model.reservations.stateAt(model.latest, time)).toEqual(state)
      }),
    )
  })

  const left = (model: Model, snapshot = model.latest, own?: Slot): bigint | undefined =>
    remaining(session, model.reservations.stateAt(snapshot, snapshot.time, own), snapshot.time)[1]?.remaining

  test('two signed one after the other are both counted before either is included', () => {
    const model = new Model()
    expect(model.sign(pay((ether * 6n) / 10n), 0n, 0)).toBe(true)
    expect(left(model)).toBe((ether * 4n) / 10n)
    expect(model.sign(pay(ether / 2n), 1n, 0)).toBe(false)
    expect(model.sign(pay((ether * 4n) / 10n), 1n, 0)).toBe(true)
    expect(left(model)).toBe(0n)
  })

  test('of two with one nonce only the greater counts', () => {
    const model = new Model()
    expect(model.sign(pay((ether * 6n) / 10n), 0n, 0)).toBe(true)
    expect(model.sign(pay((ether * 7n) / 10n), 0n, 0)).toBe(true)
    expect(left(model)).toBe((ether * 3n) / 10n)
  })

  test('one that was included is counted once, also by a node that has not seen its block', () => {
    const model = new Model()
    model.sign(pay((ether * 6n) / 10n), 0n, 0)
    expect(model.include(0, 2)).toBe('allow')
    expect(left(model)).toBe((ether * 4n) / 10n)
    expect(left(model, model.seen(1))).toBe((ether * 4n) / 10n)
  })

  test('one whose window passed is counted no more', () => {
    const model = new Model()
    model.sign(pay(ether), 0n, 0)
    expect(left(model)).toBe(0n)
    model.wait(3600)
    expect(left(model)).toBe(ether)
  })

  test('a plain transaction counts until its block is seen, whichever window it falls into', () => {
    const model = new Model()
    model.signTransaction(ether, 0)
    model.wait(3600)
    expect(left(model)).toBe(0n)
    expect(model.include(0, 1)).toBe('allow')
    expect(left(model)).toBe(0n)
    model.wait(3600)
    expect(left(model)).toBe(ether)
  })

  test('what was released counts no more', () => {
    const model = new Model()
    model.sign(pay(ether), 0n, 0)
    model.drop(0)
    expect(left(model)).toBe(ether)
  })

  test('what is final is forgotten', () => {
    const model = new Model()
    model.sign(pay(1n), 0n, 0)
    expect(model.reservations.nonceKeys).toEqual([0n])
    model.include(0, 1)
    for (let blocks = 0; blocks < 260; blocks++) model.wait(1)
    expect(model.reservations.nonceKeys).toEqual([])
  })
})
