import { ASSET, LIMIT, METER_KIND, METER_KIND_SHIFT, METER_LENGTH_MASK } from '../compiler/layout.js'
import type { Reader } from './Reader.js'
import { type Tables, readAsset } from './Tables.js'
import type { Interval } from './Times.js'

/** A meter of the grant. */
export type MeterEntry = {
  /** A token's index, or ASSET.eth, or ASSET.calls. */
  readonly asset: number
  readonly limit: bigint
  /** Seconds; 0: one window for the whole life. */
  readonly period: number
  /** As leaves and header name it. */
  readonly record: Uint8Array
}

/** Reads the table of meters and gives each its place in the session's storage. */
export const readMeters = (reader: Reader, tables: Tables): MeterEntry[] => {
  const places = new Places()
  return Array.from({ length: reader.byte() }, () => readMeter(reader, tables, places))
}

const readMeter = (reader: Reader, tables: Tables, places: Places): MeterEntry => {
  const start = reader.at
  const asset = reader.peek() === ASSET.calls ? reader.byte() : readAsset(reader, tables)
  const tail = reader.at
  const kindAndLength = reader.byte()
  const kind = kindAndLength >> METER_KIND_SHIFT
  const period = reader.uint(4)
  const limit = reader.minimal(kindAndLength & METER_LENGTH_MASK)
  reader.must(period === 0 || period >= LIMIT.periodLeast, 'a period is too short', start)
  reader.must(kind !== METER_KIND.rolling, 'this version knows no rolling meter', start)
  const wide = limit >= 1n << BigInt(LIMIT.narrowLimitBits)
  reader.must(
    kind === (wide ? METER_KIND.wide : METER_KIND.narrow),
    'a meter is of the wrong kind for its limit',
    start,
  )
  reader.must(limit < 1n << BigInt(LIMIT.wideLimitBits), 'a limit is too large', start)
  const position = places.next(wide)
  reader.must(position < 2 * LIMIT.meterWords, 'the meters take more than 128 words', start)
  const bytes = reader.bytes.subarray(tail, reader.at)
  return { asset, limit, period, record: Uint8Array.of(kindAndLength, position, ...bytes.subarray(1)) }
}

/** Hands out halves and words of a session's storage in the order of the meters. */
class Places {
  private half = 0

  next(wide: boolean): number {
    // Word 0 holds the status, so no wide meter stands there; a half that is skipped stays empty.
    if (wide) this.half = Math.max(2, this.half + (this.half % 2))
    const position = this.half
    this.half += wide ? 2 : 1
    return position
  }
}

/** The number of the window that contains the time. */
export const windowOf = ({ period }: MeterEntry, from: number, time: number): number =>
  period === 0 ? 0 : Math.floor((time - from) / period)

/** That window, within the policy's life. */
export const windowInterval = ({ period }: MeterEntry, life: Readonly<Interval>, window: number): Interval =>
  period === 0
    ? { from: life.from, until: life.until }
    : {
        from: life.from + window * period,
        until: Math.min(life.until, life.from + (window + 1) * period),
      }
