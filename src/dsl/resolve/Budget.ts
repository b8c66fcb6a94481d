import type { Span } from '../../diagnostic/Diagnostic.js'
import type { Asset } from '../../policy/Units.js'
import type { Meter } from '../../policy/Meter.js'
import type { Expression } from '../ast.js'

/** One term of a budget or limit clause. A meter is known by its identity: who charges the same object shares it. */
export type BudgetTerm =
  | { readonly kind: 'meter'; readonly meter: Meter; readonly span: Span }
  | { readonly kind: 'per call'; readonly asset: Asset; readonly limit: bigint; readonly span: Span }
  | { readonly kind: 'unlimited'; readonly asset: Asset; readonly span: Span }

/** A term as a rule uses it, with what is counted. */
export type RuleBudget = { readonly term: BudgetTerm; readonly counting?: Expression; readonly span: Span }

/** The budgets and limits of a rule in the author's order; `complete` is false where some had no meaning. */
export type RuleBudgets = { readonly budgets: readonly RuleBudget[]; readonly complete: boolean }

/** What the term is about: an asset, or calls. */
export function counted(term: BudgetTerm): Asset | 'calls' {
  return term.kind === 'meter' ? term.meter.counts : term.asset
}
