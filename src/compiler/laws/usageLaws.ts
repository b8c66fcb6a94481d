import type { Condition, Sum } from '../../policy/Condition.js'
import type { Constant } from '../../policy/Operand.js'
import type { Policy } from '../../policy/Policy.js'
import { rulesWithin } from '../rulesWithin.js'
import type { Report } from './Report.js'

/** The tables hold what is used and nothing else, the meters in the order of their first use. */
export const usageLaws = (policy: Policy, report: Report): void => {
  const used = new Set<number>()
  const { paidBy } = policy.fees
  if ('meter' in paidBy) used.add(paidBy.meter)
  for (const rule of rulesWithin(policy.rules)) {
    if (rule.effect === 'allow') for (const charge of rule.charges) if (charge.kind === 'meter') used.add(charge.meter)
  }
  const order = [...used]
  if (order.length !== policy.meters.length || order.some((meter, index) => meter !== index)) {
    report('the meters are not those that are used, the fees’ first and then by first use')
  }
  const assets = assetsIn(policy)
  for (const { symbol, address } of policy.tokens) if (!assets.has(address)) report(`the token ${symbol} is not used`)
}

/** Every address by which the policy may speak of a token: assets, targets, prices, constants. */
export const assetsIn = ({ fees, meters, rules }: Policy): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const { counts } of meters) found.add(counts)
  addConditions(found, fees.where)
  for (const rule of rulesWithin(rules)) {
    found.add(rule.target)
    addConditions(found, rule.where)
    if (rule.effect === 'deny') continue
    for (const asset of rule.unlimited) found.add(asset)
    for (const charge of rule.charges) {
      if (charge.kind === 'per call') found.add(charge.asset)
      addSum(found, charge.amount)
    }
  }
  return found
}

const addConditions = (found: Set<string>, conditions: readonly Condition[]): void => {
  for (const condition of conditions) addCondition(found, condition)
}

const addCondition = (found: Set<string>, condition: Condition): void => {
  switch (condition.kind) {
    case 'and':
      addConditions(found, condition.all)
      return
    case 'or':
      addConditions(found, condition.any)
      return
    case 'compare':
      addSum(found, condition.left)
      addSum(found, condition.right)
      return
    case 'member':
      for (const row of condition.rows) for (const constant of row) addConstant(found, constant)
      for (const operand of condition.operands) if (operand.kind === 'constant') addConstant(found, operand.constant)
      return
    case 'now':
      if (condition.operand.kind === 'constant') addConstant(found, condition.operand.constant)
      return
    case 'every':
    case 'any':
      addConditions(found, condition.body)
      return
    case 'bytes':
    case 'true':
    case 'false':
      return
    default:
      condition satisfies never
  }
}

const addSum = (found: Set<string>, sum: Sum): void => {
  for (const { scales, factors } of sum) {
    for (const factor of factors) if (factor.kind === 'constant') addConstant(found, factor.constant)
    for (const scale of scales) {
      if (scale.kind !== 'at' && scale.kind !== 'sold at') continue
      found.add(scale.quote)
      found.add(scale.base)
    }
  }
}

const addConstant = (found: Set<string>, constant: Constant): void => {
  if (constant.kind === 'amount') found.add(constant.asset)
  if (constant.kind === 'address') found.add(constant.value)
}
