import type { Denial, DenialCode } from '../policy/Denial.js'
import { NESTED } from '../compiler/layout.js'
import type { Block } from './Block.js'
import { candidatesFor } from './Candidates.js'
import { type NestedFailure, examine, firstOfAll, isWellFormed } from './choose.js'
import { describe, nameOfAmount, nameOfBytes, nameOfCollection } from './describe.js'
import { edgeOf } from './Condition.js'
import type { Frame } from './Frame.js'
import type { Failure } from './judge.js'
import type { AllowRule } from './Rule.js'
import type { Session } from './Session.js'
import { nextInTimes, nextOutOfTimes } from './nextMoment.js'

type Facts = Omit<Denial, 'code' | 'retry'>
type Draft = { -readonly [Key in keyof Denial]: Denial[Key] }

/** One reason, with what the one who asked can do about it. Written out, since spreading objects is slow. */
export const denial = (code: DenialCode, retry: Denial['retry'], facts: Facts = {}): Draft => {
  const made: Draft = { code, retry }
  if (facts.callIndex !== undefined) made.callIndex = facts.callIndex
  if (facts.rule !== undefined) made.rule = facts.rule
  if (facts.path !== undefined) made.path = facts.path
  if (facts.expected !== undefined) made.expected = facts.expected
  if (facts.actual !== undefined) made.actual = facts.actual
  if (facts.remaining !== undefined) made.remaining = facts.remaining
  if (facts.retryAt !== undefined) made.retryAt = facts.retryAt
  return made
}

/** Later, where there is a moment in the session's life; otherwise what `otherwise` says. */
export const laterOr = (
  code: DenialCode,
  otherwise: Denial['retry'],
  retryAt: number | undefined,
  session: Session,
  facts: Facts,
): Denial => {
  if (retryAt === undefined || retryAt >= session.until) return denial(code, otherwise, facts)
  const made = denial(code, 'later', facts)
  made.retryAt = Math.max(retryAt, session.from)
  return made
}

/** Why the rule does not hold for the call. */
export const denialOf = (
  session: Session,
  rule: AllowRule,
  failure: Failure | NestedFailure,
  frame: Frame,
  callIndex: number,
  now: number,
): Denial => {
  const facts: { -readonly [Key in keyof Facts]: Facts[Key] } = { callIndex, rule: rule.index }
  switch (failure.kind) {
    case 'value': {
      facts.path = 'call.value'
      facts.expected = '0'
      facts.actual = String(BigInt(`0x${frame.text.slice(frame.valueAt, frame.valueAt + 64)}`))
      return denial('value-not-allowed', 'change-args', facts)
    }
    case 'times': {
      const from = rule.times?.from ?? session.from
      const until = rule.times?.until ?? session.until
      if (now < from) return laterOr('rule-not-yet-valid', 'ask-owner', from, session, facts)
      if (now >= until) return denial('rule-expired', 'ask-owner', facts)
      const next = rule.times && nextInTimes(rule.times, now)
      return laterOr('outside-hours', 'ask-owner', next, session, facts)
    }
    case 'condition': {
      const { condition } = failure
      const { path, expected, actual } = describe(condition, frame, now)
      if (path !== undefined) facts.path = path
      facts.expected = expected
      if (actual !== undefined) facts.actual = actual
      const edge = condition.kind === 'now' && condition.atMost ? edgeOf(condition, frame) : undefined
      return laterOr('condition-failed', condition.kind === 'false' ? 'never' : 'change-args', edge, session, facts)
    }
    case 'denied': {
      const { by } = failure
      const next = by.times && nextOutOfTimes(by.times, now)
      const otherwise = by.where.length > 0 ? 'change-args' : 'never'
      return laterOr('denied-by-rule', otherwise, next, session, { callIndex, rule: by.index })
    }
    case 'unreadable':
      facts.path = [...rule.charges, ...rule.perCall].map(({ amount }) => nameOfAmount(amount, frame)).join(', ')
      return denial('amount-unreadable', 'change-args', facts)
    case 'per call':
      facts.path = nameOfAmount(failure.counts, frame)
      facts.expected = `<= ${failure.limit}`
      facts.actual = String(failure.amount)
      facts.remaining = String(failure.limit)
      return denial('per-call-exceeded', 'change-args', facts)
    case 'nested': {
      const { block, element } = failure
      const inner = failure.frame
        ? reasonOf(session, failure.frame, callIndex, now)
        : denial('malformed-operation', 'change-args')
      facts.path = nameOfBlock(block, frame) + (element === undefined ? '' : `[${element}]`)
      if (inner.expected !== undefined) facts.expected = inner.path ? `${inner.path} ${inner.expected}` : inner.expected
      facts.actual = inner.code
      return inner.retry === 'ask-owner'
        ? denial('nested-call-denied', 'ask-owner', facts)
        : laterOr('nested-call-denied', 'change-args', inner.retryAt, session, facts)
    }
    default:
      return failure satisfies never
  }
}

/** Why no rule speaks of the call. */
export const unmatched = ({ internal: { forbidden } }: Session, frame: Frame, callIndex: number): Denial => {
  const { text, to, dataAt, dataEnd } = frame
  // Forbidden targets have no rules here, whatever the grant says.
  if (forbidden.has(to)) return denial('forbidden-target', 'never', { callIndex, actual: `0x${to}` })
  const selector = text.slice(dataAt, Math.min(dataAt + 8, dataEnd))
  return denial('no-rule', 'ask-owner', { callIndex, actual: `0x${to} 0x${selector}` })
}

/** Why no rule allows a nested call: what the first that concerns it says. */
const reasonOf = (session: Session, frame: Frame, callIndex: number, now: number): Denial => {
  const some = candidatesFor(frame)
  const first = some && firstOfAll(some)
  if (!first) return unmatched(session, frame, callIndex)
  const answer = isWellFormed(some, frame) && examine(first, frame, now)
  return answer && 'kind' in answer
    ? denialOf(session, first, answer, frame, callIndex, now)
    : denial('malformed-operation', 'change-args')
}

const nameOfBlock = ({ form, bytes, list }: Block, frame: Frame): string => {
  if (form !== NESTED.calls && bytes) return nameOfBytes(bytes, frame)
  return list ? nameOfCollection(list, frame) : ''
}
