import type { Policy } from '../policy/Policy.js'
import { printAddress } from './printAddress.js'
import { printCondition } from './printCondition.js'
import { printMeter, printWindowEdge } from './printMeter.js'
import type { Sharing } from './sharing.js'

/** Who pays for gas and how much, a sentence a line. */
export function explainFees(policy: Policy, shared: Sharing): string[] {
  const { paidBy, where } = policy.fees
  const conditions = where.map((condition) => `Only if ${printCondition(condition, { policy, inputs: [] })}.`)
  switch (paidBy.kind) {
    case 'unlimited':
      return [
        'Gas is UNLIMITED: the agent can burn all the ether of the account in fees, with any paymaster or none.',
        ...conditions,
      ]
    case 'sponsored':
      return [`Gas is paid by the paymaster ${printAddress(paidBy.by)}, or the operation is denied.`, ...conditions]
    case 'budget':
      return [...budget(paidBy.meter, policy, shared), 'No paymaster may be named.', ...conditions]
    case 'budget or sponsored':
      return [
        ...budget(paidBy.meter, policy, shared),
        `What the paymaster ${printAddress(paidBy.by)} pays is not counted; no other may be named.`,
        ...conditions,
      ]
    default:
      return paidBy satisfies never
  }
}

function budget(index: number, policy: Policy, shared: Sharing): string[] {
  const meter = policy.meters[index]
  if (meter === undefined) return []
  const edge = printWindowEdge(meter, policy)
  const users = shared[index]
  return [
    `Gas is paid by the account: at most ${printMeter(meter, policy)}${users === undefined ? '' : `, shared by ${users}`}${edge === undefined ? '' : `; ${edge}`}.`,
    'All gas that an operation may use is counted at its highest price and never given back: the agent can burn the whole fee budget.',
  ]
}
