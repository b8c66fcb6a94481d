import type { Meter } from '../../policy/Meter.js'
import type { Policy } from '../../policy/Policy.js'
import type { AllowRule, Charge, Rule, RuleTime } from '../../policy/Rule.js'
import type { Asset } from '../../policy/Units.js'
import { LIMIT } from '../layout.js'
import { conditionsLaws } from './conditionLaws.js'
import type { LawScope } from './operandLaws.js'
import type { Report } from './Report.js'
import { amountLaws } from './sumLaws.js'

/** One rule: times inside the policy's, conditions and charges that its bytes can hold. */
export const ruleLaws = (rule: Rule, policy: Policy, assets: ReadonlyMap<Asset, number>, report: Report): void => {
  timeLaws(rule, policy, report)
  const scope: LawScope = {
    inputs: rule.action.kind === 'call' ? rule.action.inputs : undefined,
    elements: [],
    call: true,
    now: rule.effect === 'allow',
    assets,
  }
  conditionsLaws(rule.where, scope, report)
  if (rule.effect === 'allow') chargesLaws(rule, policy.meters, scope, report)
}

const timeLaws = ({ from, until, hours }: RuleTime, policy: Policy, report: Report): void => {
  for (const time of [from, until]) {
    if (time !== undefined && (!Number.isInteger(time) || time < policy.from || time > policy.until)) {
      report(`${time} is not within the policy's time`)
    }
  }
  if ((from ?? policy.from) >= (until ?? policy.until)) report('a rule ends before it begins')
  if (hours === undefined) return
  const { start, end, weekdays } = hours
  const whole = [start, end, weekdays].every(Number.isInteger)
  if (!whole || start < 0 || start >= end || end > LIMIT.minutesOfDay)
    report(`hours from minute ${start} to ${end} are none of a day`)
  if (!whole || weekdays < 1 || weekdays > LIMIT.weekdays) report(`weekdays ${weekdays} are not 1 to ${LIMIT.weekdays}`)
}

const chargesLaws = (rule: AllowRule, meters: readonly Meter[], scope: LawScope, report: Report): void => {
  if (rule.charges.length > LIMIT.charges) report(`${rule.charges.length} charges are more than ${LIMIT.charges}`)
  for (const charge of rule.charges) {
    amountLaws(charge.amount, scope, report)
    const counts = countedBy(charge, meters)
    if (counts === undefined) report('a charge names no meter')
    if (counts === 'calls' && !isOne(charge.amount)) report('a meter of calls is charged the number 1')
    if ((counts === 'calls' || counts === 'ETH') && !charge.assetChecked) report(`${counts} need no check of the asset`)
    if (charge.kind === 'meter') continue
    if (!scope.assets.has(charge.asset)) report(`a charge of ${charge.asset}, which is none of the tokens`)
    if (charge.limit < 0n || charge.limit >= 1n << 256n) report(`a limit of ${charge.limit} is no number of 256 bits`)
  }
  if (rule.unlimited.length > LIMIT.unlimited)
    report(`${rule.unlimited.length} unlimited assets are more than ${LIMIT.unlimited}`)
  for (const [index, asset] of rule.unlimited.entries()) {
    if (!scope.assets.has(asset)) report(`${asset} is none of the tokens`)
    if (rule.unlimited.indexOf(asset) !== index) report(`${asset} is said to be unlimited twice`)
  }
}

const countedBy = (charge: Charge, meters: readonly Meter[]): Meter['counts'] | undefined =>
  charge.kind === 'meter' ? meters[charge.meter]?.counts : charge.asset

const isOne = (amount: Charge['amount']): boolean => {
  const [term] = amount
  if (term === undefined || amount.length > 1 || term.negative || term.scales.length > 0) return false
  const [factor, second] = term.factors
  if (second !== undefined || factor.kind !== 'constant') return false
  return factor.constant.kind === 'number' && factor.constant.value === 1n
}
