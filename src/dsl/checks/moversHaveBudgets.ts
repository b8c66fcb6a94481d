import { quote } from '../../diagnostic/quote.js'
import { counted } from '../resolve/Budget.js'
import type { Context } from '../resolve/Context.js'
import type { AllowDraft, Draft } from '../resolve/Draft.js'
import type { Check } from './Check.js'
import { nftFunction } from './nfts.js'

const hasBudget = (draft: Draft): boolean =>
  draft.effect === 'allow' && draft.budgets.some(({ term }) => counted(term) !== 'calls')

/** What moves tokens or ether has a budget, or says `unlimited` on purpose. */
export const moversHaveBudgets: Check = ({ context, drafts }) => {
  const budgeted = new Set(drafts.filter(hasBudget).map((draft) => draft.node))
  for (const draft of drafts) {
    if (draft.effect !== 'allow' || !draft.whole || hasBudget(draft) || !moves(draft)) continue
    const { node, callee, place } = draft
    // A rule whose budgets are all about something else has been told so.
    if (!budgeted.has(node) && node.clauses.some((clause) => clause.kind === 'budget')) continue
    const name = callee?.verb ?? callee?.name ?? 'send'
    context.report({
      code: 'W081',
      severity: 'error',
      span: node.action.span,
      message: `${quote(name)} on ${quote(place.text)} spends money and has no budget`,
      help: helpFor(draft, context),
    })
  }
}

function helpFor({ action, place, callee }: AllowDraft, { names }: Context): string {
  const spendsTarget = callee?.known?.spends.some((spending) => spending.asset === 'target') === true
  if (spendsTarget && place.token === undefined)
    return 'declare the token, `token USDC = … decimals 6`, and add `budget 100 USDC/day`'
  const declared = [...names.entities.values()].find((entity) => entity.kind === 'token')?.name
  const symbol = action.kind === 'send' ? 'ETH' : (place.token?.name ?? declared ?? 'ETH')
  return `add \`budget ${symbol === 'ETH' ? '1 ETH' : `100 ${symbol}`}/day\`, or say \`budget unlimited ${symbol}\` on purpose`
}

function moves(draft: AllowDraft): boolean {
  if (draft.action.kind === 'send') return true
  if (nftFunction(draft) !== undefined) return false
  const spends = draft.callee?.known?.spends ?? []
  // Without a budget of ether a call brings none, and a function that spends nothing else spends nothing; who names the verb means to spend.
  return spends.length > 0 && (draft.callee?.verb !== undefined || spends.some(({ asset }) => asset !== 'ETH'))
}
