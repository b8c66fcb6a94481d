import { BODY_FLAG, LIMIT } from '../compiler/layout.js'
import type { Reader } from './Reader.js'

/** When a rule or a clause applies: in `[from, until)`, unix seconds, and in the hours of the chosen UTC days. */
export type Times = { readonly from: number; readonly until: number; readonly hours: Hours | undefined }

/** `[start, end)` in seconds of the UTC day; bit 0 of the weekdays is Monday. */
export type Hours = { readonly start: number; readonly end: number; readonly weekdays: number }

export const DAY = 86_400

/** Reads the times that the flags announce; undefined where there are none. `life` is the policy's own time. */
export const readTimes = (reader: Reader, flags: number, life: Times): Times | undefined => {
  const start = reader.at
  if ((flags & (BODY_FLAG.from | BODY_FLAG.until | BODY_FLAG.hours)) === 0) return undefined
  const from = flags & BODY_FLAG.from ? reader.uint(5) : life.from
  const until = flags & BODY_FLAG.until ? reader.uint(5) : life.until
  reader.must(
    life.from <= from && from < until && until <= life.until,
    "a rule's time is not inside the policy's",
    start,
  )
  return { from, until, hours: flags & BODY_FLAG.hours ? readHours(reader) : undefined }
}

const readHours = (reader: Reader): Hours => {
  const at = reader.at
  const start = reader.uint(2)
  const end = reader.uint(2)
  const weekdays = reader.byte()
  reader.must(start < end && end <= LIMIT.minutesOfDay && weekdays > 0 && weekdays < 128, 'hours are not possible', at)
  return { start: start * 60, end: end * 60, weekdays }
}

export const midnightOf = (time: number): number => time - (time % DAY)

/** 1 January 1970 was a Thursday. */
export const isChosenDay = ({ weekdays }: Hours, time: number): boolean =>
  ((weekdays >> ((Math.floor(time / DAY) + 3) % 7)) & 1) === 1

export const isInHours = (hours: Hours, time: number): boolean => {
  const second = time % DAY
  return hours.start <= second && second < hours.end && isChosenDay(hours, time)
}

export const isInTimes = ({ from, until, hours }: Times, time: number): boolean =>
  from <= time && time < until && (!hours || isInHours(hours, time))

/** A half-open interval of unix seconds that is being narrowed. */
export type Interval = { from: number; until: number }

export const narrow = (interval: Interval, from: number, until: number): void => {
  if (from > interval.from) interval.from = from
  if (until < interval.until) interval.until = until
}

/** Narrows to where the times hold as they do now. */
export const narrowToTimes = (interval: Interval, { from, until, hours }: Times, time: number): void => {
  narrow(interval, from, until)
  if (!hours) return
  const midnight = midnightOf(time)
  narrow(interval, midnight + hours.start, midnight + hours.end)
}

/** Narrows to the gap of the times around a moment at which they do not hold; of hours, never beyond the present UTC day. */
export const narrowToGap = (interval: Interval, { from, until, hours }: Times, time: number): void => {
  if (time < from) return narrow(interval, -Infinity, from)
  if (time >= until) return narrow(interval, until, Infinity)
  if (!hours) return
  const midnight = midnightOf(time)
  const chosen = isChosenDay(hours, time)
  narrow(
    interval,
    chosen && time % DAY >= hours.end ? midnight + hours.end : midnight,
    chosen && time % DAY < hours.start ? midnight + hours.start : midnight + DAY,
  )
}
