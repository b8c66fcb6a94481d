import type { Allowed, Decision } from '../policy/Decision.js'
import type { Denial } from '../policy/Denial.js'
import type { Policy } from '../policy/Policy.js'
import type { Charge, Rule } from '../policy/Rule.js'
import { printActionName } from './printAction.js'
import { printAmount, printAsset } from './printAmount.js'
import { printMoment } from './printDuration.js'
import { printCount, printMeter } from './printMeter.js'

/** Says in sentences what was decided, why, and when or how to try again. Ends with a newline. */
export function explainDecision(policy: Policy, decision: Decision): string {
  const lines =
    decision.outcome === 'allow'
      ? explainAllowed(policy, decision)
      : ['Denied.', ...decision.denials.map((denial) => `  ${explainDenial(policy, denial)}`)]
  return `${lines.join('\n')}\n`
}

function explainAllowed(policy: Policy, { rules, charges, state, validFrom, validUntil }: Allowed): string[] {
  return [
    'Allowed.',
    ...rules.map((rule, index) => `  Call ${index + 1} is allowed by rule ${ruleName(policy, rule)}.`),
    ...charges.flatMap(({ meter: index, amount }) => {
      const meter = policy.meters[index]
      if (meter === undefined) return []
      const { spent = 0n, past = [] } = state.meters[index] ?? {}
      const left = meter.limit - past.reduce((sum, one) => sum + one, spent)
      const window = meter.window.kind === 'period' ? ' in this window' : meter.window.kind === 'rolling' ? ' now' : ''
      return [
        `  It counts ${printCount(amount, meter, policy)} of ${printMeter(meter, policy)}; ${printCount(left, meter, policy)} left${window}.`,
      ]
    }),
    `  It may be included from ${printMoment(validFrom)} until just before ${printMoment(validUntil)}.`,
  ]
}

/** One reason of a denial in sentences: which call, what is wrong with amounts in their own units, and what would help. */
export function explainDenial(policy: Policy, denial: Denial): string {
  const place = denial.callIndex === undefined ? 'The operation' : `Call ${denial.callIndex + 1}`
  return `${place}: ${reason(policy, denial)}${facts(policy, denial)}. ${advice(denial)}`
}

function reason(policy: Policy, { code, rule, actual }: Denial): string {
  const name = rule === undefined ? 'the rule' : `rule ${ruleName(policy, rule)}`
  switch (code) {
    case 'session-not-active':
      return actual === undefined || actual === 'none' ? 'the session is not in force' : `the session is ${actual}`
    case 'not-yet-valid':
      return `the session begins at ${printMoment(policy.from)}`
    case 'expired':
      return `the session ended at ${printMoment(policy.until)}`
    case 'malformed-operation':
      return 'this is no canonical call of execute or executeBatch with at least one call, or its gas fields do not fit'
    case 'forbidden-target':
      return 'the account itself, the session module and the EntryPoints may not be called'
    case 'no-rule':
      return 'no rule is about this target and function'
    case 'value-not-allowed':
      return `${name} sends no ether`
    case 'condition-failed':
      return `a condition of ${name} does not hold`
    case 'denied-by-rule':
      return `${name} denies it`
    case 'nested-call-denied':
      return `${name} does not allow what it carries`
    case 'rule-not-yet-valid':
      return `${name} has not begun`
    case 'rule-expired':
      return `${name} has ended`
    case 'outside-hours':
      return `${name} does not hold at this hour`
    case 'amount-unreadable':
      return `what ${name} counts cannot be read`
    case 'per-call-exceeded':
      return `it is more than ${name} allows in one call`
    case 'meter-exceeded':
      return 'it is more than the budget or limit has left'
    case 'window-passed':
      return 'a later window has been charged already'
    case 'fee-exceeded':
      return 'gas may cost more than the fee budget has left'
    case 'fee-condition-failed':
      return 'a condition on the fees does not hold'
    case 'paymaster-not-allowed':
      return 'this way of paying for gas is not allowed'
    default:
      return code satisfies never
  }
}

function facts(policy: Policy, denial: Denial): string {
  const { code, path, expected, actual, remaining } = denial
  if (code === 'nested-call-denied') {
    const where = path === undefined ? 'inside' : `\`${path}\``
    if (actual === undefined) return ` (${where}: the list cannot be read)`
    return ` (${where}: ${actual}${expected === undefined ? '' : `, expected ${expected}`})`
  }
  if (code === 'per-call-exceeded') return perCallFacts(policy, denial)
  if (code === 'session-not-active') return ''
  const meter = policy.meters[Number(/^meter (\d+)$/.exec(path ?? '')?.[1] ?? Number.NaN)]
  if (meter !== undefined) {
    const count = (text: string): string => (/^\d+$/.test(text) ? printCount(BigInt(text), meter, policy) : text)
    const asked = actual === undefined ? '' : `${count(actual)} asked, `
    return ` (${asked}${remaining === undefined ? '' : `${count(remaining)} left of `}${printMeter(meter, policy)})`
  }
  const parts = [
    path === undefined ? '' : `\`${path}\``,
    expected === undefined ? '' : `must be ${expected}`,
    actual === undefined ? '' : `${path === undefined ? 'asked for' : 'is'} ${actual}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** In units where the rule says of what there may be only so much in a call. */
function perCallFacts(policy: Policy, { rule, actual = '', remaining = '' }: Denial): string {
  const charges = rule === undefined ? [] : chargesOf(policy.rules[rule])
  const charge = charges.find((one) => one.kind === 'per call' && String(one.limit) === remaining)
  const amount = (text: string): string =>
    charge?.kind === 'per call' && /^\d+$/.test(text) ? printAmount(BigInt(text), charge.asset, policy) : text
  return ` (${amount(actual)} asked, ${amount(remaining)} at most)`
}

const chargesOf = (rule: Rule | undefined): readonly Charge[] => (rule?.effect === 'allow' ? rule.charges : [])

function advice({ retry, retryAt }: Denial): string {
  switch (retry) {
    case 'later':
      return retryAt === undefined ? 'It may pass later.' : `Try again from ${printMoment(retryAt)}.`
    case 'change-args':
      return 'It may pass with other values.'
    case 'ask-owner':
      return 'Only the owner can change that.'
    case 'never':
      return 'This never passes.'
    default:
      return retry satisfies never
  }
}

function ruleName(policy: Policy, index: number): string {
  const rule = policy.rules[index]
  if (rule === undefined) return `[${index + 1}]`
  return `[${index + 1}] (${printActionName(rule.action)} on ${printAsset(rule.target, policy)})`
}
