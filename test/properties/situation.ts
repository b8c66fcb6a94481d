import type * as fc from 'fast-check'
import type { Binding } from '../../src/policy/Binding.js'
import type { Allowed } from '../../src/policy/Decision.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Operation } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Rule } from '../../src/policy/Rule.js'
import type { State } from '../../src/policy/State.js'
import type { Called } from '../../src/semantics/Called.js'
import { callsOf } from '../../src/semantics/callsOf.js'
import { inputsOf } from '../../src/semantics/concerns.js'
import { nestedCalls } from '../../src/semantics/nestedCalls.js'
import { decide } from '../../src/semantics/decide.js'
import { buildBinding } from '../arbitraries/binding.js'
import { buildMoments } from '../arbitraries/moment.js'
import { buildOperation } from '../arbitraries/operation.js'
import { buildPolicy } from '../arbitraries/policy.js'
import { fresh } from '../semantics/fixtures.js'
import { arbitrary, SIZE, type Size, type Source } from '../arbitraries/Source.js'

/** A policy with a session that has already done something, and an operation that comes now. */
export type Situation = {
  readonly policy: Policy
  readonly binding: Binding
  readonly state: State
  readonly operation: Operation
  readonly now: number
}

/** Situations of generated policies. */
export const situations = (): fc.Arbitrary<Situation> => arbitrary(size, (source) => buildSituation(source))

/** Situations in which the operation is allowed, with the decision. */
export const allowedSituations = (): fc.Arbitrary<Situation & { readonly allowed: Allowed }> =>
  situations()
    .map((situation) => ({ ...situation, allowed: decideIn(situation) }))
    .filter((one): one is typeof one & { allowed: Allowed } => one.allowed.outcome === 'allow')

/** Situations in which an allowed operation carries calls inside its calls, with these. */
export const carryingSituations = (): fc.Arbitrary<
  Situation & { readonly allowed: Allowed; readonly carried: readonly Carried[] }
> =>
  arbitrary(size, (source) => buildSituation(source, SIZE.carrying))
    .map((situation) => ({ ...situation, allowed: decideIn(situation) }))
    .filter((one): one is typeof one & { allowed: Allowed } => one.allowed.outcome === 'allow')
    .map((one) => ({ ...one, carried: carriedBy(one, one.allowed) }))
    .filter(({ carried }) => carried.length > 0)

/** A carried call, and where the block stands that it was judged by: a rule of the policy, and its block. */
export type Carried = { readonly call: Called; readonly rule: number; readonly block: number }

/** The calls that the operation's calls carry themselves; those deeper inside are left out. */
export const carriedBy = (situation: Situation, allowed: Allowed): readonly Carried[] => {
  const { policy, operation, now } = situation
  return (callsOf(operation.callData) ?? []).flatMap((call, index) => {
    const at = allowed.rules[index] ?? -1
    const rule = policy.rules[at]
    if (rule?.effect !== 'allow') return []
    const context = { policy, now, fees: operation.fees, call, inputs: inputsOf(rule.action), elements: [] }
    return (rule.nested ?? []).flatMap((nested, block) =>
      (nestedCalls(nested, call, context) ?? []).map((inner) => ({ call: inner, rule: at, block })),
    )
  })
}

/** The policy with another list of rules in one block. */
export const withBlock = (
  policy: Policy,
  { rule: at, block }: Pick<Carried, 'rule' | 'block'>,
  change: (rules: readonly Rule[]) => readonly Rule[],
): Policy => ({
  ...policy,
  rules: policy.rules.map((rule, index) =>
    index !== at || rule.effect !== 'allow' || rule.nested === undefined
      ? rule
      : {
          ...rule,
          nested: rule.nested.map((nested, other): Nested =>
            other === block ? { ...nested, rules: change(nested.rules) } : nested,
          ),
        },
  ),
})

/** The reference's decision. */
export const decideIn = ({ policy, binding, state, operation, now }: Situation) =>
  decide(policy, binding, state, operation, now)

/** An active session that has spent nothing. */
export { fresh as freshState } from '../semantics/fixtures.js'

/** A situation from a source of choices: up to three operations were tried before. */
export const buildSituation = (source: Source, policySize: Size = SIZE.medium): Situation => {
  const policy = buildPolicy(source, policySize)
  const binding = buildBinding(source)
  const moments = buildMoments(source, policy, 1 + source.below(4))
  let state = fresh(policy)
  for (const now of moments.slice(0, -1)) {
    const decision = decide(policy, binding, state, buildOperation(source, policy, now, binding), now)
    if (decision.outcome === 'allow') state = decision.state
  }
  const now = moments.at(-1) ?? policy.from
  return { policy, binding, state, operation: buildOperation(source, policy, now, binding), now }
}

const size = { ...SIZE.medium, choices: 1200 }
