import type * as fc from 'fast-check'
import type { Binding } from '../../src/policy/Binding.js'
import type { Allowed } from '../../src/policy/Decision.js'
import type { Operation } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { State } from '../../src/policy/State.js'
import { decide } from '../../src/semantics/decide.js'
import { buildBinding } from '../arbitraries/binding.js'
import { buildMoments } from '../arbitraries/moment.js'
import { buildOperation } from '../arbitraries/operation.js'
import { buildPolicy } from '../arbitraries/policy.js'
import { fresh } from '../semantics/fixtures.js'
import { arbitrary, SIZE, type Source } from '../arbitraries/Source.js'

/** A policy with a session that has already done something, and an operation that comes now. */
export type Situation = {
  readonly policy: Policy
  readonly binding: Binding
  readonly state: State
  readonly operation: Operation
  readonly now: number
}

/** Situations of generated policies. */
export const situations = (): fc.Arbitrary<Situation> => arbitrary(size, buildSituation)

/** Situations in which the operation is allowed, with the decision. */
export const allowedSituations = (): fc.Arbitrary<Situation & { readonly allowed: Allowed }> =>
  situations()
    .map((situation) => ({ ...situation, allowed: decideIn(situation) }))
    .filter((one): one is typeof one & { allowed: Allowed } => one.allowed.outcome === 'allow')

/** The reference's decision. */
export const decideIn = ({ policy, binding, state, operation, now }: Situation) =>
  decide(policy, binding, state, operation, now)

/** An active session that has spent nothing. */
export { fresh as freshState } from '../semantics/fixtures.js'

/** A situation from a source of choices: up to three operations were tried before. */
export const buildSituation = (source: Source): Situation => {
  const policy = buildPolicy(source, SIZE.medium)
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
