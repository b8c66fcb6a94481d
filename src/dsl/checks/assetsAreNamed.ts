import { quote } from '../../diagnostic/quote.js'
import type { Condition } from '../../policy/Condition.js'
import { spentText } from '../resolve/argumentText.js'
import { counted } from '../resolve/Budget.js'
import { domainsOf, isFixedTo } from '../resolve/constraints.js'
import type { AllowDraft } from '../resolve/Draft.js'
import { namer } from '../resolve/expression.js'
import { lowerRequirement } from '../resolve/requirements.js'
import type { Check, Subject } from './Check.js'

/** Where it is known which argument names what is spent, a condition fixes it to the budget's asset: else another token could be spent. */
export const assetsAreNamed: Check = (subject) => {
  for (const draft of subject.drafts)
    if (draft.effect === 'allow' && draft.whole && draft.callee?.known) check(draft, subject)
}

function check(draft: AllowDraft, { context }: Subject): void {
  const { callee, action, node } = draft
  if (callee?.known === undefined || action.kind !== 'call') return
  const assets = new Set(draft.budgets.map(({ term }) => counted(term)).filter((asset) => asset !== 'calls'))
  const domains = domainsOf(draft.where, context)
  for (const { asset: spent, withEth } of callee.known.spends) {
    if (typeof spent === 'string' || spent.kind === 'token' || withEth === true) continue
    for (const asset of assets) {
      if (asset === 'ETH' || isFixedTo(spent, asset, domains)) continue
      const [name, symbol] = [spentText(action.inputs, spent), namer(context)(asset)]
      context.report({
        code: 'W082',
        severity: 'error',
        span: node.action.span,
        message: `${quote(action.name)} spends what ${quote(name)} names, and nothing fixes that to ${quote(symbol)}`,
        help: `add \`${name} == ${symbol}\` to its \`where\`; another token takes a rule and a budget of its own`,
      })
    }
  }
  // With ether alone, nothing may be pulled by an old allowance.
  if (callee.verb !== undefined || assets.size !== 1 || !assets.has('ETH')) return
  const present = new Set(draft.where.flatMap(bothWays))
  for (const requirement of callee.known.requires) {
    if (requirement.withEth !== true) continue
    const env = { place: 'rule', effect: 'allow', inputs: action.inputs, functionName: action.name } as const
    const required = lowerRequirement(requirement, env, context)
    if (typeof required === 'object' && required.every((condition) => present.has(textOf(condition)))) continue
    context.report({
      code: 'W082',
      severity: 'error',
      span: node.action.span,
      message: `${quote(action.name)} with an ETH budget alone may still pull tokens that were approved before`,
      help: `name the verb instead, \`${callee.known.verb}\`, which adds the conditions; or write them: the token paid is the wrapped coin, and \`call.value\` is the amount paid`,
    })
  }
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))

/** `a == b` says the same as `b == a`. */
function bothWays(condition: Condition): readonly string[] {
  if (condition.kind !== 'compare' || condition.operator !== '==') return [textOf(condition)]
  return [textOf(condition), textOf({ ...condition, left: condition.right, right: condition.left })]
}
