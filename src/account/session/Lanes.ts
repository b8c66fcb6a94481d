import type { ModuleEntity } from '../../compiler/calldata.js'
import type { Hex } from '../../policy/Hex.js'
import type { AccountKind } from '../AccountKind.js'
import type { Reservations } from '../Reservations.js'
import type { Snapshot } from './Snapshot.js'

/** How long a nonce that was handed out, and not signed with, is kept from others. */
const HELD_MS = 60_000
const SEQUENCE_BITS = 64n
const ROOT_DIGITS = 32
const LANE_BITS = 24n

/**
 * The EntryPoint's nonce keys that a session uses in turn: as many operations may be in flight beside each other. They begin with half of the session's root,
 * so that sessions of one account never take each other's nonces, and a restarted agent finds the same lanes again.
 */
export class Lanes {
  readonly keys: readonly bigint[]
  /** Until when (local milliseconds) a nonce is held for whom it was given to. */
  readonly #held = new Map<bigint, number>()

  constructor(kind: AccountKind, entity: ModuleEntity, root: Hex, count: number) {
    if (!Number.isInteger(count) || count < 1 || count > 1024)
      throw new RangeError(`a session has 1 to 1024 lanes, not ${count}`)
    const first = BigInt(root.slice(0, 2 + ROOT_DIGITS)) << LANE_BITS
    this.keys = Array.from({ length: count }, (_, index) => kind.validation.nonceKey(entity, first | BigInt(index)))
  }

  /**
   * The next nonce of a lane in which nothing is in flight, held for a minute. Where there is no such lane, that of the operation which waits longest:
   * it is then replaced, or, if it was dropped, succeeded.
   */
  pick(snapshot: Snapshot, reservations: Reservations): bigint {
    const now = Date.now()
    for (const [nonce, until] of this.#held) if (until <= now) this.#held.delete(nonce)
    const waiting = reservations
      .inFlight(snapshot)
      .flatMap(({ slot }) => (slot.kind === 'nonce' ? [(slot.key << SEQUENCE_BITS) | slot.sequence] : []))
    const nonces = this.keys.map((key) => (key << SEQUENCE_BITS) | (snapshot.sequences.get(key) ?? 0n))
    const free = nonces.find((nonce) => !waiting.includes(nonce) && !this.#held.has(nonce))
    // What was handed out and never signed is given up rather than what was signed.
    const unsigned = [...this.#held.keys()].filter((nonce) => !waiting.includes(nonce))
    const oldest = [...unsigned, ...waiting].find((nonce) => nonces.includes(nonce))
    const [first = 0n] = nonces
    const picked = free ?? oldest ?? first
    this.#held.delete(picked)
    this.#held.set(picked, now + HELD_MS)
    return picked
  }

  /** Gives a nonce back that will not be signed with. */
  giveBack(nonce: bigint): void {
    this.#held.delete(nonce)
  }
}
