import { type Condition, edgeOf, holds } from './Condition.js'
import type { Frame } from './Frame.js'
import type { AllowRule, DenyRule } from './Rule.js'
import { type Amount, readAmount } from './Sum.js'
import { type Interval, isInTimes, narrow, narrowToGap, narrowToTimes } from './Times.js'

/** Of a rule that holds, the amounts that its charges of meters count, in their order; otherwise the first point at which it does not hold. */
export type Judgement = readonly bigint[] | Failure

export type Failure =
  | { readonly kind: 'value' | 'times' | 'unreadable' }
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'denied'; readonly by: DenyRule }
  | { readonly kind: 'per call'; readonly counts: Amount; readonly limit: bigint; readonly amount: bigint }

export const isFailure = (judgement: Judgement): judgement is Failure => !Array.isArray(judgement)

/** Judges a call by a rule of its target and selector, in this order: value, times, conditions, denies, amounts. */
export const judge = (rule: AllowRule, frame: Frame, now: number): Judgement => {
  if (!rule.value && !frame.noValue) return { kind: 'value' }
  if (rule.times && !isInTimes(rule.times, now)) return { kind: 'times' }
  for (const condition of rule.where) if (!holds(condition, frame, now, false)) return { kind: 'condition', condition }
  for (const deny of rule.denies) if (matches(deny, frame, now)) return { kind: 'denied', by: deny }
  return count(rule, frame)
}

const count = (rule: AllowRule, frame: Frame): Judgement => {
  const amounts: bigint[] = []
  for (const { amount } of rule.charges) {
    const counted = readAmount(amount, frame)
    if (counted === undefined) return { kind: 'unreadable' }
    amounts.push(counted)
  }
  let exceeded: Failure | undefined
  for (const { limit, amount } of rule.perCall) {
    const counted = readAmount(amount, frame)
    if (counted === undefined) return { kind: 'unreadable' }
    if (counted > limit) exceeded ??= { kind: 'per call', counts: amount, limit, amount: counted }
  }
  return exceeded ?? amounts
}

const matches = (deny: DenyRule, frame: Frame, now: number): boolean =>
  (!deny.times || isInTimes(deny.times, now)) && conditionsMatch(deny, frame, now)

const conditionsMatch = ({ where }: DenyRule, frame: Frame, now: number): boolean => {
  for (const condition of where) if (!holds(condition, frame, now, true)) return false
  return true
}

/** Whether there may be a moment at which the rule holds for the call: whatever does not depend on time holds now. */
export const mayHold = (rule: AllowRule, frame: Frame): boolean =>
  (rule.value || frame.noValue) &&
  rule.where.every((condition) => condition.kind === 'now' || holds(condition, frame, 0, false)) &&
  !rule.denies.some((deny) => !deny.times && conditionsMatch(deny, frame, 0)) &&
  !isFailure(count(rule, frame))

/** Narrows the interval to where a rule that holds now still holds for the same call. */
export const narrowToRule = (
  interval: Interval,
  { rule, frame }: { readonly rule: AllowRule; readonly frame: Frame },
  now: number,
): void => {
  if (rule.times) narrowToTimes(interval, rule.times, now)
  for (const condition of rule.where) {
    if (condition.kind !== 'now') continue
    const edge = edgeOf(condition, frame)
    if (edge !== undefined) narrow(interval, condition.atMost ? edge : -Infinity, condition.atMost ? Infinity : edge)
  }
  for (const deny of rule.denies)
    if (deny.times && conditionsMatch(deny, frame, now)) narrowToGap(interval, deny.times, now)
}
