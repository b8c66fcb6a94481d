import type { Check } from './Check.js'

/** A writ has a rule that allows: what allows nothing needs no key. */
export const writAllowsSomething: Check = ({ writ, context }) => {
  if (writ.incomplete || writ.rules.some((rule) => rule.effect === 'allow')) return
  context.report({
    code: 'W046',
    severity: 'error',
    span: writ.rules[0]?.span ?? { start: 0, end: Math.min(writ.span.end, 1) },
    message: 'this writ allows nothing',
    help: 'add a rule: `allow send on 0x… budget 0.1 ETH/day`',
  })
}
