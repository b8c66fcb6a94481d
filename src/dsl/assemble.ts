import type { Condition, Sum } from '../policy/Condition.js'
import type { Address } from '../policy/Hex.js'
import type { Meter } from '../policy/Meter.js'
import type { Constant, Operand } from '../policy/Operand.js'
import type { Policy } from '../policy/Policy.js'
import type { Nested } from '../policy/Nested.js'
import type { Charge, Rule } from '../policy/Rule.js'
import type { Asset, Token } from '../policy/Units.js'
import type { Context } from './resolve/Context.js'
import type { Draft, DraftCharge, DraftNested } from './resolve/Draft.js'
import type { DraftFees } from './resolve/fees.js'

/** The policy that checked drafts mean: meters get their positions, and the tokens are those that something speaks of. */
export function assemble(drafts: readonly Draft[], fees: DraftFees, until: number, context: Context): Policy {
  const { facts } = context
  const positions = new Map<Meter, number>()
  const meter = (one: Meter): number => {
    const position = positions.get(one) ?? positions.size
    positions.set(one, position)
    return position
  }
  const { paidBy } = fees
  const payment = 'meter' in paidBy ? { ...paidBy, meter: meter(paidBy.meter) } : paidBy
  const rules = drafts.map((draft) => ruleOf(draft, meter))
  const meters = [...positions.keys()]
  return {
    chainId: facts.chainId,
    account: facts.account,
    key: facts.key,
    from: facts.from,
    until,
    fees: { paidBy: payment, where: fees.where },
    tokens: tokensUsed(rules, meters, fees.where, context),
    meters,
    rules,
  }
}

function ruleOf(draft: Draft, meter: (meter: Meter) => number): Rule {
  const { place, where, time } = draft
  if (draft.effect === 'deny') return { effect: 'deny', target: place.address, action: draft.action, where, ...time }
  const charges = draft.charges.map((charge: DraftCharge): Charge =>
    charge.kind === 'meter' ? { ...charge, meter: meter(charge.meter) } : charge,
  )
  // The rule's own charges come before those of the rules inside it.
  const nested = draft.nested.map((block) => nestedOf(block, meter))
  return {
    effect: 'allow',
    target: place.address,
    action: draft.action,
    where,
    charges,
    unlimited: draft.unlimited,
    ...time,
    ...(nested.length > 0 && { nested }),
  }
}

function nestedOf(block: DraftNested, meter: (meter: Meter) => number): Nested {
  const rules = block.drafts.map((draft) => ruleOf(draft, meter))
  switch (block.form) {
    case 'calls':
      return { form: block.form, list: block.list, rules }
    case 'multisend':
      return { form: block.form, list: block.list, rules }
    case 'commands':
      return { form: block.form, list: block.list, inputs: block.inputs, rules }
    default:
      return block satisfies never
  }
}

/** Tokens in the order of their declaration: as asset, target, price or address constant. */
function tokensUsed(
  rules: readonly Rule[],
  meters: readonly Meter[],
  feesWhere: readonly Condition[],
  { names }: Context,
): readonly Token[] {
  const used = new Set<Asset | 'calls'>()
  for (const meter of meters) used.add(meter.counts)
  for (const condition of feesWhere) addCondition(condition, used)
  for (const rule of rules) addRule(rule, used)
  return [...names.entities.values()].flatMap((entity) => {
    if (entity.kind !== 'token' || entity.address === undefined || entity.decimals === undefined) return []
    return used.has(entity.address) ? [{ symbol: entity.name, address: entity.address, decimals: entity.decimals }] : []
  })
}

type Used = Set<Asset | 'calls' | Address>

function addRule(rule: Rule, used: Used): void {
  used.add(rule.target)
  for (const condition of rule.where) addCondition(condition, used)
  if (rule.effect === 'deny') return
  for (const asset of rule.unlimited) used.add(asset)
  for (const charge of rule.charges) {
    if (charge.kind === 'per call') used.add(charge.asset)
    addSum(charge.amount, used)
  }
  for (const block of rule.nested ?? []) for (const inner of block.rules) addRule(inner, used)
}

function addCondition(condition: Condition, used: Used): void {
  switch (condition.kind) {
    case 'and':
      for (const part of condition.all) addCondition(part, used)
      return
    case 'or':
      for (const part of condition.any) addCondition(part, used)
      return
    case 'compare':
      addSum(condition.left, used)
      addSum(condition.right, used)
      return
    case 'member':
      for (const row of condition.rows) for (const constant of row) addConstant(constant, used)
      for (const operand of condition.operands) addOperand(operand, used)
      return
    case 'every':
    case 'any':
      for (const part of condition.body) addCondition(part, used)
      return
    case 'bytes':
    case 'now':
    case 'true':
    case 'false':
      return
    default:
      condition satisfies never
  }
}

function addSum(sum: Sum, used: Used): void {
  for (const { scales, factors } of sum) {
    for (const scale of scales)
      if (scale.kind === 'at' || scale.kind === 'sold at') used.add(scale.quote).add(scale.base)
    for (const factor of factors) addOperand(factor, used)
  }
}

function addOperand(operand: Operand, used: Used): void {
  if (operand.kind === 'constant') addConstant(operand.constant, used)
}

function addConstant(constant: Constant, used: Used): void {
  if (constant.kind === 'address') used.add(constant.value)
  if (constant.kind === 'amount') used.add(constant.asset)
}
