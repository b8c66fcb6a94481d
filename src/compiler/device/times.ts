import type { Hours, RuleTime } from '../../policy/Rule.js'
import { hoursText } from '../text/timeText.js'
import type { Lines } from './Lines.js'

/** The first second of the year 10000, whose dates are too long for a line. */
export const LAST_DATE = 253_402_300_800

/** `UTC 2026/11/22 13:00:00`; date and time stay together. */
export const printMoment = (lines: Lines, seconds: number): void => {
  lines.word('UTC')
  printDate(lines, seconds)
}

/** `2026/11/22 13:00:00`, UTC, from unix seconds before LAST_DATE. */
export const printDate = (lines: Lines, seconds: number): void => {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().slice(0, -5).split('T')
  lines.word(date.replaceAll('-', '/'))
  lines.more(time)
}

/** A length of time in the longest unit that measures it: `20` and `minutes`, `1` and `day`. */
export const durationWords = (seconds: number): readonly [string, string] => {
  for (const [unit, length] of UNITS) {
    if (seconds % length === 0) return [String(seconds / length), seconds === length ? unit : `${unit}s`]
  }
  return [String(seconds), seconds === 1 ? 'second' : 'seconds']
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** What stands behind a limit's `/`, never broken: `hour`, `day`, `week`, `5 minutes`. */
export const periodText = (seconds: number): string => {
  if (seconds === 604_800) return 'week'
  const [count, unit] = durationWords(seconds)
  return count === '1' ? unit : `${count} ${unit}`
}

/** When a rule holds, a clause each, or in one clause. */
export const printTimes = (lines: Lines, { hours, from, until }: RuleTime, behind: () => void): void => {
  if (hours !== undefined) {
    printHours(lines, hours)
    behind()
  }
  for (const [word, moment] of [['from', from] as const, ['until', until] as const]) {
    if (moment === undefined) continue
    lines.word(word)
    printMoment(lines, moment)
    behind()
  }
}

/** `hours 09:00-17:00 UTC mon-wed,fri`; no days where it is every day. */
const printHours = (lines: Lines, hours: Hours): void => {
  for (const word of hoursText(hours).split(' ')) {
    const [first = '', ...rest] = word.split(/(?<=,)/)
    lines.word(first)
    for (const piece of rest) lines.soft(piece)
  }
}
