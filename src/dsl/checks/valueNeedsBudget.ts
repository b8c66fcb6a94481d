import type { Condition } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import { counted } from '../resolve/Budget.js'
import type { Check } from './Check.js'

/** Without an ETH budget the value of a call is 0, so that a condition on it means something else than its author thinks. */
export const valueNeedsBudget: Check = ({ context, drafts }) => {
  const payers = new Set(
    drafts
      .filter((draft) => draft.effect === 'allow' && draft.budgets.some(({ term }) => counted(term) === 'ETH'))
      .map((draft) => draft.node),
  )
  for (const draft of drafts) {
    if (draft.effect !== 'allow' || !draft.whole || payers.has(draft.node)) continue
    // Inside calls and commands the rule around decides whether ether may be sent.
    if (draft.within && draft.within.form !== 'multisend' && draft.within.payable) continue
    const condition = draft.where.find(speaksOfValue)
    if (condition === undefined) continue
    context.report({
      code: 'W084',
      severity: 'error',
      span: context.spans.get(condition) ?? draft.node.action.span,
      message: 'this rule speaks of `call.value` but budgets no ETH, so that no ether may be sent at all',
      help: 'add `budget 1 ETH/day`, or leave the condition out',
    })
  }
}

function speaksOfValue(condition: Condition): boolean {
  const isValue = (operand: Operand) => operand.kind === 'environment' && operand.name === 'call.value'
  switch (condition.kind) {
    case 'and':
      return condition.all.some(speaksOfValue)
    case 'or':
      return condition.any.some(speaksOfValue)
    case 'compare':
      return [...condition.left, ...condition.right].some((term) => term.factors.some(isValue))
    case 'member':
      return condition.operands.some(isValue)
    case 'every':
    case 'any':
      return condition.body.some(speaksOfValue)
    case 'now':
      return isValue(condition.operand)
    case 'bytes':
    case 'true':
    case 'false':
      return false
    default:
      return condition satisfies never
  }
}
