import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Condition } from '../../src/policy/Condition.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, Charge, DenyRule, Rule } from '../../src/policy/Rule.js'
import { buildDeny, type RuleWorld } from '../arbitraries/rule.js'
import { arbitrary, SIZE, Source } from '../arbitraries/Source.js'
import { buildSituation, decideIn } from './situation.js'

const edit = (policy: Policy, index: number, change: (rule: AllowRule) => AllowRule): Policy => ({
  ...policy,
  rules: policy.rules.map((rule, at) => (at === index && rule.effect === 'allow' ? change(rule) : rule)),
})

/** Conditions of the policy's own rules of the same function, and their opposites, so that they are about something. */
const conditionsFor = (policy: Policy, rule: AllowRule): readonly Condition[] => {
  const alike = policy.rules.filter((other) => sameInputs(other, rule)).flatMap(({ where }) => where)
  return [...alike, ...alike.flatMap(opposite), { kind: 'true' }, { kind: 'false' }]
}

const sameInputs = (a: Rule, b: Rule): boolean =>
  a.action.kind === 'call' && b.action.kind === 'call'
    ? JSON.stringify(a.action.inputs) === JSON.stringify(b.action.inputs)
    : a.action.kind === b.action.kind

const opposites = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const
const opposite = (condition: Condition): Condition[] =>
  condition.kind === 'compare'
    ? [{ ...condition, operator: opposites[condition.operator] }]
    : condition.kind === 'member'
      ? [{ ...condition, negated: !condition.negated }]
      : []

const lower = (source: Source, limit: bigint): bigint =>
  source.pick([limit / 2n, limit > 0n ? limit - 1n : 0n, 0n, limit / 10n])

const kinds = [
  'condition',
  'hours',
  'times',
  'deny',
  'limit',
  'per call',
  'no value',
  'sponsor',
  'fee condition',
] as const
const kindsInside = ['condition inside', 'deny inside', 'fewer inside'] as const

/** The policy with one thing tightened. */
const tighten = (source: Source, policy: Policy, now: number): { kind: string; policy: Policy } => {
  const allows = policy.rules.flatMap((rule, index) => (rule.effect === 'allow' ? [index] : []))
  const index = source.pick(allows)
  const rule = policy.rules[index]
  if (rule?.effect !== 'allow') throw new Error('an allow rule was picked')
  const kind = source.pick(rule.nested !== undefined && source.chance(60) ? kindsInside : kinds)
  switch (kind) {
    case 'condition': {
      const condition = source.pick(conditionsFor(policy, rule))
      const where = [...rule.where]
      where.splice(source.below(where.length + 1), 0, condition)
      return { kind, policy: edit(policy, index, () => ({ ...rule, where })) }
    }
    case 'hours': {
      if (rule.hours !== undefined) {
        const { start, end, weekdays } = rule.hours
        const hours = {
          start,
          end: start + 1 + source.below(end - start),
          weekdays: weekdays & source.pick([31, 96, 127]),
        }
        return { kind, policy: edit(policy, index, () => ({ ...rule, hours })) }
      }
      const start = source.below(1440)
      const hours = { start, end: start + 1 + source.below(1440 - start), weekdays: source.pick([127, 31, 1]) }
      return { kind, policy: edit(policy, index, () => ({ ...rule, hours })) }
    }
    case 'times': {
      const from = Math.max(rule.from ?? policy.from, now + source.pick([-1, 0, 1]))
      const until = Math.min(rule.until ?? policy.until, now + source.pick([0, 1, 2]))
      return { kind, policy: edit(policy, index, () => ({ ...rule, ...(source.chance(50) ? { from } : { until }) })) }
    }
    case 'deny': {
      const world: RuleWorld = {
        ...policy,
        functions: policy.rules.flatMap(({ action }) => (action.kind === 'call' ? [action] : [])),
        commands: [],
        targets: policy.rules.map(({ target }) => target),
      }
      const deny =
        world.functions.length > 0 && source.chance(50)
          ? buildDeny(source, world, SIZE.small)
          : {
              effect: 'deny' as const,
              target: rule.target,
              action: rule.action,
              where: rule.where.flatMap(opposite).slice(0, 1),
            }
      const rules = [...policy.rules]
      rules.splice(source.below(rules.length + 1), 0, deny)
      return { kind, policy: { ...policy, rules } }
    }
    case 'limit': {
      const at = source.below(Math.max(1, policy.meters.length))
      const meters = policy.meters.map((meter, i) =>
        i === at ? { ...meter, limit: lower(source, meter.limit) } : meter,
      )
      return { kind, policy: { ...policy, meters } }
    }
    case 'per call': {
      const charges = rule.charges.map((charge): Charge =>
        charge.kind === 'per call' ? { ...charge, limit: lower(source, charge.limit) } : charge,
      )
      return { kind, policy: edit(policy, index, () => ({ ...rule, charges })) }
    }
    case 'no value':
      return { kind, policy: edit(policy, index, () => ({ ...rule, unlimited: [] })) }
    case 'sponsor': {
      const { paidBy } = policy.fees
      if (paidBy.kind !== 'budget or sponsored') return { kind, policy }
      return { kind, policy: { ...policy, fees: { ...policy.fees, paidBy: { kind: 'sponsored', by: paidBy.by } } } }
    }
    case 'fee condition': {
      const condition: Condition = { kind: source.pick(['false', 'true']) }
      return { kind, policy: { ...policy, fees: { ...policy.fees, where: [...policy.fees.where, condition] } } }
    }
    case 'condition inside':
    case 'deny inside':
    case 'fewer inside':
      return { kind, policy: edit(policy, index, (outer) => tightenInside(source, outer, kind)) }
    default:
      return kind satisfies never
  }
}

