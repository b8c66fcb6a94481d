import { rulesWithin } from '../../compiler/rulesWithin.js'
import type { Remaining } from '../../evaluator/index.js'
import { printCount, printMeter } from '../../explain/printMeter.js'
import type { Policy } from '../../policy/Policy.js'
import { momentText } from './timeText.js'

/** Who charges a meter: the fees, and rules by their number in the policy, from 1. */
export type Chargers = { readonly fees: boolean; readonly rules: readonly number[] }

/** Who charges each meter of a policy. A rule counts for what stands inside its arguments too. */
export const chargersOf = (policy: Policy, meter: number): Chargers => {
  const { paidBy } = policy.fees
  const rules = policy.rules.flatMap((rule, index) => {
    const charges = [...rulesWithin([rule])].flatMap((one) => (one.effect === 'allow' ? one.charges : []))
    return charges.some((charge) => charge.kind === 'meter' && charge.meter === meter) ? [index + 1] : []
  })
  return { fees: 'meter' in paidBy && paidBy.meter === meter, rules }
}

/** One meter in a line: `75 USDC left of 100 USDC a day (rule 2); new window 2026-11-23 13:00:00 UTC, in 3 h`. `present`: unix seconds. */
export const meterText = (policy: Policy, standing: Remaining, present: number): string => {
  const meter = policy.meters[standing.meter]
  if (meter === undefined) throw new Error('a meter that the policy does not have')
  const left = `${printCount(standing.remaining, meter, policy)} left of ${printMeter(meter, policy)}`
  return `${left} (${chargersText(chargersOf(policy, standing.meter))})${nextText(policy, standing, present)}`
}

const chargersText = ({ fees, rules }: Chargers): string => {
  const names = [
    ...(fees ? ['fees'] : []),
    ...(rules.length > 0 ? [`rule${rules.length > 1 ? 's' : ''} ${rules.join(', ')}`] : []),
  ]
  return names.join(' and ')
}

const nextText = (policy: Policy, { meter, windowEnd }: Remaining, present: number): string => {
  const kind = policy.meters[meter]?.window.kind
  if (kind === 'total' || kind === undefined || windowEnd >= policy.until) return ''
  const what = kind === 'rolling' ? 'moves on' : 'new window'
  return `; ${what} ${momentText(windowEnd, present)}`
}
