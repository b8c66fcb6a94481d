import type { Policy } from '../policy/Policy.js'
import type { Nested } from '../policy/Nested.js'
import type { AllowRule, Charge, DenyRule, Rule, RuleTime } from '../policy/Rule.js'
import { leavesApproval } from './leavesApproval.js'
import { printAction } from './printAction.js'
import { printParty } from './printAddress.js'
import { printAmount, printAsset } from './printAmount.js'
import { printCondition } from './printCondition.js'
import { printMinute, printMoment, printWeekdays } from './printDuration.js'
import { printMeter, printWindowEdge } from './printMeter.js'
import { type Names, printSum } from './printOperand.js'
import { printBytes, printPlace } from './printPlace.js'
import { nestedIn } from './rulesWithin.js'
import type { Sharing } from './sharing.js'

/** What an allow rule lets the key do, a sentence a line, with what may be inside the call below it. Its number is its place in the policy, from 1. */
export function explainAllow(rule: AllowRule, index: number, policy: Policy, shared: Sharing): string[] {
  const { action } = rule
  const party = printParty(rule.target, policy)
  const opening =
    action.kind === 'send'
      ? `The key may send ether to ${party}, without calldata.`
      : `The key may call ${printAction(action)} on ${party}.`
  return [`[${index + 1}] ${opening}`, ...explainGranted(rule, `${index + 1}`, policy, shared)]
}

/** Everything about an allow rule but its opening words. `carried`: how the calls that it is about are carried by another. */
function explainGranted(
  rule: AllowRule,
  label: string,
  policy: Policy,
  shared: Sharing,
  carried?: Nested['form'],
): string[] {
  const names: Names = { policy, inputs: inputsOf(rule) }
  const lines = rule.where.map((condition) => `Only if ${printCondition(condition, names)}.`)
  lines.push(...explainTimes(rule, 'Only'))
  lines.push(...explainSpending(rule, names, shared, carried))
  if (leavesApproval(rule)) lines.push('Approvals stay in force after this session ends.')
  const inner = nestedIn(rule, label)
  for (const [block, nested] of (rule.nested ?? []).entries()) {
    lines.push(explainCarrying(nested, names))
    for (const { rule: one, label } of inner.filter((candidate) => candidate.block === block))
      lines.push(...explainInner(one, label, nested.form, policy, shared).map((line) => `    ${line}`))
  }
  return lines
}

function explainCarrying(nested: Nested, names: Names): string {
  const ending =
    'and nothing else; each is counted, one that is not allowed denies them all, and none at all passes unless a condition forbids it'
  switch (nested.form) {
    case 'calls':
      return `The calls to itself in \`${printPlace(nested.list, names)}\` may be these ${ending}:`
    case 'multisend':
      return `The calls packed into ${printBytes(nested.list, names)} may be these ${ending}:`
    case 'commands':
      return `The commands in ${printBytes(nested.list, names)}, with \`${printPlace(nested.inputs, names)}\`, may be these ${ending}:`
    default:
      return nested satisfies never
  }
}

function explainInner(rule: Rule, label: string, form: Nested['form'], policy: Policy, shared: Sharing): string[] {
  const what = `${printAction(rule.action)}${form === 'multisend' ? ` on ${printParty(rule.target, policy)}` : ''}`
  if (rule.effect === 'deny')
    return [
      `[${label}] Denied in here, at any depth: ${what}.`,
      ...explainSilence(rule, policy).map((line) => `    ${line}`),
    ]
  return [`[${label}] ${what}.`, ...explainGranted(rule, label, policy, shared, form).map((line) => `    ${line}`)]
}

/** What a deny rule forbids. */
export function explainDeny(rule: DenyRule, index: number, policy: Policy): string[] {
  return [
    `[${index + 1}] Denied, whatever any rule allows: ${printAction(rule.action)} on ${printParty(rule.target, policy)}.`,
    ...explainSilence(rule, policy),
  ]
}

function explainSilence(rule: DenyRule, policy: Policy): string[] {
  const names: Names = { policy, inputs: inputsOf(rule) }
  return [
    ...rule.where.map((condition) => `Only if ${printCondition(condition, names)}, or that cannot be read.`),
    ...explainTimes(rule, 'Denied only'),
  ]
}

function inputsOf({ action }: Rule): Names['inputs'] {
  return 'inputs' in action ? action.inputs : []
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

function explainSpending(
  rule: AllowRule,
  names: Names,
  shared: Sharing,
  carried: Nested['form'] | undefined,
): string[] {
  const { policy } = names
  const lines = rule.charges.flatMap((charge) => explainCharge(charge, names, shared))
  for (const asset of rule.unlimited)
    lines.push(`UNLIMITED ${printAsset(asset, policy)}: no budget bounds how much of it this rule spends.`)
  const budgeted = rule.charges.some((charge) => assetOf(charge, policy) !== 'calls')
  if (!budgeted && rule.unlimited.length === 0)
    lines.push(
      rule.nested === undefined
        ? 'no budget: what this can move is bounded by its conditions alone.'
        : 'no budget of its own: what this can move is bounded by its conditions and by those on the calls inside.',
    )
  const sendsEther = rule.unlimited.includes('ETH') || rule.charges.some((charge) => assetOf(charge, policy) === 'ETH')
  // What comes with the call around is decided there.
  const ownValue = carried === undefined || carried === 'multisend'
  if (!sendsEther && ownValue) lines.push('It sends no ether.')
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
