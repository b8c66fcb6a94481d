import { getAddress } from 'viem/utils'
import type { Policy } from '../policy/Policy.js'
import { rulesWithin } from './rulesWithin.js'
import { conjunctTexts } from './text/conditionText.js'
import { limitText, sharedMeters } from './text/meterText.js'
import { nameScopeOf } from './text/NameScope.js'
import { ruleText } from './text/ruleText.js'
import { dateText, untilText } from './text/timeText.js'

/**
 * A policy as a writ: every name resolved but the tokens', one order, one layout. Equal policies have equal texts, and checking the text gives
 * the policy back. It says nothing of the binding. Ends with a newline.
 */
export const canonical = (policy: Policy): string => {
  const { chainId, account, key, from, until, tokens, meters, rules } = policy
  const names = sharedMeters(policy)
  const sections = [
    [
      'writ 1',
      `account ${getAddress(account)}`,
      `chain ${chainId}`,
      `key ${getAddress(key)}`,
      `from ${dateText(from)}`,
      untilText(until, from),
      ...feesText(policy),
    ],
    tokens.map(({ symbol, address, decimals }) => {
      const unit = decimals === 'base units' ? decimals : `decimals ${decimals}`
      return `token ${symbol} = ${getAddress(address)} ${unit}`
    }),
    [...names].flatMap(([index, name]) => {
      const meter = meters[index]
      if (meter === undefined) return []
      return [`${meter.counts === 'calls' ? 'limit' : 'budget'} ${name} = ${limitText(meter, policy)}`]
    }),
    ...rules.map((rule) => [ruleText(rule, policy, names)]),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** The fees line; none where the fees count on a budget that rules charge too, as the language has it where there is no such line. */
const feesText = (policy: Policy): readonly string[] => {
  const { paidBy, where } = policy.fees
  const ways: string[] = []
  if ('meter' in paidBy) {
    const meter = policy.meters[paidBy.meter]
    if (meter === undefined || isCharged(paidBy.meter, policy)) return []
    ways.push(limitText(meter, policy))
  }
  if ('by' in paidBy) ways.push(`sponsored by ${getAddress(paidBy.by)}`)
  if (paidBy.kind === 'unlimited') ways.push('unlimited')
  const conditions = conjunctTexts(where, nameScopeOf(policy.tokens, []))
  return [`fees ${ways.join(' or ')}${conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''}`]
}

const isCharged = (meter: number, { rules }: Policy): boolean =>
  [...rulesWithin(rules)].some(
    (rule) =>
      rule.effect === 'allow' && rule.charges.some((charge) => charge.kind === 'meter' && charge.meter === meter),
  )
