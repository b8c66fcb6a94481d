import { quote } from '../../diagnostic/quote.js'
import { argumentText } from '../resolve/argumentText.js'
import { domainsOf } from '../resolve/constraints.js'
import { spenderOf } from './approvals.js'
import type { Check } from './Check.js'

/** An approval says for whom: whoever is approved can take the tokens after the session has ended, too. */
export const approvalsNameSpender: Check = ({ context, drafts }) => {
  for (const { effect, whole, callee, action, where, node, place } of drafts) {
    const index = callee && spenderOf.get(callee.signature)
    if (effect !== 'allow' || !whole || index === undefined || action.kind !== 'call') continue
    if (domainsOf(where, context).get(String(index))?.only !== undefined) continue
    const name = argumentText(action.inputs, [{ kind: 'component', index }])
    // On what may be a collection the law of ERC-721 asks for the spender too.
    if (place.token === undefined && callee?.signature === 'approve(address,uint256)') continue
    context.report({
      code: 'W085',
      severity: 'error',
      span: node.action.span,
      message: `${quote(action.name)} may approve anyone: nothing fixes ${quote(name)}`,
      help: `add \`where ${name} == 0x…\`, or a list: \`where ${name} in [ … ]\``,
    })
  }
}