/** The rule with one thing tightened about the calls that it carries, at some depth. */
const tightenInside = (source: Source, rule: AllowRule, kind: (typeof kindsInside)[number]): AllowRule => {
  if (rule.nested === undefined) return rule
  const nested = rule.nested.map((block): Nested => {
    const at = source.below(block.rules.length)
    const picked = block.rules[at]
    if (picked?.effect !== 'allow') return block
    if (picked.nested !== undefined && source.chance(50)) {
      const deeper = tightenInside(source, picked, kind)
      return { ...block, rules: block.rules.map((inner, index) => (index === at ? deeper : inner)) }
    }
    const where: Condition[] = [{ kind: source.pick(['false', 'true']) }]
    switch (kind) {
      case 'condition inside': {
        const tight: AllowRule = { ...picked, where: [...picked.where, ...where] }
        return { ...block, rules: block.rules.map((inner, index) => (index === at ? tight : inner)) }
      }
      case 'deny inside': {
        const deny: DenyRule = { effect: 'deny', target: picked.target, action: picked.action, where }
        return { ...block, rules: [deny, ...block.rules] }
      }
      case 'fewer inside':
        return { ...block, rules: block.rules.filter((_, index) => index !== at) }
      default:
        return kind satisfies never
    }
  })
  return { ...rule, nested }
}

const situationsOf = arbitrary({ ...SIZE.medium, choices: 1500 }, (source) =>
  buildSituation(source, source.chance(50) ? SIZE.carrying : SIZE.medium),
)
// Choices of its own, for the situation may have used up its list.
const choices = fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 60, maxLength: 60 })
const pairs = fc.tuple(situationsOf, choices).map(([loose, list]) => {
  const tightened = tighten(new Source(list), loose.policy, loose.now)
  return { loose, kind: tightened.kind, tight: { ...loose, policy: tightened.policy } }
})

test('what a tightened policy allows from some state, the looser one allows from the same state', () => {
  const turned = new Map<string, number>()
  fc.assert(
    fc.property(pairs, ({ loose, kind, tight }) => {
      const before = decideIn(loose).outcome
      const after = decideIn(tight).outcome
      if (before === 'allow' && after === 'deny') turned.set(kind, (turned.get(kind) ?? 0) + 1)
      expect([before, after]).not.toEqual(['deny', 'allow'])
    }),
    { numRuns: 1000 },
  )
  // Tightening did something: most ways of it turned an allowed operation into a denied one.
  expect(turned.size).toBeGreaterThanOrEqual(7)
  for (const kind of kindsInside) expect([...turned.keys()]).toContain(kind)
})
