import type { Window } from '../../policy/Meter.js'
import type { Hours } from '../../policy/Rule.js'

/** The first second of the year 10000, which a date of the language cannot name. */
const LAST_DATE = 253_402_300_800

/** Unix seconds as `2026-11-22 13:00:00` (UTC). */
export const dateText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, -5).replace('T', ' ')

/** The clause that says when something ends; past the last date as a duration from the policy's `from`. */
export const untilText = (until: number, from: number): string =>
  until < LAST_DATE ? `until ${dateText(until)}` : `ttl ${until - from}s`

/** A length of time in the longest unit that measures it: `20m`, `1d`, `90s`. */
export const durationText = (seconds: number): string => {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds > 0 && seconds % length === 0) return `${seconds / length}${unit}`
  }
  return `${seconds}s`
}

const PERIODS = new Map([
  [3600, 'hour'],
  [86_400, 'day'],
  [604_800, 'week'],
])

/** What stands after a limit: `/day`, `/5m`, ` total`. */
export const windowText = (window: Window): string => {
  switch (window.kind) {
    case 'period':
      return `/${PERIODS.get(window.seconds) ?? durationText(window.seconds)}`
    case 'rolling':
      return `/${PERIODS.get(window.seconds) ?? durationText(window.seconds)} rolling`
    case 'total':
      return ' total'
    default:
      return window satisfies never
  }
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** `hours 09:00-17:00 UTC mon-fri`; no days where it is every day. */
export const hoursText = ({ start, end, weekdays }: Hours): string => {
  const days = weekdays === 127 ? '' : ` ${runsOf(weekdays).join(',')}`
  return `hours ${clockText(start)}-${clockText(end)} UTC${days}`
}

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** `mon-wed`, `fri`: runs of days, Monday first. */
const runsOf = (weekdays: number): readonly string[] => {
  const runs: string[] = []
  let first: string | undefined
  let last: string | undefined
  for (const [bit, day] of DAYS.entries()) {
    if ((weekdays & (1 << bit)) !== 0) {
      first ??= day
      last = day
    }
    if (first !== undefined && last !== undefined && ((weekdays & (1 << bit)) === 0 || bit === DAYS.length - 1)) {
      runs.push(first === last ? first : `${first}-${last}`)
      first = undefined
    }
  }
  return runs
}
