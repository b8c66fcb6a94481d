import type { Operation } from '../policy/Operation.js'
import type { State } from '../policy/State.js'
import { callsIn } from './Block.js'
import { rulesFor } from './Candidates.js'
import { callsOf } from './callsOf.js'
import { edgeOf } from './Condition.js'
import { decide } from './decide.js'
import type { Frame } from './Frame.js'
import { mayHold } from './judge.js'
import type { AllowRule } from './Rule.js'
import type { Session } from './Session.js'
import { DAY, type Times, midnightOf } from './Times.js'

/**
 * The earliest moment at or after `time` (unix seconds) at which `decide` would allow the operation, if the state stayed as it is;
 * undefined where there is none in the session's life.
 */
export const nextAllowedAt = (
  session: Session,
  state: State,
  operation: Operation,
  time: number,
): number | undefined => {
  const start = Math.max(Math.ceil(time), session.from)
  if (!(start < session.until)) return undefined
  const allowed = (moment: number): boolean => decide(session, state, operation, moment).outcome === 'allow'
  if (allowed(start)) return start
  const frames = callsOf(operation.callData, operation.fees, session.internal.targets)
  if (!frames) return undefined
  // Between two edges nothing changes, so the earliest moment is an edge.
  for (const moment of edgesOf(session, state, frames, start)) if (allowed(moment)) return moment
  return undefined
}

/** Every moment after `start` at which the answer can change, in order. */
const edgesOf = (session: Session, state: State, frames: readonly Frame[], start: number): readonly number[] => {
  const { meters } = session.internal
  const timetables: Times[] = []
  const fixed = new Set([start])
  for (const frame of frames) {
    const rules = rulesFor(frame).filter((rule) => mayHold(rule, frame))
    if (rules.length === 0) return []
    for (const rule of rules) addEdges(rule, frame, timetables, fixed)
  }
  for (const { from, until } of timetables) fixed.add(from).add(until)
  // A meter is fresh from the window after the last that counts the one it was charged in, and refuses before that one.
  for (const [at, { period, looksBack }] of meters.entries())
    for (let more = 0; more <= 1 + looksBack; more++)
      fixed.add(session.from + ((state.meters[at]?.window ?? 0) + more) * period)

  const edges = new Set(fixed)
  // Hours repeat after a week, so what they open between two fixed edges, they open within a week after the first.
  const hours = new Set(timetables.flatMap((times) => (times.hours ? [times.hours.start, times.hours.end] : [])))
  for (const edge of fixed)
    for (let day = 0; day <= 7; day++) for (const second of hours) edges.add(midnightOf(edge) + day * DAY + second)
  return [...edges].filter((edge) => edge > start && edge < session.until).sort((a, b) => a - b)
}

/** The times of the rule and of its denies, its bounds on now, and the same of every rule that concerns a call inside. */
const addEdges = (rule: AllowRule, frame: Frame, timetables: Times[], fixed: Set<number>): void => {
  timetables.push(...[rule, ...rule.denies].flatMap(({ times }) => times ?? []))
  for (const condition of rule.where) {
    const edge = condition.kind === 'now' ? edgeOf(condition, frame) : undefined
    if (edge !== undefined) fixed.add(edge)
  }
  for (const block of rule.blocks ?? [])
    for (const call of callsIn(block, frame) ?? [])
      for (const inner of rulesFor(call)) addEdges(inner, call, timetables, fixed)
}
