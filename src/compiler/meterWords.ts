import type { Meter } from '../policy/Meter.js'
import type { MeterState, State } from '../policy/State.js'
import { ROLLING, STORED } from './layout.js'
import { positionsOf } from './meters.js'

// The words that the module keeps of a session, as numbers of 256 bits (docs/format.md, "Meters"). Which slots they stand in is told elsewhere.

/** A session's status and meters; `none` is a session that was never granted. */
export type StoredSession = {
  readonly status: Exclude<State['status'], 'killed'>
  readonly meters: readonly MeterState[]
}

const statuses = ['none', 'active', 'revoked'] as const

/** Reads a session's words, word 0 first, of which there are `wordsOf(meters)`; undefined where the status is one that the format does not know. */
export const readWords = (meters: readonly Meter[], words: readonly bigint[]): StoredSession | undefined => {
  const status = statuses[Number((words[0] ?? 0n) >> 254n)]
  if (status === undefined) return undefined
  const positions = positionsOf(meters)
  const states = meters.map((meter, index) => {
    const position = positions[index] ?? 0
    const first = position >> 1
    if (meter.window.kind === 'rolling') return rollingIn(words.slice(first, first + ROLLING.words))
    return meterIn(words[first] ?? 0n, position, meter)
  })
  return { status, meters: states }
}

/** The words after a session's meters have been set to `states`; what else stands in them, the status too, stays. */
export const writeWords = (
  meters: readonly Meter[],
  words: readonly bigint[],
  states: readonly MeterState[],
): readonly bigint[] => {
  const written = [...words]
  const positions = positionsOf(meters)
  for (const [index, meter] of meters.entries()) {
    const position = positions[index] ?? 0
    const first = position >> 1
    const state = states[index] ?? { window: 0, spent: 0n }
    if (meter.window.kind === 'rolling') {
      for (const [offset, word] of rollingWords(state).entries()) written[first + offset] = word
    } else {
      const { shift, spentBits } = placeOf(position, meter)
      const mask = ((1n << BigInt(STORED.window + spentBits)) - 1n) << BigInt(shift)
      const value = ((BigInt(state.window) << BigInt(spentBits)) | state.spent) << BigInt(shift)
      written[first] = ((written[first] ?? 0n) & ~mask) | value
    }
  }
  return written
}

/** Where a meter that is not rolling ends in its word, counted in bits from the right, and how wide its `spent` is. */
const placeOf = (position: number, { limit }: Meter): { readonly shift: number; readonly spentBits: number } => {
  if (limit >> BigInt(STORED.narrowSpent) !== 0n) return { shift: 0, spentBits: STORED.wideSpent }
  const half = STORED.window + STORED.narrowSpent
  return { shift: position % 2 === 0 ? half : 0, spentBits: STORED.narrowSpent }
}

const meterIn = (word: bigint, position: number, meter: Meter): MeterState => {
  const { shift, spentBits } = placeOf(position, meter)
  const place = word >> BigInt(shift)
  return {
    window: Number(BigInt.asUintN(STORED.window, place >> BigInt(spentBits))),
    spent: BigInt.asUintN(spentBits, place),
  }
}

/** Where past number `sub-window mod 8` stands: the word behind the first, and the bits to its right. */
const placeOfPast = (subWindow: number): readonly [word: number, shift: bigint] => {
  const place = ((subWindow % ROLLING.parts) + ROLLING.parts) % ROLLING.parts
  return [1 + (place >> 1), place % 2 === 0 ? BigInt(STORED.rollingSpent) : 0n]
}

const rollingIn = (words: readonly bigint[]): MeterState => {
  const [first = 0n] = words
  const window = Number(BigInt.asUintN(STORED.window, first >> BigInt(2 * STORED.rollingSpent)))
  const past = Array.from({ length: ROLLING.parts }, (_, back) => {
    const [word, shift] = placeOfPast(window - 1 - back)
    return BigInt.asUintN(STORED.rollingSpent, (words[word] ?? 0n) >> shift)
  })
  return { window, spent: BigInt.asUintN(STORED.rollingSpent, first), past }
}

const rollingWords = ({ window, spent, past = [] }: MeterState): readonly bigint[] => {
  const spentBits = BigInt(STORED.rollingSpent)
  const words = Array.from({ length: ROLLING.words }, () => 0n)
  const total = past.reduce((sum, amount) => sum + amount, spent)
  words[0] = (BigInt(window) << (2n * spentBits)) | (total << spentBits) | spent
  for (const [back, amount] of past.entries()) {
    const [word, shift] = placeOfPast(window - 1 - back)
    words[word] = (words[word] ?? 0n) | (amount << shift)
  }
  return words
}
