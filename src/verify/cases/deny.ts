import type { Case } from '../Attempt.js'
import { build } from '../build.js'
import { touches } from '../goals.js'
import type { Reason } from '../reasons.js'
import { drafted, plain } from './base.js'
import type { Context, Kind } from './Kind.js'

/** An operation that all would allow but for this one deny rule. */
export function* denyOf(context: Context, reason: Reason): Case {
  const { policy, allows, choices } = context
  const deny = reason.inner ?? (reason.rule === undefined ? undefined : policy.rules[reason.rule])
  if (deny?.effect !== 'deny') return
  const rules = allows.filter((index) => {
    const allow = policy.rules[index]
    return allow?.effect === 'allow' && (index === reason.rule || touches(deny, allow))
  })
  if (rules.length === 0) return
  for (let attempt = 0; attempt < 4; attempt++) {
    const draft = drafted(context, { rules: [choices.pick(rules)], decisive: deny, inner: deny })
    if (draft === undefined) continue
    yield plain(build(draft), `${reason.name} matches`)
    return
  }
}

/** Operations that an allow rule allows and a deny rule denies. */
export const deny: Kind = {
  name: 'deny rule matches',
  weight: 4,
  *make(context) {
    const reasons = context.reasons.filter(({ kind }) => kind === 'deny')
    if (reasons.length > 0) yield* denyOf(context, context.choices.pick(reasons))
  },
}
