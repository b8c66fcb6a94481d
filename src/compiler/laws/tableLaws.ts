import type { Policy } from '../../policy/Policy.js'
import { LIMIT, ROLLING, STORED } from '../layout.js'
import { wordsOf } from '../meters.js'
import type { Report } from './Report.js'

/** Tokens can be told apart and be printed. */
export const tokenLaws = ({ tokens }: Policy, report: Report): void => {
  if (tokens.length > LIMIT.tokens) report(`${tokens.length} tokens are more than ${LIMIT.tokens}`)
  const seen = new Set<string>(['eth'])
  for (const { symbol, address, decimals } of tokens) {
    if (!/^[A-Za-z][A-Za-z0-9]{0,10}$/.test(symbol)) report(`\`${symbol}\` is no symbol of a token`)
    for (const name of [symbol.toLowerCase(), address]) {
      if (seen.has(name)) report(`\`${name}\` stands twice in the tokens`)
      seen.add(name)
    }
    if (decimals !== 'base units' && !(Number.isInteger(decimals) && decimals >= 0 && decimals <= LIMIT.decimals)) {
      report(`${decimals} decimals are not 0 to ${LIMIT.decimals}`)
    }
  }
}

/** Meters fit the words of a session. */
export const meterLaws = (
  { meters, from, until }: Policy,
  assets: ReadonlyMap<string, number>,
  report: Report,
): void => {
  if (meters.length > LIMIT.meters) report(`${meters.length} meters are more than ${LIMIT.meters}`)
  for (const { counts, limit, window } of meters) {
    if (counts !== 'calls' && !assets.has(counts)) report(`a meter of ${counts}, which is none of the tokens`)
    if (limit < 0n || limit >= 1n << BigInt(LIMIT.wideLimitBits))
      report(`a limit of ${limit} is not below 2^${LIMIT.wideLimitBits}`)
    if (window.kind !== 'total' && !isPeriod(window.seconds))
      report(`a period of ${window.seconds} s is not 300 to 2^32 - 1`)
    if (window.kind === 'rolling') rollingLaws(limit, window.seconds, until - from, report)
  }
  const words = wordsOf(meters)
  if (words > LIMIT.meterWords)
    report(`the meters take ${words} words, more than the ${LIMIT.meterWords} words of a session`)
}

/** The period is cut into eight whole parts, which can be counted. */
const rollingLaws = (limit: bigint, seconds: number, life: number, report: Report): void => {
  if (limit >= 1n << BigInt(LIMIT.rollingLimitBits))
    report(`a rolling limit of ${limit} is not below 2^${LIMIT.rollingLimitBits}`)
  const part = seconds / ROLLING.parts
  if (!Number.isInteger(part)) return report(`a rolling period of ${seconds} s is no multiple of ${ROLLING.parts} s`)
  if (life > 2 ** STORED.window * part) report(`a rolling period of ${seconds} s is too short for the policy's time`)
}

const isPeriod = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= LIMIT.periodLeast && seconds < LIMIT.periodBelow
