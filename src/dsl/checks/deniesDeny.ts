import { quote } from '../../diagnostic/quote.js'
import { withNested, type Draft } from '../resolve/Draft.js'
import type { Context } from '../resolve/Context.js'
import type { Check } from './Check.js'

/** A deny of what nothing allows changes nothing: often a slip in its target or function. */
export const deniesDeny: Check = ({ understood, context, top }) => {
  if (understood) check(top, context)
}

/** A deny reaches the rules beside it and what is nested in them. */
function check(rules: readonly Draft[], context: Context): void {
  for (const rule of rules) if (rule.effect === 'allow') for (const block of rule.nested) check(block.drafts, context)
  const denies = rules.filter((draft) => draft.effect === 'deny')
  if (denies.length === 0) return
  const keys = (draft: Draft) => [draft.place.address, `${draft.place.address} ${draft.callee?.selector ?? 'send'}`]
  const allowed = new Set(
    withNested(rules)
      .filter((draft) => draft.effect === 'allow')
      .flatMap(keys),
  )
  const useful = new Set(
    denies
      .filter((draft) => allowed.has(keys(draft)[draft.action.kind === 'any' ? 0 : 1] ?? ''))
      .map((draft) => draft.node),
  )
  for (const { node, place } of denies) {
    if (useful.has(node)) continue
    context.report({
      code: 'W103',
      severity: 'warning',
      span: node.action.span,
      message: `no rule allows this on ${quote(place.text)}, so that this deny changes nothing`,
      help: 'what no rule allows is denied anyway: check target and function, or leave the deny out',
    })
  }
}
