import { counted } from '../resolve/Budget.js'
import type { Check } from './Check.js'

/** Calls and commands share the ether of the call that carries them: where that may bring none, a budget of it inside says nothing. */
export const nestedEtherIsCarried: Check = ({ context, drafts }) => {
  for (const draft of drafts) {
    const { within } = draft
    if (draft.effect !== 'allow' || within === undefined || within.form === 'multisend' || within.payable) continue
    const budget = draft.budgets.find(({ term }) => counted(term) === 'ETH')
    if (budget === undefined) continue
    context.report({
      code: 'W152',
      severity: 'error',
      span: budget.span,
      message: 'this rule budgets ETH, and the call around it may bring none',
      help: 'give the rule around a `budget 1 ETH/day` too (it counts the ether of the whole call), or leave this budget out',
    })
  }
}
