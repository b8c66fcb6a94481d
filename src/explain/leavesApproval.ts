import type { AllowRule } from '../policy/Rule.js'

/** Functions that give somebody a right over what the account has: ERC-20, ERC-721, ERC-777, ERC-2612, Permit2, governance tokens, lending pools. */
const approving =
  /^(approve.*|increase(Allowance|Approval)|permit.*|set(Approval|Operator).*|authorizeOperator|delegate.*|approveDelegation.*|allow)$/i

/** Whether what the rule allows may go on working for somebody after the session has ended. */
export function leavesApproval({ action }: AllowRule): boolean {
  return action.kind === 'call' && approving.test(action.name)
}
