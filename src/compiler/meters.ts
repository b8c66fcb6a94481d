import type { Meter, Window } from '../policy/Meter.js'
import { LIMIT, METER_KIND, METER_KIND_SHIFT, PERIOD_TOTAL, ROLLING } from './layout.js'
import { widthOf, type Writer } from './Writer.js'

/** `kindAndLength1` of a meter. */
const kindAndLengthOf = (meter: Meter): number => (kindOf(meter) << METER_KIND_SHIFT) | widthOf(meter.limit)

const kindOf = ({ limit, window }: Meter): number => {
  if (window.kind === 'rolling') return METER_KIND.rolling
  return limit < 1n << BigInt(LIMIT.narrowLimitBits) ? METER_KIND.narrow : METER_KIND.wide
}

/** Where each meter is stored: `2 * word + half`. Beyond the session's words the numbers simply go on. */
export const positionsOf = (meters: readonly Meter[]): readonly number[] => assignPositions(meters.map(kindOf))

/** The same, from each meter's kind (METER_KIND). */
export const assignPositions = (kinds: readonly number[]): readonly number[] => {
  let free = 0
  return kinds.map((kind) => {
    if (kind === METER_KIND.narrow) {
      free += 1
      return free - 1
    }
    // These take whole words, and word 0 has no room for one.
    const word = Math.max(1, Math.ceil(free / 2))
    free = 2 * (word + (kind === METER_KIND.rolling ? ROLLING.words : 1))
    return 2 * word
  })
}

/** The session's words that meters take, word 0 included. */
export const wordsOf = (meters: readonly Meter[]): number =>
  positionsOf(meters).reduce((words, position, index) => {
    const taken = meters[index]?.window.kind === 'rolling' ? ROLLING.words : 1
    return Math.max(words, Math.floor(position / 2) + taken)
  }, 1)

const periodOf = (window: Window): number => {
  switch (window.kind) {
    case 'period':
    case 'rolling':
      return window.seconds
    case 'total':
      return PERIOD_TOTAL
    default:
      return window satisfies never
  }
}

/** Writes `kindAndLength1 ‖ position1 ‖ period4 ‖ limit`. */
export const writeMeterRecord = (writer: Writer, meter: Meter, position: number): void => {
  writer.uint(kindAndLengthOf(meter), 1)
  writer.uint(position, 1)
  writer.uint(periodOf(meter.window), 4)
  writer.wide(meter.limit, widthOf(meter.limit))
}

/** Writes `asset1 ‖ kindAndLength1 ‖ period4 ‖ limit`. */
export const writeMeter = (writer: Writer, meter: Meter, assetCode: number): void => {
  writer.uint(assetCode, 1)
  writer.uint(kindAndLengthOf(meter), 1)
  writer.uint(periodOf(meter.window), 4)
  writer.wide(meter.limit, widthOf(meter.limit))
}
