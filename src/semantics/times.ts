import type { RuleTime } from '../policy/Rule.js'
import { type Interval, contains, intersect } from './Interval.js'

const day = 86_400

/** The moments around `now` at which an allow rule's times hold, or why they do not hold now. */
export function activeMoments(
  times: RuleTime,
  now: number,
): Interval | 'rule-not-yet-valid' | 'rule-expired' | 'outside-hours' {
  const life = lifeOf(times)
  if (now < life.from) return 'rule-not-yet-valid'
  if (now >= life.until) return 'rule-expired'
  const open = openToday(times, now)
  if (open === undefined || !contains(open, now)) return 'outside-hours'
  return intersect(life, open)
}

/**
 * The moments around `now` at which a deny rule's times do not hold; undefined if they hold now.
 * Between its hours the answer ends with the present UTC day, so that every reading cuts at the same second.
 */
export function silentMoments(times: RuleTime, now: number): Interval | undefined {
  const life = lifeOf(times)
  if (now < life.from) return { from: -Infinity, until: life.from }
  if (now >= life.until) return { from: life.until, until: Infinity }
  const open = openToday(times, now)
  const midnight = midnightBefore(now)
  if (open === undefined) return { from: midnight, until: midnight + day }
  if (now < open.from) return { from: midnight, until: open.from }
  if (now >= open.until) return { from: open.until, until: midnight + day }
  return undefined
}

function lifeOf({ from, until }: RuleTime): Interval {
  return { from: from ?? -Infinity, until: until ?? Infinity }
}

/** The hours of the UTC day of `now`; undefined on a weekday without any. */
function openToday({ hours }: RuleTime, now: number): Interval | undefined {
  if (hours === undefined) return { from: -Infinity, until: Infinity }
  const midnight = midnightBefore(now)
  const weekday = (midnight / day + 3) % 7 // 1970-01-01 was a Thursday; Monday is 0
  if ((hours.weekdays & (1 << weekday)) === 0) return undefined
  return { from: midnight + hours.start * 60, until: midnight + hours.end * 60 }
}

function midnightBefore(now: number): number {
  return Math.floor(now / day) * day
}
