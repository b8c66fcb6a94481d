import { getAddress } from 'viem/utils'
import type { DeniedAction } from '../../policy/Action.js'
import type { Address } from '../../policy/Hex.js'
import type { Nested } from '../../policy/Nested.js'
import type { Policy } from '../../policy/Policy.js'
import type { Charge, Rule } from '../../policy/Rule.js'
import { isCallable } from '../FunctionShape.js'
import { conjunctTexts, sumText } from './conditionText.js'
import { limitText } from './meterText.js'
import { amountText, assetText, tokenOf } from './numberText.js'
import { type NameScope, nameScopeOf } from './NameScope.js'
import { bytesText, pathText } from './placeText.js'
import { signatureText } from './signatureText.js'
import { dateText, hoursText, untilText } from './timeText.js'

/** One rule: its head, then each clause on a line of its own. `meterNames` are the names of the meters that are shared, by index. */
export const ruleText = (rule: Rule, policy: Policy, meterNames: ReadonlyMap<number, string>): string =>
  ruleLines(rule, ` on ${placeText(rule.target, policy)}`, policy, meterNames).join('\n')

const ruleLines = (
  rule: Rule,
  target: string,
  policy: Policy,
  meterNames: ReadonlyMap<number, string>,
): readonly string[] => {
  const { tokens } = policy
  const scope = nameScopeOf(tokens, isCallable(rule.action) ? rule.action.inputs : [])
  const lines = [`${rule.effect} ${actionText(rule.action)}${target}`]
  const conjuncts = conjunctTexts(rule.where, scope)
  lines.push(...conjuncts.map((text, index) => (index === 0 ? `  where ${text}` : `    and ${text}`)))
  if (rule.effect === 'allow') {
    for (const charge of rule.charges) lines.push(`  ${chargeText(charge, policy, meterNames, scope)}`)
    for (const asset of rule.unlimited) lines.push(`  budget unlimited ${assetText(asset, tokens)}`)
  }
  if (rule.hours !== undefined) lines.push(`  ${hoursText(rule.hours)}`)
  if (rule.from !== undefined) lines.push(`  from ${dateText(rule.from)}`)
  if (rule.until !== undefined) lines.push(`  ${untilText(rule.until, policy.from)}`)
  if (rule.effect === 'deny') return lines
  for (const block of rule.nested ?? []) {
    lines.push(`  each ${listText(block, scope)} {`)
    for (const inner of block.rules) {
      // Only the records of a multisend name their targets.
      const on = block.form === 'multisend' ? ` on ${placeText(inner.target, policy)}` : ''
      lines.push(...ruleLines(inner, on, policy, meterNames).map((line) => `    ${line}`))
    }
    lines.push('  }')
  }
  return lines
}

const listText = (block: Nested, scope: NameScope): string => {
  switch (block.form) {
    case 'calls':
      return `call in calls(${pathText(block.list, scope)})`
    case 'multisend':
      return `call in multisend(${bytesText(block.list, scope)})`
    case 'commands':
      return `command in commands(${bytesText(block.list, scope)}, ${pathText(block.inputs, scope)})`
    default:
      return block satisfies never
  }
}

/** An address: a token's by its symbol. */
export const placeText = (address: Address, { tokens }: Policy): string =>
  tokenOf(address, tokens)?.symbol ?? getAddress(address)

const actionText = (action: DeniedAction): string => (isCallable(action) ? signatureText(action) : action.kind)

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
