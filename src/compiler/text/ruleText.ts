import { getAddress } from 'viem'
import type { DeniedAction } from '../../policy/Action.js'
import type { Address } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import type { Charge, Rule } from '../../policy/Rule.js'
import { conjunctTexts, sumText } from './conditionText.js'
import { limitText } from './meterText.js'
import { amountText, assetText, tokenOf } from './numberText.js'
import { type NameScope, nameScopeOf } from './NameScope.js'
import { signatureText } from './signatureText.js'
import { dateText, hoursText, untilText } from './timeText.js'

/** One rule: its head, then each clause on a line of its own. `meterNames` are the names of the meters that are shared, by index. */
export const ruleText = (rule: Rule, policy: Policy, meterNames: ReadonlyMap<number, string>): string => {
  const { tokens } = policy
  const scope = nameScopeOf(tokens, rule.action.kind === 'call' ? rule.action.inputs : [])
  const clauses = [`${rule.effect} ${actionText(rule.action)} on ${placeText(rule.target, policy)}`]
  const conjuncts = conjunctTexts(rule.where, scope)
  if (conjuncts.length > 0) clauses.push(`  where ${conjuncts.join('\n    and ')}`)
  if (rule.effect === 'allow') {
    for (const charge of rule.charges) clauses.push(`  ${chargeText(charge, policy, meterNames, scope)}`)
    for (const asset of rule.unlimited) clauses.push(`  budget unlimited ${assetText(asset, tokens)}`)
  }
  if (rule.hours !== undefined) clauses.push(`  ${hoursText(rule.hours)}`)
  if (rule.from !== undefined) clauses.push(`  from ${dateText(rule.from)}`)
  if (rule.until !== undefined) clauses.push(`  ${untilText(rule.until, policy.from)}`)
  return clauses.join('\n')
}

/** An address: a token's by its symbol. */
export const placeText = (address: Address, { tokens }: Policy): string =>
  tokenOf(address, tokens)?.symbol ?? getAddress(address)

const actionText = (action: DeniedAction): string => (action.kind === 'call' ? signatureText(action) : action.kind)

const chargeText = (
  charge: Charge,
  policy: Policy,
  meterNames: ReadonlyMap<number, string>,
  scope: NameScope,
): string => {
  const meter = charge.kind === 'meter' ? policy.meters[charge.meter] : undefined
  const counts = meter?.counts ?? (charge.kind === 'per call' ? charge.asset : 'calls')
  const term =
    charge.kind === 'per call'
      ? `${amountText(charge.limit, charge.asset, policy.tokens)}/call`
      : (meterNames.get(charge.meter) ?? (meter === undefined ? '' : limitText(meter, policy)))
  if (counts === 'calls') return `limit ${term}`
  // Ether is always counted as the value of the call.
  return counts === 'ETH' ? `budget ${term}` : `budget ${term} counting ${sumText(charge.amount, scope)}`
}
