import type { Meter } from '../policy/Meter.js'
import type { Policy } from '../policy/Policy.js'
import type { Rule, RuleTime } from '../policy/Rule.js'
import type { MeterState } from '../policy/State.js'
import type { Choices } from './Choices.js'

const DAY = 86_400

/** The UTC midnight before a moment. */
const midnightOf = (moment: number): number => Math.floor(moment / DAY) * DAY

/** Bit of the weekday in `Hours.weekdays`; 1970-01-01 was a Thursday. */
const weekdayBit = (moment: number): number => 1 << ((Math.floor(moment / DAY) + 3) % 7)

/** Whether a rule's own times hold at a moment. */
export const isActive = ({ from, until, hours }: RuleTime, now: number): boolean => {
  if ((from !== undefined && now < from) || (until !== undefined && now >= until)) return false
  if (hours === undefined) return true
  const second = now - midnightOf(now)
  return (hours.weekdays & weekdayBit(now)) !== 0 && hours.start * 60 <= second && second < hours.end * 60
}

/** Seconds of a meter's windows: of a rolling one's sub-windows, an eighth of its period; undefined for a total. */
export const windowSeconds = ({ window }: Meter): number | undefined => {
  switch (window.kind) {
    case 'total':
      return undefined
    case 'period':
      return window.seconds
    case 'rolling':
      return window.seconds / 8
    default:
      return window satisfies never
  }
}

/** The meter's window (of a rolling one the sub-window) at a moment, counted from the policy's `from`; 0 for a total. */
export const windowAt = (policy: Policy, meter: number, now: number): number => {
  const found = policy.meters[meter]
  const seconds = found && windowSeconds(found)
  return seconds === undefined ? 0 : Math.floor((now - policy.from) / seconds)
}

/** What counts against the meter's limit at a moment; undefined where a later window was charged already. */
export const spentAt = (
  policy: Policy,
  meter: number,
  state: MeterState | undefined,
  now: number,
): bigint | undefined => {
  const present = windowAt(policy, meter, now)
  const { window, spent, past } = state ?? { window: 0, spent: 0n }
  if (window > present) return undefined
  if (past === undefined) return window === present ? spent : 0n
  return [spent, ...past].slice(0, Math.max(0, 9 - (present - window))).reduce((sum, each) => sum + each, 0n)
}

/** A state of the meter in which so much counts in a window. */
export const spentIn = (meter: Meter, window: number, spent: bigint): MeterState =>
  meter.window.kind === 'rolling' ? { window, spent, past: Array.from({ length: 8 }, () => 0n) } : { window, spent }

/** The rules, and those nested in them, at every depth. */
export function* everyRule(rules: readonly Rule[]): Generator<Rule> {
  for (const rule of rules) {
    yield rule
    if (rule.effect === 'allow') for (const block of rule.nested ?? []) yield* everyRule(block.rules)
  }
}

const hourEdges = (policy: Policy, { hours }: RuleTime, days: readonly number[]): number[] =>
  hours === undefined
    ? []
    : days.flatMap((day) => {
        const midnight = midnightOf(policy.from) + day * DAY
        return [midnight, midnight + hours.start * 60, midnight + hours.end * 60]
      })

/** Moments at which something begins or ends while the policy is in force, ascending: at each, and one second before, decisions may change. */
export const timeEdges = (policy: Policy, choices: Choices): number[] => {
  const life = policy.until - policy.from
  const someDay = choices.below(Math.min(Math.floor(life / DAY) + 2, 366))
  const edges = [policy.from, policy.until]
  for (const rule of everyRule(policy.rules)) {
    if (rule.from !== undefined) edges.push(rule.from)
    if (rule.until !== undefined) edges.push(rule.until)
    edges.push(...hourEdges(policy, rule, [0, 1, someDay]))
  }
  for (const meter of policy.meters) {
    const seconds = windowSeconds(meter)
    if (seconds === undefined) continue
    const last = Math.floor((life - 1) / seconds)
    for (const k of [1, 2, 8, 9, choices.below(last + 1), last]) edges.push(policy.from + k * seconds)
  }
  return [...new Set(edges)].filter((edge) => policy.from <= edge && edge <= policy.until).sort((a, b) => a - b)
}

/** Moves a moment into a rule's times, where there is such a moment on that day or one of the next seven. */
const moved = (times: RuleTime, moment: number, choices: Choices): number => {
  const { from, until, hours } = times
  let now = moment
  if (from !== undefined && now < from) now = from
  if (until !== undefined && now >= until) now = until - 1 - choices.below(2)
  if (hours === undefined || isActive(times, now)) return now
  for (let day = 0; day < 8; day++) {
    const midnight = midnightOf(now) + day * DAY
    if ((hours.weekdays & weekdayBit(midnight)) === 0) continue
    const seconds = (hours.end - hours.start) * 60
    const inside = choices.pick([0, seconds - 1, choices.below(seconds)])
    const candidate = midnight + hours.start * 60 + inside
    if (isActive(times, candidate)) return candidate
  }
  return now
}

/** A moment not before `earliest` at which the policy and all of these rules are in force; undefined if none was found. */
export const pickMoment = (
  policy: Policy,
  times: readonly RuleTime[],
  choices: Choices,
  earliest = policy.from,
): number | undefined => {
  const start = Math.max(earliest, policy.from)
  if (start >= policy.until) return undefined
  for (let attempt = 0; attempt < 8; attempt++) {
    let now = start
    switch (choices.below(4)) {
      case 0:
        break
      case 1:
        now = start + choices.below(policy.until - start)
        break
      case 2:
        now = policy.until - 1
        break
      default: {
        const edge = choices.pick(timeEdges(policy, choices))
        now = edge - choices.below(2)
      }
    }
    // Twice, because what suits the last rule may not suit the first.
    for (const rule of [...times, ...times]) now = moved(rule, now, choices)
    const inForce = start <= now && now < policy.until
    if (inForce && times.every((rule) => isActive(rule, now))) return now
  }
  return undefined
}
