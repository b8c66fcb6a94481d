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

/** What an allow rule lets the key do, a sentence a line. Its number is its place in the policy, from 1. */
export function explainAllow(rule: AllowRule, index: number, policy: Policy): string[] {
  const names: Names = { policy, inputs: rule.action.kind === 'call' ? rule.action.inputs : [] }
  const lines = [`[${index + 1}] The key may call ${printAction(rule.action)} on ${printParty(rule.target, policy)}.`]
  if (rule.action.kind === 'send')
    lines[0] = `[${index + 1}] The key may send ether to ${printParty(rule.target, policy)}, without calldata.`
  for (const condition of rule.where) lines.push(`Only if ${printCondition(condition, names)}.`)
  lines.push(...explainTimes(rule, 'Only'))
  lines.push(...explainSpending(rule, index, names))
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

function explainSpending(rule: AllowRule, index: number, names: Names): string[] {
  const { policy } = names
  const lines = rule.charges.flatMap((charge) => explainCharge(charge, index, names))
  for (const asset of rule.unlimited)
    lines.push(`UNLIMITED ${printAsset(asset, policy)}: no budget bounds how much of it this rule spends.`)
  const budgeted = rule.charges.some((charge) => assetOf(charge, policy) !== 'calls')
  if (!budgeted && rule.unlimited.length === 0)
    lines.push('no budget: what this can move is bounded by its conditions alone.')
  const sendsEther = rule.unlimited.includes('ETH') || rule.charges.some((charge) => assetOf(charge, policy) === 'ETH')
  if (!sendsEther) lines.push('It sends no ether.')
  return lines
}

function explainCharge(charge: Charge, index: number, names: Names): string[] {
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
  const shared = sharers(charge.meter, index, policy)
  const parts = [
    meter.counts === 'calls' ? '' : `, counting ${counted}`,
    shared === '' ? '' : `, shared with ${shared}`,
    edge === undefined ? '' : `; ${edge}`,
  ]
  return [`At most ${printMeter(meter, policy)}${parts.join('')}.`, ...unchecked]
}

/** Who else charges the meter: `rules [2], [5] and the fees`. */
export function sharers(meter: number, except: number | 'fees', policy: Policy): string {
  const rules = policy.rules.flatMap((rule, index) =>
    index !== except && rule.effect === 'allow' && rule.charges.some((c) => c.kind === 'meter' && c.meter === meter)
      ? [`[${index + 1}]`]
      : [],
  )
  const { paidBy } = policy.fees
  const named = rules.length === 0 ? [] : [`rule${rules.length === 1 ? '' : 's'} ${rules.join(', ')}`]
  if (except !== 'fees' && 'meter' in paidBy && paidBy.meter === meter) named.push('the fees')
  return named.join(' and ')
}

/** What a charge counts. */
export function assetOf(charge: Charge, policy: Policy): 'calls' | AllowRule['unlimited'][number] | undefined {
  return charge.kind === 'per call' ? charge.asset : policy.meters[charge.meter]?.counts
}

function assetName(charge: Charge, policy: Policy): AllowRule['unlimited'][number] {
  const asset = assetOf(charge, policy)
  return asset === undefined || asset === 'calls' ? 'ETH' : asset
}
