import type { Rule } from '../ast.js'
import type { Context } from './Context.js'

/** When a rule ends by its own words, unix seconds (exclusive): a `ttl` counts from the writ's `from`. */
export function clauseEnd(rule: Rule, { facts }: Context): number | undefined {
  for (const clause of rule.clauses) {
    if (clause.kind === 'until') return clause.date.seconds
    if (clause.kind === 'ttl') return facts.from + clause.duration.seconds
  }
  return undefined
}

/** When the writ ends: by its header, else with the last of its allow rules. */
export function writEnd(rules: readonly Rule[], context: Context): number | undefined {
  if (context.facts.until !== undefined) return context.facts.until
  const ends = rules.filter((rule) => rule.effect === 'allow').map((rule) => clauseEnd(rule, context))
  return ends.every((end) => end !== undefined) && ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : undefined
}
