import { quote } from '../../diagnostic/quote.js'
import type { Asset } from '../../policy/Units.js'
import { counted } from '../resolve/Budget.js'
import { domainsOf } from '../resolve/constraints.js'
import type { Context } from '../resolve/Context.js'
import type { Draft } from '../resolve/Draft.js'
import { namer } from '../resolve/expression.js'
import { spenderOf } from './approvals.js'
import type { Check } from './Check.js'

/** A contract that pulls a token needs its approval: without a rule for that, the approval must have been given before. */
export const spendersAreApproved: Check = ({ understood, context, drafts }) => {
  if (!understood) return
  const approved = approvedSpenders(drafts, context)
  for (const draft of drafts) {
    if (draft.effect !== 'allow' || !draft.whole) continue
    const { callee, place, node, budgets } = draft
    if (callee === undefined || spenderOf.has(callee.signature)) continue
    if (!callee.known?.spends.some((spending) => typeof spending.asset !== 'string')) continue
    for (const asset of new Set(budgets.map(({ term }) => counted(term)))) {
      if (asset === 'ETH' || asset === 'calls') continue
      const spenders = approved.get(asset)
      if (spenders?.has('anyone') || spenders?.has(place.address)) continue
      const symbol = namer(context)(asset)
      context.report({
        code: 'W100',
        severity: 'warning',
        span: node.action.span,
        message: `${quote(callee.verb ?? callee.name)} spends ${quote(symbol)}, but no rule approves ${quote(place.text)}`,
        help: `unless it is approved already, add \`allow approve on ${symbol} where spender == ${place.text} budget 100 ${symbol}/call\``,
      })
    }
  }
}

/** Whom the rules may approve, by token. */
function approvedSpenders(
  drafts: readonly Draft[],
  context: Context,
): ReadonlyMap<Asset | 'calls', ReadonlySet<string>> {
  const approved = new Map<Asset | 'calls', Set<string>>()
  for (const { effect, callee, place, where } of drafts) {
    const index = callee && spenderOf.get(callee.signature)
    if (effect !== 'allow' || index === undefined) continue
    const spenders = approved.get(place.address) ?? new Set()
    for (const spender of domainsOf(where, context).get(String(index))?.only ?? ['anyone']) spenders.add(spender)
    approved.set(place.address, spenders)
  }
  return approved
}
