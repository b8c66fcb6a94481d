import type { Rule } from '../ast.js'

/** The rules of a text and those inside their blocks, at any depth. */
export function* everyRule(rules: readonly Rule[]): Iterable<Rule> {
  for (const rule of rules) {
    yield rule
    for (const clause of rule.clauses) if (clause.kind === 'each') yield* everyRule(clause.rules)
  }
}
