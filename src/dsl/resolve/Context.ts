import type { Span } from '../../diagnostic/Diagnostic.js'
import type { Condition } from '../../policy/Condition.js'
import type { Address } from '../../policy/Hex.js'
import type { Rule } from '../ast.js'
import type { Library } from '../library.js'
import type { RuleBudgets } from './Budget.js'
import type { Domains } from './constraints.js'
import type { Names } from './names.js'
import type { Report } from './Report.js'

/** A header value that neither the text nor the caller gave. */
export type HeaderField = 'account' | 'key' | 'chain' | 'from'

/** The header's values; a field in `open` holds a stand-in. */
export type Facts = {
  readonly chainId: number
  readonly account: Address
  readonly key: Address
  /** Unix seconds, inclusive. */
  readonly from: number
  /** Unix seconds, exclusive; undefined where the header gives no end. */
  readonly until: number | undefined
  /** The header's text or the caller says when the writ ends. */
  readonly open: readonly HeaderField[]
}

/** What everything that reads a part of a writ needs to know of the rest. */
export type Context = {
  readonly source: string
  readonly report: Report
  readonly names: Names
  readonly library: Library
  readonly facts: Facts
  /** The module's address, if the caller knows it: no target either. */
  readonly module?: Address
  /** Where a condition stood, for what is found out about it later. (Plain maps: weak ones cost the collector seconds in a long writ.) */
  readonly spans: Map<object, Span>
  /** What the conditions of a rule leave for its operands, by the list of them: several laws ask. */
  readonly domains: Map<readonly Condition[], Domains>
  /** The budgets of a rule: a rule that is looked at for several targets has one meter for all of them. */
  readonly budgets: Map<Rule, RuleBudgets>
}
