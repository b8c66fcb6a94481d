import type { Rule } from '../policy/Rule.js'

/** All rules in the order of their bytes: each before those nested in it. */
export const rulesWithin = function* (rules: readonly Rule[]): Generator<Rule, void> {
  for (const rule of rules) {
    yield rule
    if (rule.effect === 'deny') continue
    for (const block of rule.nested ?? []) yield* rulesWithin(block.rules)
  }
}
