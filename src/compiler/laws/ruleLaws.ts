import type { Meter } from '../../policy/Meter.js'
import type { Nested } from '../../policy/Nested.js'
import type { Policy } from '../../policy/Policy.js'
import type { AllowRule, Charge, Rule, RuleTime } from '../../policy/Rule.js'
import type { Asset } from '../../policy/Units.js'
import { isCallable } from '../FunctionShape.js'
import { LIMIT } from '../layout.js'
import { conditionsLaws } from './conditionLaws.js'
import type { LawScope } from './operandLaws.js'
import { listLaws } from './placeLaws.js'
import type { Report } from './Report.js'
import { amountLaws } from './sumLaws.js'

/** One rule: times inside the policy's, an action that may stand where it does, conditions, charges and nested calls that its bytes can hold. */
export const ruleLaws = (rule: Rule, policy: Policy, assets: ReadonlyMap<Asset, number>, report: Report): void => {
  if (rule.action.kind === 'command') report('a command stands in no list of commands')
  lawsOf(rule, { policy, assets, blocks: 0 }, report)
}

/** What rules stand in: `blocks` counts the blocks around. */
type Surroundings = {
  readonly policy: Policy
  readonly assets: ReadonlyMap<Asset, number>
  readonly blocks: number
}

const lawsOf = (rule: Rule, around: Surroundings, report: Report): void => {
  const { policy, assets } = around
  timeLaws(rule, policy, report)
  const scope: LawScope = {
    inputs: isCallable(rule.action) ? rule.action.inputs : undefined,
    elements: [],
    call: true,
    now: rule.effect === 'allow',
    assets,
  }
  conditionsLaws(rule.where, scope, report)
  if (rule.effect === 'deny') return
  chargesLaws(rule, policy.meters, scope, report)
  if (rule.nested !== undefined) nestedLaws(rule, rule.nested, scope, around, report)
}

const nestedLaws = (
  { target }: AllowRule,
  nested: readonly Nested[],
  scope: LawScope,
  around: Surroundings,
  report: Report,
): void => {
  const blocks = around.blocks + 1
  if (blocks > LIMIT.nestedDepth) return report(`calls are nested more than ${LIMIT.nestedDepth} deep`)
  if (nested.length < 1 || nested.length > LIMIT.nested)
    report(`${nested.length} blocks of nested calls are not 1 to ${LIMIT.nested}`)
  for (const block of nested) {
    listLaws(block, scope, report)
    if (block.rules.length > LIMIT.nestedRules)
      report(`${block.rules.length} nested rules are more than ${LIMIT.nestedRules}`)
    if (!block.rules.some(({ effect }) => effect === 'allow')) report('no rule of a block allows anything')
    for (const rule of block.rules) {
      if ((rule.action.kind === 'command') !== (block.form === 'commands'))
        report('commands, and nothing else, stand in a list of commands')
      if (block.form !== 'multisend' && rule.target !== target)
        report(`the target of nested ${block.form} is that of the rule around them`)
      lawsOf(rule, { ...around, blocks }, report)
    }
  }
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
