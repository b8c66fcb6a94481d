import { quote } from '../../diagnostic/quote.js'
import type { BudgetClause, LimitClause, Name, Rule } from '../ast.js'
import { nearest } from '../nearest.js'
import { assetNamed, readBudgetAmounts, readLimitAmounts } from './amounts.js'
import { counted, type BudgetTerm, type RuleBudget, type RuleBudgets } from './Budget.js'
import type { Context } from './Context.js'

/** The budgets and limits of a rule, read once; what has no meaning is reported and left out. */
export function resolveBudgets(rule: Rule, context: Context): RuleBudgets {
  const known = context.budgets.get(rule)
  if (known) return known
  const read = readBudgets(rule, context)
  context.budgets.set(rule, read)
  return read
}

function readBudgets(rule: Rule, context: Context): RuleBudgets {
  const budgets: RuleBudget[] = []
  let complete = true
  for (const clause of rule.clauses) {
    if (clause.kind !== 'budget' && clause.kind !== 'limit') continue
    const found = clause.terms.flatMap((node) => {
      const terms = termsOf(node, clause, context)
      if (terms === undefined || terms.length === 0) complete = false
      return (terms ?? []).map((term) => ({ term, span: node.span }))
    })
    const counting = clause.kind === 'budget' ? clause.counting : undefined
    // Ether is spent as the value of the call, whatever is counted for the tokens of the same clause.
    const forTokens = found.some(({ term }) => counted(term) !== 'ETH')
    for (const { term, span } of found)
      budgets.push({ term, span, ...(counting && !(forTokens && counted(term) === 'ETH') && { counting }) })
  }
  const unlimited = budgets.filter(({ term }) => term.kind === 'unlimited')
  for (const { term, span } of budgets) {
    if (term.kind !== 'unlimited' && unlimited.some((other) => counted(other.term) === counted(term)))
      context.report({
        code: 'W091',
        severity: 'error',
        span,
        message: 'this rule has both a budget and `unlimited` for one asset',
        help: 'keep one of the two',
      })
  }
  const meters = budgets.flatMap(({ term, span }) => (term.kind === 'meter' ? [{ meter: term.meter, span }] : []))
  for (const [index, { meter, span }] of meters.entries())
    if (meter.counts === 'calls' && meters.findIndex((other) => other.meter === meter) < index)
      context.report({
        code: 'W091',
        severity: 'error',
        span,
        message: 'this rule names one limit twice',
        help: 'name it once',
      })
  return { budgets, complete }
}

function termsOf(
  term: BudgetClause['terms'][number] | LimitClause['terms'][number],
  clause: BudgetClause | LimitClause,
  context: Context,
): readonly BudgetTerm[] | undefined {
  const { names, report } = context
  switch (term.kind) {
    case 'budget amount':
      return readBudgetAmounts([term], names, report)
    case 'limit amount':
      return readLimitAmounts([term], report)
    case 'unlimited': {
      const asset = assetNamed(term.asset, names, report)
      return asset === undefined ? undefined : [{ kind: 'unlimited', asset, span: term.span }]
    }
    case 'shared':
      return shared(term.name, clause.kind, context)
    default:
      return term satisfies never
  }
}

function shared(name: Name, kind: 'budget' | 'limit', { names, report }: Context): readonly BudgetTerm[] | undefined {
  const entity = names.entities.get(name.text)
  if (entity?.kind === kind) {
    entity.used = true
    return entity.terms
  }
  const near = nearest(
    name.text,
    [...names.entities.values()].filter((other) => other.kind === kind).map((other) => other.name),
  )
  report({
    code: 'W037',
    severity: 'error',
    span: name.span,
    message: `${quote(name.text)} is no ${kind} of this writ`,
    help: near
      ? `did you mean \`${near}\`?`
      : `declare it: \`${kind} ${name.text} = ${kind === 'budget' ? '1 ETH/day' : '3 calls/day'}\``,
  })
  return undefined
}
