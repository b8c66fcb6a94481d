import type { Denial, DenialCode } from '../policy/Denial.js'
import { describe, nameOfAmount } from './describe.js'
import { edgeOf } from './Condition.js'
import type { Frame } from './Frame.js'
import type { Failure } from './judge.js'
import type { AllowRule } from './Rule.js'
import type { Session } from './Session.js'
import { nextInTimes, nextOutOfTimes } from './nextMoment.js'

type Facts = Omit<Denial, 'code' | 'retry'>

/** One reason, with what the one who asked can do about it. */
export const denial = (code: DenialCode, retry: Denial['retry'], facts: Facts = {}): Denial => ({
  code,
  ...facts,
  retry,
})

/** Later, where there is a moment in the session's life; otherwise the owner has to be asked. */
export const laterOr = (
  code: DenialCode,
  otherwise: Denial['retry'],
  retryAt: number | undefined,
  session: Session,
  facts: Facts,
): Denial =>
  retryAt !== undefined && retryAt < session.until
    ? denial(code, 'later', { ...facts, retryAt: Math.max(retryAt, session.from) })
    : denial(code, otherwise, facts)

/** Why the rule does not hold for the call. */
export const denialOf = (
  session: Session,
  rule: AllowRule,
  failure: Failure,
  frame: Frame,
  callIndex: number,
  now: number,
): Denial => {
  const facts = { callIndex, rule: rule.index }
  switch (failure.kind) {
    case 'value': {
      const actual = String(BigInt(`0x${frame.text.slice(frame.valueAt, frame.valueAt + 64)}`))
      return denial('value-not-allowed', 'change-args', { ...facts, path: 'call.value', expected: '0', actual })
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
      const told = { ...facts, ...describe(condition, frame, now) }
      const edge = condition.kind === 'now' && condition.atMost ? edgeOf(condition, frame) : undefined
      return laterOr('condition-failed', condition.kind === 'false' ? 'never' : 'change-args', edge, session, told)
    }
    case 'denied': {
      const { by } = failure
      const next = by.times && nextOutOfTimes(by.times, now)
      const otherwise = by.where.length > 0 ? 'change-args' : 'never'
      return laterOr('denied-by-rule', otherwise, next, session, { callIndex, rule: by.index })
    }
    case 'unreadable':
      return denial('amount-unreadable', 'change-args', {
        ...facts,
        path: [...rule.charges, ...rule.perCall].map(({ amount }) => nameOfAmount(amount)).join(', '),
      })
    case 'per call':
      return denial('per-call-exceeded', 'change-args', {
        ...facts,
        path: nameOfAmount(failure.counts),
        expected: `<= ${failure.limit}`,
        actual: String(failure.amount),
        remaining: String(failure.limit),
      })
    default:
      return failure satisfies never
  }
}
