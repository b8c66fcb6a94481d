import { quote } from '../../diagnostic/quote.js'
import { domainsOf, type Domain } from '../resolve/constraints.js'
import type { Check } from './Check.js'

/** A rule whose conditions contradict each other is a slip: it never holds. */
export const rulesCanHold: Check = ({ context, drafts }) => {
  for (const draft of drafts) {
    if (!draft.whole || draft.where.length === 0) continue
    const isFalse = draft.where.some((condition) => condition.kind === 'false')
    if (!isFalse && ![...domainsOf(draft.where, context).values()].some(isEmpty)) continue
    const where = draft.node.clauses.find((clause) => clause.kind === 'where')
    context.report({
      code: 'W104',
      severity: 'warning',
      span: (where ?? draft.node.action).span,
      message: `these conditions never hold together${draft.callee?.verb ? ` for ${quote(draft.callee.signature)}` : ''}`,
      help: 'check the constants, or leave the rule out',
    })
  }
}

/** Nothing is left of the domain. */
function isEmpty({ only, not, min, max, begins }: Domain): boolean {
  if (min !== undefined && max !== undefined && min > max) return true
  const isLeft = (value: string) =>
    not?.has(value) !== true &&
    !isOutside(value, min, max) &&
    (begins === undefined || begins.some((beginning) => value.startsWith(beginning)))
  return only !== undefined && ![...only].some(isLeft)
}

function isOutside(value: string, min: bigint | undefined, max: bigint | undefined): boolean {
  if (min === undefined && max === undefined) return false
  const number = BigInt(value)
  return (min !== undefined && number < min) || (max !== undefined && number > max)
}
