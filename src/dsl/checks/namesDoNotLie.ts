import { quote } from '../../diagnostic/quote.js'
import { dangerousFunctions } from '../../policy/dangerous.js'
import type { Check } from './Check.js'

/** The selector of a well-known dangerous function goes with its own name only. */
export const namesDoNotLie: Check = ({ context, drafts }) => {
  for (const { callee, node } of drafts) {
    const meant = callee && dangerousFunctions.get(callee.selector)
    if (meant === undefined || meant === callee?.signature) continue
    context.report({
      code: 'W056',
      severity: 'error',
      span: node.action.span,
      message: `${quote(callee?.signature ?? '')} has the selector of ${quote(meant)}: its name hides what it does`,
      help: `if that is meant, write \`${meant}\``,
    })
  }
}
