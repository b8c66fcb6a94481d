import { ASSET, LIMIT, METER_KIND, METER_KIND_SHIFT, METER_LENGTH_MASK, ROLLING, STORED } from '../compiler/layout.js'
import type { Reader } from './Reader.js'
import { type Tables, readAsset } from './Tables.js'
import type { Interval } from './Times.js'

/** A meter of the grant. */
export type MeterEntry = {
  /** A token's index, or ASSET.eth, or ASSET.calls. */
  readonly asset: number
  readonly limit: bigint
  /** Seconds of a window, or of a rolling meter's sub-window; 0: one window for the whole life. */
  readonly period: number
  /** How many windows before the present one count with it. */
  readonly looksBack: number
  /** As leaves and header name it. */
  readonly record: Uint8Array
}

/** Reads the table of meters and gives each its place in the session's storage. */
export const readMeters = (reader: Reader, tables: Tables, life: Readonly<Interval>): MeterEntry[] => {
  const places = new Places()
  return Array.from({ length: reader.byte() }, () => readMeter(reader, tables, places, life))
}

const readMeter = (reader: Reader, tables: Tables, places: Places, life: Readonly<Interval>): MeterEntry => {
  const start = reader.at
  const asset = reader.peek() === ASSET.calls ? reader.byte() : readAsset(reader, tables)
  const tail = reader.at
  const kindAndLength = reader.byte()
  const kind = kindAndLength >> METER_KIND_SHIFT
  const period = reader.uint(4)
  const limit = reader.minimal(kindAndLength & METER_LENGTH_MASK)
  reader.must(period === 0 || period >= LIMIT.periodLeast, 'a period is too short', start)
  const rolling = kind === METER_KIND.rolling
  const wide = !rolling && limit >= 1n << BigInt(LIMIT.narrowLimitBits)
  const sole = wide ? METER_KIND.wide : METER_KIND.narrow
  reader.must(rolling || kind === sole, 'a meter is of the wrong kind for its limit', start)
  const bits = rolling ? LIMIT.rollingLimitBits : LIMIT.wideLimitBits
  reader.must(limit < 1n << BigInt(bits), 'a limit is too large', start)
  const part = period / ROLLING.parts
  const rolls = period > 0 && Number.isInteger(part) && life.until - life.from <= 2 ** STORED.window * part
  reader.must(!rolling || rolls, 'a period cannot roll', start)
  const position = places.next(rolling ? ROLLING.words : wide ? 1 : 0)
  reader.must(
    position + (rolling ? 2 * ROLLING.words : 1) <= 2 * LIMIT.meterWords,
    'the meters take more than 128 words',
    start,
  )
  const bytes = reader.bytes.subarray(tail, reader.at)
  const record = Uint8Array.of(kindAndLength, position, ...bytes.subarray(1))
  return { asset, limit, period: rolling ? part : period, looksBack: rolling ? ROLLING.parts : 0, record }
}

/** Hands out halves and words of a session's storage in the order of the meters. */
class Places {
  private half = 0

  /** So many whole words, or a half where it is none. */
  next(words: number): number {
    // Word 0 holds the status, so no whole word is handed out there; a half that is skipped stays empty.
    if (words > 0) this.half = Math.max(2, this.half + (this.half % 2))
    const position = this.half
    this.half += words > 0 ? 2 * words : 1
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
