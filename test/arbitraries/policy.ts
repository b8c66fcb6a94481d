import type * as fc from 'fast-check'
import type { Condition, Sum } from '../../src/policy/Condition.js'
import type { Fees } from '../../src/policy/Fees.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Charge, Rule } from '../../src/policy/Rule.js'
import { buildFunctions } from './action.js'
import { buildAddress } from './address.js'
import { buildFees } from './fees.js'
import { buildMeter } from './meter.js'
import { buildAllow, buildDeny, buildSubject, type RuleWorld } from './rule.js'
import { arbitrary, SIZE, type Size, type Source } from './Source.js'
import { buildTokens } from './token.js'

/** A policy as `check` makes them. */
export const buildPolicy = (source: Source, size: Size): Policy => {
  const tokens = buildTokens(source)
  const account = buildAddress(source)
  const key = buildAddress(source)
  const from = source.pick([1_700_000_000, 1_600_000_000, 1_700_000_000 + source.below(100_000_000)])
  const until = from + source.pick([604_800, 86_400, 300, 1 + source.below(400 * 86_400)])
  const world = { tokens, account, key }
  // The first meter is one of ETH, so that fees have what to charge.
  const meters = [
    { ...buildMeter(source, { ...world, tokens: [] }), counts: 'ETH' as const },
    ...source.many(0, 4, () => buildMeter(source, world)),
  ]
  const others = source.many(1, 3, () => buildAddress(source)).filter((address) => address !== account)
  const ruleWorld: RuleWorld = {
    ...world,
    from,
    until,
    functions: buildFunctions(source),
    targets: [...others, ...tokens.map(({ address }) => address)],
    meters,
  }
  const subjects = source.many(1, 4, () => buildSubject(source, ruleWorld))
  const distinct = subjects.filter(
    ({ target, action }, index) =>
      index === subjects.findIndex((other) => other.target === target && other.action === action),
  )
  const rules: Rule[] = source.many(1, size.rules, (index) =>
    index > 0 && source.chance(30)
      ? buildDeny(source, ruleWorld, size)
      : buildAllow(source, ruleWorld, source.pick(distinct), size),
  )
  const fees = buildFees(source, world, meters, size)
  const chainId = source.pick([8453, 1, 10, 2 ** 53 - 1, 424_242])
  return exact({ chainId, account, key, from, until, fees, tokens, meters, rules })
}

/** Policies. */
export const policies = (size: Size = SIZE.medium): fc.Arbitrary<Policy> => arbitrary(size, buildPolicy)

/** The policy with the tokens that it uses and with its meters in the order of their first use. */
const exact = (policy: Policy): Policy => {
  const used: number[] = []
  const numbered = (meter: number): number => {
    if (!used.includes(meter)) used.push(meter)
    return used.indexOf(meter)
  }
  const { paidBy } = policy.fees
  const fees: Fees = {
    ...policy.fees,
    paidBy: 'meter' in paidBy ? { ...paidBy, meter: numbered(paidBy.meter) } : paidBy,
  }
  const chargeOf = (charge: Charge): Charge =>
    charge.kind === 'meter' ? { ...charge, meter: numbered(charge.meter) } : charge
  const rules = policy.rules.map((rule): Rule =>
    rule.effect === 'allow' ? { ...rule, charges: rule.charges.map(chargeOf) } : rule,
  )
  const meters = used.flatMap((index) => policy.meters[index] ?? [])
  const assets = new Set<string>()
  for (const { counts } of meters) assets.add(counts)
  for (const condition of fees.where) addCondition(assets, condition)
  for (const rule of rules) {
    assets.add(rule.target)
    for (const condition of rule.where) addCondition(assets, condition)
    if (rule.effect === 'deny') continue
    for (const asset of rule.unlimited) assets.add(asset)
    for (const charge of rule.charges) {
      if (charge.kind === 'per call') assets.add(charge.asset)
      addSum(assets, charge.amount)
    }
  }
  return { ...policy, fees, meters, rules, tokens: policy.tokens.filter(({ address }) => assets.has(address)) }
}

const addCondition = (assets: Set<string>, condition: Condition): void => {
  switch (condition.kind) {
    case 'and':
      for (const inner of condition.all) addCondition(assets, inner)
      return
    case 'or':
      for (const inner of condition.any) addCondition(assets, inner)
      return
    case 'compare':
      addSum(assets, condition.left)
      addSum(assets, condition.right)
      return
    case 'member':
      for (const row of condition.rows) for (const constant of row) addOperand(assets, { kind: 'constant', constant })
      return
    case 'now':
      addOperand(assets, condition.operand)
      return
    case 'true':
    case 'false':
      return
    default:
      condition satisfies never
  }
}

const addSum = (assets: Set<string>, sum: Sum): void => {
  for (const { scales, factors } of sum) {
    for (const scale of scales)
      if (scale.kind === 'at' || scale.kind === 'sold at') {
        assets.add(scale.quote)
        assets.add(scale.base)
      }
    for (const factor of factors) addOperand(assets, factor)
  }
}

const addOperand = (assets: Set<string>, operand: Operand): void => {
  if (operand.kind !== 'constant') return
  if (operand.constant.kind === 'amount') assets.add(operand.constant.asset)
  if (operand.constant.kind === 'address') assets.add(operand.constant.value)
}
