import type { Case } from './Attempt.js'
import { allowedBase, mutant } from './cases/base.js'
import { beyondOf, boundaryOf } from './cases/boundary.js'
import { denyOf } from './cases/deny.js'
import { expiry } from './cases/expiry.js'
import { fillOf } from './cases/fill.js'
import { intervalOf } from './cases/interval.js'
import type { Context, Kind } from './cases/Kind.js'
import { nestedOf } from './cases/nested.js'
import { paymaster } from './cases/paymaster.js'
import { valueFor } from './cases/value.js'
import { touches } from './goals.js'
import type { Reason } from './reasons.js'

/** A rule's own times: operations of the rules that it speaks of, one second around what the times allow. */
function* timesOf(context: Context, { rule: index, inner }: Reason): Case {
  const { policy, allows, choices } = context
  const rule = inner ?? (index === undefined ? undefined : policy.rules[index])
  if (index === undefined || rule === undefined) return
  const rules = allows.filter((each) => {
    const allow = policy.rules[each]
    return each === index || (rule.effect === 'deny' && allow?.effect === 'allow' && touches(rule, allow))
  })
  if (rules.length === 0) return
  const chosen = [choices.pick(rules)]
  const wanted = inner || rule.effect === 'deny' ? { inner: rule } : {}
  const edges = [rule.from, rule.until].filter((edge) => edge !== undefined)
  if (edges.length > 0 && choices.chance(60)) {
    const edge = choices.pick(edges)
    const [inside, outside] = choices.chance(50) ? [edge, edge - 1] : [edge - 1, edge]
    const base = allowedBase(context, { rules: chosen, now: inside, ...wanted })
    if (base) yield mutant(base, 'one second over a rule’s time', { now: outside })
    return
  }
  yield* intervalOf(context, { rules: chosen, ...wanted })
}

const caseFor = (context: Context, reason: Reason): Case => {
  switch (reason.kind) {
    case 'condition':
    case 'deny condition':
    case 'per call':
    case 'fee condition':
      return context.choices.chance(50) ? boundaryOf(context, reason) : beyondOf(context, reason)
    case 'deny':
      return denyOf(context, reason)
    case 'meter':
      return fillOf(context, reason)
    case 'nested':
      return nestedOf(context, reason)
    case 'value':
      return valueFor(context, reason)
    case 'paymaster':
      return paymaster.make(context)
    case 'life':
      return expiry.make(context)
    case 'time':
      return timesOf(context, reason)
    default:
      return reason.kind satisfies never
  }
}

/** Cases made to show that one part of the policy alone can deny. */
export const directedAt = (reason: Reason): Kind => ({
  name: 'made for coverage',
  weight: 0,
  make: (context) => caseFor(context, reason),
})
