import { quote } from '../../diagnostic/quote.js'
import type { Draft } from '../resolve/Draft.js'
import type { Check } from './Check.js'

/** A deny of what nothing allows changes nothing: often a slip in its target or function. */
export const deniesDeny: Check = ({ understood, context, drafts }) => {
  if (!understood) return
  const keys = (draft: Draft) => [draft.place.address, `${draft.place.address} ${draft.callee?.selector ?? 'send'}`]
  const allowed = new Set(drafts.filter((draft) => draft.effect === 'allow').flatMap(keys))
  const denies = drafts.filter((draft) => draft.effect === 'deny')
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
