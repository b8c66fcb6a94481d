import { quote } from '../../diagnostic/quote.js'
import type { Check } from './Check.js'

/** Within a writ a selector means one signature: two that share its four bytes are one function on the chain. */
export const selectorsDiffer: Check = ({ context, drafts }) => {
  const signatures = new Map<string, string>()
  for (const { callee, action, node } of drafts) {
    if (callee === undefined) continue
    const first = signatures.get(callee.selector)
    if (first === undefined) signatures.set(callee.selector, callee.signature)
    else if (first !== callee.signature)
      context.report({
        code: 'W055',
        severity: 'error',
        span: node.action.span,
        message:
          action.kind === 'command'
            ? `${quote(callee.signature)} and ${quote(first)} are one command with different inputs`
            : `${quote(callee.signature)} has the same selector ${callee.selector} as ${quote(first)}`,
        help: 'keep one of the two: the chain cannot tell them apart',
      })
  }
}
