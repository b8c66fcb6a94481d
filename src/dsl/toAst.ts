import type { IToken } from 'chevrotain'
import type { Diagnostic } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import type {
  AddressLiteral,
  ClockTime,
  DateLiteral,
  DurationLiteral,
  HexLiteral,
  Name,
  NumberLiteral,
  Period,
  StringLiteral,
} from './ast.js'
import { spanOf } from './tokens.js'
import { unescape } from './unescape.js'

/** Where a leaf says what is wrong with it; it makes a node all the same. */
export type Report = (fault: Diagnostic) => void

const fault = (report: Report, token: IToken, code: string, message: string, help: string) =>
  report({ code, severity: 'error', span: spanOf(token), message, help })

/** A word as a name. */
export const name = (token: IToken): Name => ({ kind: 'name', text: token.image, span: spanOf(token) })

/** No number that a policy can use has more digits than this (2^256 has 78). */
const mostDigits = 100

/** `5e18`, `0.5`, `1_000` as an exact decimal; a percent sign at the end is left out. */
export const number = (token: IToken, report: Report): NumberLiteral => {
  if (/^(?:0|[1-9]\d{0,14})$/.test(token.image))
    return {
      kind: 'number',
      text: token.image,
      value: { digits: BigInt(token.image), decimals: 0 },
      span: spanOf(token),
    }
  const text = token.image.replace('%', '')
  const [mantissa = '0', exponentText = '0'] = text.replaceAll('_', '').split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const exponent = Number(exponentText)
  const node = (digits: bigint, decimals: number): NumberLiteral => ({
    kind: 'number',
    text,
    value: { digits, decimals },
    span: spanOf(token),
  })
  if (whole.length + fraction.length > mostDigits || exponent > mostDigits) {
    fault(report, token, 'W006', `number ${quote(text)} is too large`, `a number has at most ${mostDigits} digits`)
    return node(0n, 0)
  }
  if (/^0\d/.test(whole))
    fault(
      report,
      token,
      'W006',
      `number ${quote(text)} begins with a zero`,
      `write \`${text.replace(/^[0_]+(?=\d)/, '')}\``,
    )
  let digits = BigInt(whole + fraction)
  let decimals = fraction.length
  const shift = Math.min(exponent, decimals)
  decimals -= shift
  digits *= 10n ** BigInt(exponent - shift)
  while (decimals > 0 && digits % 10n === 0n) {
    digits /= 10n
    decimals--
  }
  return node(digits, decimals)
}

/** `0x…`: an address if it has 40 digits. */
export const hex = (token: IToken): AddressLiteral | HexLiteral =>
  token.image.length === 42
    ? { kind: 'address', text: token.image, span: spanOf(token) }
    : { kind: 'hex', text: token.image, span: spanOf(token) }

/** `0x…` where only an address can stand. */
export const address = (token: IToken, report: Report): AddressLiteral => {
  const digits = token.image.length - 2
  if (digits !== 40)
    fault(
      report,
      token,
      'W007',
      `${quote(token.image)} is no address: it has ${digits} hex digits instead of 40`,
      digits < 40 ? 'copy the whole address: `0x` and 40 digits' : 'an address ends after 40 digits',
    )
  return { kind: 'address', text: token.image, span: spanOf(token) }
}

/** `"…"` with its escapes taken out. */
export const string = (token: IToken, report: Report): StringLiteral => {
  const made = unescape(token.image.slice(1, -1), (offset, sequence) =>
    report({
      code: 'W005',
      severity: 'error',
      span: { start: token.startOffset + 1 + offset, end: token.startOffset + 1 + offset + sequence.length },
      message: `a string has no escape ${quote(sequence)}`,
      help: 'the escapes are `\\"`, `\\\\`, `\\n` and `\\x41` (two hex digits)',
    }),
  )
  return { kind: 'string', text: token.image, ...made, span: spanOf(token) }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `20m` as seconds. */
export const seconds = (token: IToken, report: Report): number => {
  const made = Number(token.image.slice(0, -1)) * (unitSeconds[token.image.slice(-1)] ?? 1)
  if (made < 2 ** 38) return made
  fault(report, token, 'W008', `duration ${quote(token.image)} is too long`, 'write a shorter one, such as `30d`')
  return 0
}

/** `20m` */
export const duration = (token: IToken, report: Report): DurationLiteral => ({
  kind: 'duration',
  text: token.image,
  seconds: seconds(token, report),
  span: spanOf(token),
})

const periods: Readonly<Record<string, number>> = { hour: 3600, day: 86_400, week: 604_800 }

/** `hour`, `day` or `week`. */
export const namedPeriod = (token: IToken, report: Report): Period => {
  const known = Object.hasOwn(periods, token.image) ? periods[token.image] : undefined
  if (known === undefined)
    fault(
      report,
      token,
      'W017',
      `${quote(token.image)} is no period`,
      'write `/call`, `/hour`, `/day`, `/week` or a duration such as `/30d`',
    )
  return { kind: 'period length', text: token.image, seconds: known ?? 0, span: spanOf(token) }
}

/** `/5m`: a duration as a period. */
export const durationPeriod = (token: IToken, report: Report): Period => ({
  kind: 'period length',
  text: token.image,
  seconds: seconds(token, report),
  span: spanOf(token),
})

/** `2026-11-22 13:00:00` as unix seconds. */
export const date = (token: IToken, report: Report): DateLiteral => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = token.image.split(/\D+/).map(Number)
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  const back = new Date(time)
  const exists =
    back.getUTCFullYear() === year &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute &&
    back.getUTCSeconds() === second
  if (!exists)
    fault(
      report,
      token,
      'W008',
      `there is no ${quote(token.image)}`,
      'write year, month, day and time: `2026-11-22 13:00:00`',
    )
  return { kind: 'date', text: token.image, seconds: exists ? time / 1000 : 0, span: spanOf(token) }
}

/** `09:00` as minutes of the day. */
export const clock = (token: IToken, report: Report): ClockTime => {
  const [hour = 0, minute = 0] = token.image.split(':').map(Number)
  const exists = minute < 60 && hour * 60 + minute <= 1440
  if (!exists)
    fault(report, token, 'W008', `there is no time ${quote(token.image)}`, 'a day goes from `00:00` to `24:00`')
  return { kind: 'clock', text: token.image, minutes: exists ? hour * 60 + minute : 0, span: spanOf(token) }
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `mon` as 0, `sun` as 6. */
export const weekday = (token: IToken, report: Report): number => {
  const index = weekdays.indexOf(token.image)
  if (index < 0)
    fault(
      report,
      token,
      'W023',
      `${quote(token.image)} is no weekday`,
      'write `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`',
    )
  return Math.max(index, 0)
}
