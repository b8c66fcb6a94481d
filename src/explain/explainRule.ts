import type { Policy } from '../policy/Policy.js'
import type { AllowRule, Charge, DenyRule, RuleTime } from '../policy/Rule.js'
import { leavesApproval } from './leavesApproval.js'
import { printAction } from './printAction.js'
import { printParty } from './printAddress.js'
import { printAmount, printAsset } from './printAmount.js'
import { printCondition } from './printCondition.js'
import { printMinute, printMoment, printWeekdays } from './printDuration.js'
import { printMeter, printWindowEdge } from './printMeter.js'
import { type Names, printSum } from './printOperand.js'
import type { Sharing } from './sharing.js'

/** What an allow rule lets the key do, a sentence a line. Its number is its place in the policy, from 1. */
export function explainAllow(rule: AllowRule, index: number, policy: Policy, shared: Sharing): string[] {
  const names: Names = { policy, inputs: rule.action.kind === 'call' ? rule.action.inputs : [] }
  const lines = [`[${index + 1}] The key may call ${printAction(rule.action)} on ${printParty(rule.target, policy)}.`]
  if (rule.action.kind === 'send')
    lines[0] = `[${index + 1}] The key may send ether to ${printParty(rule.target, policy)}, without calldata.`
  for (const condition of rule.where) lines.push(`Only if ${printCondition(condition, names)}.`)
  lines.push(...explainTimes(rule, 'Only'))
  lines.push(...explainSpending(rule, names, shared))
  if (leavesApproval(rule)) lines.push('Approvals stay in force after this session ends.')
  return lines
}

/** What a deny rule forbids. */
export function explainDeny(rule: DenyRule, index: number, policy: Policy): string[] {
  const names: Names = { policy, inputs: rule.action.kind === 'call' ? rule.action.inputs : [] }
  return [
    `[${index + 1}] Denied, whatever any rule allows: ${printAction(rule.action)} on ${printParty(rule.target, policy)}.`,
    ...rule.where.map((condition) => `Only if ${printCondition(condition, names)}, or that cannot be read.`),
    ...explainTimes(rule, 'Denied only'),
  ]
}

function explainTimes({ from, until, hours }: RuleTime, word: string): string[] {
  const lines: string[] = []
  if (from !== undefined) lines.push(`${word} from ${printMoment(from)} on.`)
  if (until !== undefined) lines.push(`${word} before ${printMoment(until)}.`)
  if (hours !== undefined) {
    const { start, end, weekdays } = hours
    lines.push(`${word} from ${printMinute(start)} until ${printMinute(end)} UTC, ${printWeekdays(weekdays)}.`)
  }
  return lines
}

function explainSpending(rule: AllowRule, names: Names, shared: Sharing): string[] {
  const { policy } = names
  const lines = rule.charges.flatMap((charge) => explainCharge(charge, names, shared))
  for (const asset of rule.unlimited)
    lines.push(`UNLIMITED ${printAsset(asset, policy)}: no budget bounds how much of it this rule spends.`)
  const budgeted = rule.charges.some((charge) => assetOf(charge, policy) !== 'calls')
  if (!budgeted && rule.unlimited.length === 0)
    lines.push('no budget: what this can move is bounded by its conditions alone.')
  const sendsEther = rule.unlimited.includes('ETH') || rule.charges.some((charge) => assetOf(charge, policy) === 'ETH')
  if (!sendsEther) lines.push('It sends no ether.')
  return lines
}

function explainCharge(charge: Charge, names: Names, shared: Sharing): string[] {
  const { policy } = names
  const counted = printSum(charge.amount, names)
  const unchecked = charge.assetChecked
    ? []
    : [
        `asset unchecked: nothing here makes sure that what is counted is ${printAsset(assetName(charge, policy), policy)}.`,
      ]
  if (charge.kind === 'per call')
    return [
      `At most ${printAmount(charge.limit, charge.asset, policy)} in one call, counting ${counted}.`,
      ...unchecked,
    ]
  const meter = policy.meters[charge.meter]
  if (meter === undefined) return []
  const edge = printWindowEdge(meter, policy)
  const users = shared[charge.meter]
  const parts = [
    meter.counts === 'calls' ? '' : `, counting ${counted}`,
    users === undefined ? '' : `, shared by ${users}`,
    edge === undefined ? '' : `; ${edge}`,
  ]
  return [`At most ${printMeter(meter, policy)}${parts.join('')}.`, ...unchecked]
}

/** What a charge counts. */
export function assetOf(charge: Charge, policy: Policy): 'calls' | AllowRule['unlimited'][number] | undefined {
  return charge.kind === 'per call' ? charge.asset : policy.meters[charge.meter]?.counts
}

function assetName(charge: Charge, policy: Policy): AllowRule['unlimited'][number] {
  const asset = assetOf(charge, policy)
  return asset === undefined || asset === 'calls' ? 'ETH' : asset
}
