import type { Condition } from '../policy/Condition.js'
import type { DenialCode } from '../policy/Denial.js'
import type { Nested } from '../policy/Nested.js'
import type { Policy } from '../policy/Policy.js'
import type { AllowRule, Rule, RuleTime } from '../policy/Rule.js'
import { maySpendEther } from './makeDraft.js'
import { partsOf } from './solve/flatten.js'

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
    | 'nested'
    | 'meter'
    | 'fee condition'
    | 'paymaster'
    | 'life'
  /** The rule it stands in, if any; of a nested rule the one of the policy around it. */
  readonly rule?: number
  /** The nested rule it stands in, if any. */
  readonly inner?: Rule
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
  const inside = (conditions: readonly Condition[]): readonly Condition[] =>
    conditions.map((each) => replaced(each, part))
  switch (condition.kind) {
    case 'and':
      return { ...condition, all: inside(condition.all) }
    case 'or':
      return { ...condition, any: inside(condition.any) }
    case 'every':
    case 'any':
      return { ...condition, body: inside(condition.body) }
    default:
      return condition
  }
}

/** The comparisons of conditions, each with the way to it; a quantifier's are those of its body. */
function* atomsOf(conditions: readonly Condition[], path = ''): Generator<{ path: string; atom: Condition }> {
  for (const [index, condition] of conditions.entries()) {
    const own = `${path}${index + 1}`
    const parts = partsOf(condition)
    if (parts.length > 0) yield* atomsOf(parts, `${own}.`)
    else if (condition.kind !== 'true') yield { path: own, atom: condition }
  }
}

/** A rule of the policy, or one nested in it, and the policy with another in its place. */
type Place = {
  readonly name: string
  readonly index: number
  readonly rule: Rule
  /** The form of the block around it; absent for a rule of the policy itself. */
  readonly form?: Nested['form']
  readonly put: (rule: Rule) => Policy
}

function* placesOf(policy: Policy): Generator<Place> {
  for (const [index, rule] of policy.rules.entries())
    yield* placesIn({
      name: `rule ${index + 1}`,
      index,
      rule,
      put: (other) => ({ ...policy, rules: policy.rules.with(index, other) }),
    })
}

function* placesIn(place: Place): Generator<Place> {
  yield place
  const { rule, index, put } = place
  if (rule.effect === 'deny') return
  for (const [at, block] of (rule.nested ?? []).entries())
    for (const [number, inner] of block.rules.entries())
      yield* placesIn({
        name: `${place.name}: call rule ${number + 1}${(rule.nested ?? []).length > 1 ? ` of list ${at + 1}` : ''}`,
        index,
        rule: inner,
        form: block.form,
        put: (other) =>
          put({ ...rule, nested: (rule.nested ?? []).with(at, { ...block, rules: block.rules.with(number, other) }) }),
      })
}

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

function* ruleReasons(policy: Policy, { name, index, rule, form, put }: Place): Generator<Reason> {
  const denies = rule.effect === 'deny'
  const nested = form !== undefined
  const place = { rule: index, allows: denies, ...(nested && { inner: rule }) }
  const coded = (code: DenialCode): DenialCode => (nested ? 'nested-call-denied' : code)
  for (const { path, atom } of atomsOf(rule.where))
    yield {
      ...place,
      name: `${name}: condition ${path}`,
      kind: denies ? 'deny condition' : 'condition',
      of: atom,
      code: coded(denies ? 'denied-by-rule' : 'condition-failed'),
      without: () => put({ ...rule, where: rule.where.map((condition) => replaced(condition, atom)) }),
    }
  for (const key of ['from', 'until', 'hours'] as const)
    if (rule[key] !== undefined)
      yield {
        ...place,
        name: `${name}: ${key}`,
        kind: 'time',
        code: coded(denies ? 'denied-by-rule' : timeCodes[key]),
        without: () => put(timeless(rule, key)),
      }
  if (rule.effect === 'deny') {
    yield {
      ...place,
      allows: false,
      name: `${name}: deny`,
      kind: 'deny',
      of: rule,
      code: coded('denied-by-rule'),
      without: () => put({ ...rule, where: [{ kind: 'false' }] }),
    }
    return
  }
  // In other lists the calls inside have no value of their own.
  if (!maySpendEther(rule, policy) && (form === undefined || form === 'multisend'))
    yield {
      ...place,
      name: `${name}: no value`,
      kind: 'value',
      code: coded('value-not-allowed'),
      without: () => put({ ...rule, unlimited: [...rule.unlimited, 'ETH'] }),
    }
  for (const [at, charge] of rule.charges.entries())
    if (charge.kind === 'per call')
      yield {
        ...place,
        name: `${name}: charge ${at + 1} per call`,
        kind: 'per call',
        of: charge,
        code: coded('per-call-exceeded'),
        without: () => put({ ...rule, charges: rule.charges.with(at, { ...charge, limit: (1n << 256n) - 1n }) }),
      }
  for (const [at, block] of (rule.nested ?? []).entries())
    yield {
      ...place,
      name: `${name}: calls inside${(rule.nested ?? []).length > 1 ? `, list ${at + 1}` : ''}`,
      kind: 'nested',
      of: block,
      code: 'nested-call-denied',
      without: () => put(withoutBlock(rule, at)),
    }
}

const withoutBlock = ({ nested = [], ...rule }: AllowRule, at: number): AllowRule => {
  const others = nested.filter((_, index) => index !== at)
  return others.length > 0 ? { ...rule, nested: others } : rule
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
  for (const place of placesOf(policy)) yield* ruleReasons(policy, place)
}
