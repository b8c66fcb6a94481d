import { quote } from '../../diagnostic/quote.js'
import type { Check } from './Check.js'

/** What gives away more than any amount could bound. */
const powers: ReadonlyMap<string, string> = new Map([
  ['setApprovalForAll(address,bool)', 'hands every token of the collection to an operator'],
  ['authorizeOperator(address)', 'hands every token to an operator'],
  ['permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)', 'approves an amount without limit'],
  ['delegate(address)', 'gives the votes of the account away'],
])

/** Some functions are for the owner alone. */
export const powersStayWithTheOwner: Check = ({ context, drafts }) => {
  for (const { effect, callee, node } of drafts) {
    const what = effect === 'allow' && callee ? powers.get(callee.signature) : undefined
    if (what === undefined) continue
    context.report({
      code: 'W086',
      severity: 'error',
      span: node.action.span,
      message: `${quote(callee?.name ?? '')} ${what}: no session key may call it`,
      help: 'leave this rule out, and let the owner do it',
    })
  }
}
