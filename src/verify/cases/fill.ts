import type { Rule } from '../../policy/Rule.js'
import type { Case } from '../Attempt.js'
import { build } from '../build.js'
import { everyRule, spentIn, windowAt } from '../moments.js'
import type { Reason } from '../reasons.js'
import { edgesOf } from '../solve/solve.js'
import { allowedBase, drafted, mutant, pickRules, plain } from './base.js'
import type { Context, Kind } from './Kind.js'

const charges = (rule: Rule, meter: number): boolean =>
  rule.effect === 'allow' && rule.charges.some((charge) => charge.kind === 'meter' && charge.meter === meter)

const rulesCharging = ({ policy, allows }: Context, meter: number): readonly number[] => {
  const { paidBy } = policy.fees
  if ('meter' in paidBy && paidBy.meter === meter) return allows
  return allows.filter((index) => {
    const rule = policy.rules[index]
    return rule !== undefined && [...everyRule([rule])].some((each) => charges(each, meter))
  })
}

/** The meter has just so much left that the operation fits, then one unit less. */
function* byPreset(context: Context, meter: number, rules: readonly number[]): Case {
  const { policy, choices, state } = context
  const base = allowedBase(context, { rules: [choices.pick(rules)] })
  const amount = base?.decision.charges.find((charge) => charge.meter === meter)?.amount
  const found = policy.meters[meter]
  if (base === undefined || amount === undefined || found === undefined || amount === 0n) return
  const { limit } = found
  const window = windowAt(policy, meter, base.built.now)
  const preset = (spent: bigint) =>
    ({ kind: 'meters', meters: state().meters.with(meter, spentIn(found, window, spent)) }) as const
  yield preset(limit - amount + 1n)
  yield mutant(base, 'one unit more than is left', {})
  yield preset(limit - amount)
  yield plain(base.built, 'exactly what is left')
  yield mutant(base, 'the same again, nothing is left', {})
}

/** Two operations that fill the meter exactly, then one more; the second one unit too large first. */
function* byAmounts(context: Context, meter: number, rules: readonly number[]): Case {
  const { policy, choices } = context
  const decisive = policy.meters[meter]
  if (decisive === undefined) return
  const calls = choices.pick([1, 1, 2, 3])
  const chosen = [choices.pick(rules), ...pickRules(context, calls - 1)]
  const first = allowedBase(context, { rules: [choices.pick(rules)] })
  if (first === undefined) return
  const { now } = first.built
  const begun = yield plain(first.built, 'a first charge')
  if (begun.outcome === 'deny') return
  for (let attempt = 0; attempt < 4; attempt++) {
    const draft = drafted(context, { rules: chosen, now, decisive, sponsored: false })
    const goal = draft?.goals.find(({ of }) => of === decisive)
    if (draft === undefined || goal === undefined) continue
    const edges = edgesOf(goal, draft.goals)
    if (edges.length === 0) continue
    const { variable, inside, outside } = choices.pick(edges)
    variable.value = inside
    const full = build(draft)
    if (context.decide(full.operation, now).outcome !== 'allow') continue
    variable.value = outside
    yield mutant({ built: build(draft) }, 'one unit over the limit', {})
    const filled = yield plain(full, 'fills the meter exactly')
    if (filled.outcome === 'allow') yield plain(full, 'after the meter was filled')
    return
  }
}

/** An operation that fits exactly into what a meter has left, and one that is one unit too large. */
export function* fillOf(context: Context, reason: Reason): Case {
  const meter = context.policy.meters.findIndex((each) => each === reason.of)
  const rules = rulesCharging(context, meter)
  if (meter < 0 || rules.length === 0) return
  if (context.choices.chance(50)) yield* byAmounts(context, meter, rules)
  else yield* byPreset(context, meter, rules)
}

/** Sequences that fill a budget or a limit. */
export const fill: Kind = {
  name: 'filling a meter',
  weight: 10,
  *make(context) {
    const meters = context.reasons.filter(({ kind }) => kind === 'meter')
    if (meters.length > 0) yield* fillOf(context, context.choices.pick(meters))
  },
}
