import type { Meter, Window } from '../policy/Meter.js'
import { LIMIT, METER_KIND, METER_KIND_SHIFT, PERIOD_TOTAL } from './layout.js'
import { widthOf, type Writer } from './Writer.js'

/** `kindAndLength1` of a limit that a meter keeps. */
export const kindAndLengthOf = (limit: bigint): number =>
  ((isNarrow(limit) ? METER_KIND.narrow : METER_KIND.wide) << METER_KIND_SHIFT) | widthOf(limit)

const isNarrow = (limit: bigint): boolean => limit < 1n << BigInt(LIMIT.narrowLimitBits)

/** Where each meter is stored: `2 * word + half`. Beyond the session's words the numbers simply go on. */
export const positionsOf = (meters: readonly Meter[]): readonly number[] =>
  assignPositions(meters.map(({ limit }) => !isNarrow(limit)))

/** The same, from whether each meter is wide. */
export const assignPositions = (wide: readonly boolean[]): readonly number[] => {
  let free = 0
  return wide.map((isWide) => {
    if (!isWide) {
      free += 1
      return free - 1
    }
    // A wide meter takes a whole word, and word 0 has no room for one.
    const word = Math.max(1, Math.ceil(free / 2))
    free = 2 * word + 2
    return 2 * word
  })
}

/** The period's four bytes. */
export const periodOf = (window: Window): number => {
  switch (window.kind) {
    case 'period':
      return window.seconds
    case 'total':
      return PERIOD_TOTAL
    case 'rolling':
      throw new RangeError('a rolling window has no bytes in this version: the policy cannot be encoded')
    default:
      return window satisfies never
  }
}

/** Writes `kindAndLength1 ‖ position1 ‖ period4 ‖ limit`. */
export const writeMeterRecord = (writer: Writer, meter: Meter, position: number): void => {
  writer.uint(kindAndLengthOf(meter.limit), 1)
  writer.uint(position, 1)
  writer.uint(periodOf(meter.window), 4)
  writer.wide(meter.limit, widthOf(meter.limit))
}

/** Writes `asset1 ‖ kindAndLength1 ‖ period4 ‖ limit`. */
export const writeMeter = (writer: Writer, meter: Meter, assetCode: number): void => {
  writer.uint(assetCode, 1)
  writer.uint(kindAndLengthOf(meter.limit), 1)
  writer.uint(periodOf(meter.window), 4)
  writer.wide(meter.limit, widthOf(meter.limit))
}
