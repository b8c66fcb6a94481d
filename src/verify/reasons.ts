import type { Condition } from '../policy/Condition.js'
import type { DenialCode } from '../policy/Denial.js'
import type { Policy } from '../policy/Policy.js'
import type { Rule, RuleTime } from '../policy/Rule.js'
import { maySpendEther } from './makeDraft.js'

/** Something in a policy that can be the one reason why an operation is denied. */
export type Reason = {
  /** For people: `rule 2: condition 1`; rules and conditions are counted from 1. */
  readonly name: string
  readonly kind:
    | 'condition'
    | 'deny'
    | 'deny condition'
    | 'time'
    | 'value'
    | 'per call'
    | 'meter'
    | 'fee condition'
    | 'paymaster'
    | 'life'
  /** The rule it stands in, if any. */
  readonly rule?: number
  /** The part itself: what a draft is told to make decisive. */
  readonly of?: object
  /** The denial that it causes. */
  readonly code: DenialCode
  /** A part of a deny rule works the other way round: an operation is allowed only because of it. */
  readonly allows: boolean
  /** The policy without it; absent for the policy's own life, without which windows would not be the same. */
  readonly without?: () => Policy
}

const replaced = (condition: Condition, part: Condition): Condition => {
  if (condition === part) return { kind: 'true' }
  if (condition.kind === 'and') return { ...condition, all: condition.all.map((each) => replaced(each, part)) }
  if (condition.kind === 'or') return { ...condition, any: condition.any.map((each) => replaced(each, part)) }
  return condition
}

/** The comparisons of conditions, each with the way to it. */
function* atomsOf(conditions: readonly Condition[], path = ''): Generator<{ path: string; atom: Condition }> {
  for (const [index, condition] of conditions.entries()) {
    const own = `${path}${index + 1}`
    if (condition.kind === 'and') yield* atomsOf(condition.all, `${own}.`)
    else if (condition.kind === 'or') yield* atomsOf(condition.any, `${own}.`)
    else if (condition.kind !== 'true') yield { path: own, atom: condition }
  }
}

const withRule = (policy: Policy, index: number, rule: Rule): Policy => ({
  ...policy,
  rules: policy.rules.with(index, rule),
})

/** The rule without one of its times. */
const timeless = (rule: Rule, key: keyof RuleTime): Rule => {
  const { from, until, hours, ...rest } = rule
  return {
    ...rest,
    ...(key !== 'from' && from !== undefined && { from }),
    ...(key !== 'until' && until !== undefined && { until }),
    ...(key !== 'hours' && hours !== undefined && { hours }),
  }
}

const timeCodes = { from: 'rule-not-yet-valid', until: 'rule-expired', hours: 'outside-hours' } as const

function* ruleReasons(policy: Policy, index: number, rule: Rule): Generator<Reason> {
  const denies = rule.effect === 'deny'
  const place = { rule: index, allows: denies }
  for (const { path, atom } of atomsOf(rule.where))
    yield {
      ...place,
      name: `rule ${index + 1}: condition ${path}`,
      kind: denies ? 'deny condition' : 'condition',
      of: atom,
      code: denies ? 'denied-by-rule' : 'condition-failed',
      without: () =>
        withRule(policy, index, { ...rule, where: rule.where.map((condition) => replaced(condition, atom)) }),
    }
  for (const key of ['from', 'until', 'hours'] as const)
    if (rule[key] !== undefined)
      yield {
        ...place,
        name: `rule ${index + 1}: ${key}`,
        kind: 'time',
        code: denies ? 'denied-by-rule' : timeCodes[key],
        without: () => withRule(policy, index, timeless(rule, key)),
      }
  if (rule.effect === 'deny') {
    const without = () => withRule(policy, index, { ...rule, where: [{ kind: 'false' }] })
    yield {
      rule: index,
      allows: false,
      name: `rule ${index + 1}: deny`,
      kind: 'deny',
      of: rule,
      code: 'denied-by-rule',
      without,
    }
    return
  }
  if (!maySpendEther(rule, policy))
    yield {
      ...place,
      name: `rule ${index + 1}: no value`,
      kind: 'value',
      code: 'value-not-allowed',
      without: () => withRule(policy, index, { ...rule, unlimited: [...rule.unlimited, 'ETH'] }),
    }
  for (const [at, charge] of rule.charges.entries())
    if (charge.kind === 'per call')
      yield {
        ...place,
        name: `rule ${index + 1}: charge ${at + 1} per call`,
        kind: 'per call',
        of: charge,
        code: 'per-call-exceeded',
        without: () =>
          withRule(policy, index, { ...rule, charges: rule.charges.with(at, { ...charge, limit: (1n << 256n) - 1n }) }),
      }
}

const UNBOUNDED = 1n << 512n

/** Everything in the policy of which the gate demands that it bites, in the order of the text. */
export function* reasonsOf(policy: Policy): Generator<Reason> {
  yield { name: 'from', kind: 'life', code: 'not-yet-valid', allows: false }
  yield { name: 'until', kind: 'life', code: 'expired', allows: false }
  const { fees, meters } = policy
  for (const { path, atom } of atomsOf(fees.where))
    yield {
      name: `fees: condition ${path}`,
      kind: 'fee condition',
      of: atom,
      code: 'fee-condition-failed',
      allows: false,
      without: () => ({
        ...policy,
        fees: { ...fees, where: fees.where.map((condition) => replaced(condition, atom)) },
      }),
    }
  if (fees.paidBy.kind !== 'unlimited')
    yield {
      name: 'fees: paymaster',
      kind: 'paymaster',
      code: 'paymaster-not-allowed',
      allows: false,
      without: () => ({ ...policy, fees: { ...fees, paidBy: { kind: 'unlimited' } } }),
    }
  for (const [index, meter] of meters.entries()) {
    const isFees = 'meter' in fees.paidBy && fees.paidBy.meter === index
    yield {
      name: `meter ${index + 1}${isFees ? ' (fees)' : ''}`,
      kind: 'meter',
      of: meter,
      code: isFees ? 'fee-exceeded' : 'meter-exceeded',
      allows: false,
      without: () => ({ ...policy, meters: meters.with(index, { ...meter, limit: UNBOUNDED }) }),
    }
  }
  for (const [index, rule] of policy.rules.entries()) yield* ruleReasons(policy, index, rule)
}
