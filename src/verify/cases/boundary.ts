import { build } from '../build.js'
import type { Context, Kind } from './Kind.js'
import type { Case } from '../Attempt.js'
import type { Rule } from '../../policy/Rule.js'
import type { Draft } from '../Draft.js'
import type { Reason } from '../reasons.js'
import type { Goal } from '../solve/flatten.js'
import { edgesOf, solveBeyond } from '../solve/solve.js'
import { touches } from '../goals.js'
import { drafted, plain } from './base.js'

const ATTEMPTS = 6

/** The allow rules whose operations a reason can decide. */
const rulesFor = ({ policy, allows }: Context, { rule }: Reason): readonly number[] => {
  const own = rule === undefined ? undefined : policy.rules[rule]
  if (rule === undefined || own === undefined) return allows
  if (own.effect === 'allow') return [rule]
  return allows.filter((index) => {
    const allow = policy.rules[index]
    return allow?.effect === 'allow' && touches(own, allow)
  })
}

/** The nested rule that a reason stands in, or that a deny rule may speak of. */
const inside = ({ policy }: Context, { inner, rule }: Reason): { readonly inner?: Rule } => {
  const own = rule === undefined ? undefined : policy.rules[rule]
  if (inner !== undefined) return { inner }
  return own?.effect === 'deny' ? { inner: own } : {}
}

/** Drafts for what a reason speaks of, each with one of the goals that are its own. */
function* draftsOf(context: Context, reason: Reason, unsolved: boolean): Generator<{ draft: Draft; goal: Goal }> {
  const { choices } = context
  const rules = rulesFor(context, reason)
  if (reason.of === undefined || rules.length === 0) return
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const draft = drafted(context, {
      rules: [choices.pick(rules)],
      decisive: reason.of,
      unsolved,
      ...inside(context, reason),
    })
    // A condition on every element is a goal for each.
    const own = draft?.goals.filter(({ of }) => of === reason.of) ?? []
    if (draft !== undefined && own.length > 0) yield { draft, goal: choices.pick(own) }
  }
}

/** An operation on either side of what one condition or limit says, everything else holding on both. */
export function* boundaryOf(context: Context, reason: Reason): Case {
  const { choices, decide } = context
  for (const { draft, goal } of draftsOf(context, reason, false)) {
    const edges = edgesOf(goal, draft.goals)
    const [edge] = edges.length > 0 ? [choices.pick(edges)] : []
    if (edge) edge.variable.value = edge.inside
    const within = build(draft)
    if (edge) edge.variable.value = edge.outside
    else if (!solveBeyond(goal, draft.goals, choices)) continue
    const beyond = build(draft)
    if (decide(within.operation, within.now).outcome !== 'allow') continue
    const note = `${reason.name}, ${edge?.variable.name ?? 'several words'}`
    yield { ...plain(beyond, `${note}: beyond`), single: edge !== undefined }
    // The denied one must not have changed anything.
    if (choices.chance(50)) yield plain(within, `${note}: at the edge`)
    return
  }
}

/** An operation beyond what one condition or limit says and never within: of another length, for instance, with all that stands behind it moved. */
export function* beyondOf(context: Context, reason: Reason): Case {
  for (const { draft, goal } of draftsOf(context, reason, true)) {
    if (!solveBeyond(goal, draft.goals, context.choices)) continue
    yield plain(build(draft), `${reason.name}: made beyond`)
    return
  }
}

/** Each comparison and limit, one unit to either side. */
export const boundary: Kind = {
  name: 'boundary of a condition or limit',
  weight: 22,
  *make(context) {
    const reasons = context.reasons.filter(({ of, kind }) => of !== undefined && kind !== 'deny' && kind !== 'nested')
    if (reasons.length > 0) yield* boundaryOf(context, context.choices.pick(reasons))
  },
}
