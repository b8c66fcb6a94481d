import type { Check } from './Check.js'
import { everyRule } from './everyRule.js'

const meters: ReadonlySet<string> = new Set(['budget', 'limit'])

/** A deny counts nothing, carries no block, and its time is said by dates and hours. */
export const denyTakesNoMeters: Check = ({ writ, context }) => {
  for (const rule of everyRule(writ.rules)) {
    if (rule.effect !== 'deny') continue
    for (const clause of rule.clauses) {
      if (clause.kind === 'each')
        context.report({
          code: 'W146',
          severity: 'error',
          span: clause.form.span,
          message: 'a deny carries no block: it denies the call with whatever is inside',
          help: 'write a deny for the inner call: it holds at every depth below the place where it stands',
        })
      if (!meters.has(clause.kind) && clause.kind !== 'ttl') continue
      context.report({
        code: 'W089',
        severity: 'error',
        span: clause.span,
        message: `a deny takes no \`${clause.kind}\``,
        help:
          clause.kind === 'ttl'
            ? 'write `until` and a date'
            : 'leave it out: what is denied is denied every time (`where` says when)',
      })
    }
  }
}
