import { clauseEnd } from '../resolve/end.js'
import type { Check } from './Check.js'

/** A writ ends: by its header, or because each of its rules does. */
export const writEnds: Check = ({ writ, context }) => {
  if (context.facts.until !== undefined || writ.incomplete) return
  const endless = writ.rules.find((rule) => rule.effect === 'allow' && clauseEnd(rule, context) === undefined)
  if (endless === undefined) return
  context.report({
    code: 'W030',
    severity: 'error',
    span: endless.action.span,
    message:
      writ.rules.length === 1
        ? 'this writ never ends'
        : 'this writ does not say when it ends, and neither does this rule',
    help: 'add `ttl 7d` to the header (or to every rule), or `until` and a date',
  })
}
