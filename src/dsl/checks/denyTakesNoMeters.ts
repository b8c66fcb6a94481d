import type { Check } from './Check.js'

const meters: ReadonlySet<string> = new Set(['budget', 'limit'])

/** A deny counts nothing, and its time is said by dates and hours. */
export const denyTakesNoMeters: Check = ({ writ, context }) => {
  for (const rule of writ.rules) {
    if (rule.effect !== 'deny') continue
    for (const clause of rule.clauses) {
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
