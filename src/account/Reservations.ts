import { moveOn } from '../evaluator/charge.js'
import type { Session } from '../evaluator/index.js'
import { windowOf } from '../evaluator/MeterEntry.js'
import type { Hex } from '../policy/Hex.js'
import type { MeterState, State } from '../policy/State.js'
import type { Snapshot } from './session/Snapshot.js'

/** What only one operation can use up: a nonce of the EntryPoint, or the place of a plain transaction. */
export type Slot =
  | { readonly kind: 'nonce'; readonly key: bigint; readonly sequence: bigint }
  | { readonly kind: 'transaction'; readonly id: number }

/** What an operation that was signed, and may yet be included, would count. */
export type Reservation = {
  /** The UserOperation's hash; of a plain transaction its own, once it is known. */
  readonly hash: Hex | undefined
  readonly slot: Slot
  /** `window` is absent where the time of inclusion decides it (a plain transaction claims no time). */
  readonly charges: readonly { readonly meter: number; readonly window?: number; readonly amount: bigint }[]
  /** Unix seconds: no earlier block includes it. */
  readonly validFrom: number
  /** Unix seconds, exclusive: no block of that time or later includes it. */
  readonly validUntil: number
}

/** So long a block stays open to be taken back; then what it included is forgotten here. */
const FINAL_AFTER_BLOCKS = 256n

/**
 * The operations in flight of one session, in this process. Whether one still counts is asked of each snapshot anew, by the nonces of that very
 * block: so nothing is counted twice, nothing is missed where a node lags behind another or a block is taken back, and a restarted agent,
 * which starts with none, is wrong only in what the module refuses at no cost.
 */
export class Reservations {
  readonly #held = new Set<Reservation>()
  /** The block that included a plain transaction, or in which a nonce was first seen used. */
  readonly #included = new Map<Reservation, bigint>()
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  add(reservation: Reservation): void {
    this.#held.add(reservation)
  }

  /** For what was never sent, or was dropped for good: whoever still has the signed operation may send it until `validUntil`. */
  release(reservation: Reservation): void {
    this.#held.delete(reservation)
    this.#included.delete(reservation)
  }

  /** The plain transaction stands in this block: snapshots from there on count it already. */
  settle(reservation: Reservation, blockNumber: bigint): void {
    if (this.#held.has(reservation)) this.#included.set(reservation, blockNumber)
  }

  find(hash: Hex): Reservation | undefined {
    return [...this.#held].find((one) => one.hash === hash)
  }

  /** Of which nonce keys a snapshot must tell the sequence. */
  get nonceKeys(): readonly bigint[] {
    return [...this.#held].flatMap(({ slot }) => (slot.kind === 'nonce' ? [slot.key] : []))
  }

  /** Those that a block after the snapshot's may still include, the oldest first. */
  inFlight(snapshot: Snapshot): readonly Reservation[] {
    return [...this.#held].filter((one) => !this.#isOver(one, snapshot))
  }

  /**
   * The snapshot's state as it would be at `moment` (unix seconds) if everything in flight had been included, except what `own` names: of several
   * operations for one slot only one can be, so each meter takes the most that one of them counts.
   */
  stateAt(snapshot: Snapshot, moment: number, own?: Slot): State {
    const slots = new Map<string, Reservation[]>()
    for (const one of this.inFlight(snapshot)) {
      const name = nameOf(one.slot)
      if (own && name === nameOf(own)) continue
      slots.set(name, [...(slots.get(name) ?? []), one])
    }
    const { status, meters } = snapshot.state
    return {
      status,
      meters: meters.map((meter, index) => this.#charged(meter, index, [...slots.values()], moment, own)),
    }
  }

  /** Forgets what cannot count any more, whatever becomes of the last blocks. */
  prune(snapshot: Snapshot): void {
    const { blockNumber, time } = snapshot
    for (const one of this.#held) {
      if (!this.#included.has(one) && this.#isUsedUp(one, snapshot)) this.#included.set(one, blockNumber)
      const included = this.#included.get(one)
      const final = included !== undefined && included + FINAL_AFTER_BLOCKS <= blockNumber
      if (final || one.validUntil + PRUNE_SECONDS <= time) this.release(one)
    }
  }

  #isOver(reservation: Reservation, snapshot: Snapshot): boolean {
    return reservation.validUntil <= snapshot.time || this.#isUsedUp(reservation, snapshot)
  }

  #isUsedUp(reservation: Reservation, { blockNumber, sequences }: Snapshot): boolean {
    const { slot } = reservation
    if (slot.kind === 'nonce') return (sequences.get(slot.key) ?? -1n) > slot.sequence
    const included = this.#included.get(reservation)
    return included !== undefined && included <= blockNumber
  }

  #charged(
    meter: MeterState,
    index: number,
    slots: readonly Reservation[][],
    moment: number,
    own: Slot | undefined,
  ): MeterState {
    const entry = this.#session.internal.meters[index]
    if (!entry) return meter
    const present = windowOf(entry, this.#session.from, moment)
    // A plain transaction may be included in a later window than the present, beside what claims that one.
    const at = (window: number): number => (own?.kind === 'transaction' ? Math.min(window, present) : window)
    const sums = new Map<number, bigint>()
    for (const alternatives of slots)
      for (const [window, amount] of mostOf(alternatives, index, present))
        sums.set(at(window), (sums.get(at(window)) ?? 0n) + amount)
    // What claims a window before the meter's is refused by the module; what claims one after the present cannot come first.
    const windows = [...sums].filter(([window]) => meter.window <= window && window <= present)
    return windows
      .sort(([one], [other]) => one - other)
      .reduce((state, [window, amount]) => {
        const moved = moveOn(entry, state, window)
        return { ...moved, spent: moved.spent + amount }
      }, meter)
  }
}

/** Longer than any reorganisation: an interval that is over may be open again for that long. */
const PRUNE_SECONDS = 3600

const nameOf = (slot: Slot): string =>
  slot.kind === 'nonce' ? `${slot.key} ${slot.sequence}` : `transaction ${slot.id}`

/** The most that one of them counts in each window of the meter. */
const mostOf = (alternatives: readonly Reservation[], meter: number, present: number): ReadonlyMap<number, bigint> => {
  const most = new Map<number, bigint>()
  for (const { charges } of alternatives)
    for (const { meter: charged, window = present, amount } of charges)
      if (charged === meter) most.set(window, max(most.get(window) ?? 0n, amount))
  return most
}

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other)
