import type { Meter } from '../policy/Meter.js'
import type { AllowRule } from '../policy/Rule.js'

/** Whether a call by this rule may carry value: it budgets ETH, or says `budget unlimited ETH`. */
export const movesEth = (rule: AllowRule, meters: readonly Meter[]): boolean =>
  rule.unlimited.includes('ETH') ||
  rule.charges.some((charge) => (charge.kind === 'meter' ? meters[charge.meter]?.counts : charge.asset) === 'ETH')
