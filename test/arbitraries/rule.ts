import type { FunctionAction } from '../../src/policy/Action.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { AllowRule, Charge, DenyRule, RuleTime } from '../../src/policy/Rule.js'
import type { Asset } from '../../src/policy/Units.js'
import { argumentsOf } from './action.js'
import { buildConditions, plain } from './condition.js'
import { environment, RULE_OPERANDS, sortOf } from './operand.js'
import type { Size, Source } from './Source.js'
import { assetsOf, type World } from './World.js'

/** What all rules of one policy share. */
export type RuleWorld = World & {
  readonly from: number
  readonly until: number
  readonly functions: readonly FunctionAction[]
  readonly targets: readonly Address[]
  readonly meters: readonly Meter[]
}

/** What one allow rule is about; rules about the same thing charge the same. */
export type Subject = {
  readonly target: Address
  readonly action: AllowRule['action']
  readonly charges: readonly Charge[]
  readonly unlimited: readonly Asset[]
}

/** Mostly no times at all; otherwise some of from, until and hours, inside the policy's. */
export const buildTime = (
  source: Source,
  { from, until }: { readonly from: number; readonly until: number },
): RuleTime => {
  if (!source.chance(40)) return {}
  const length = until - from
  const start = source.below(length)
  const end = start + 1 + source.below(length - start)
  const startMinute = source.below(1440)
  return {
    ...(source.chance(50) ? { from: from + start } : {}),
    ...(source.chance(50) ? { until: from + end } : {}),
    ...(source.chance(50)
      ? {
          hours: {
            start: startMinute,
            end: startMinute + 1 + source.below(1440 - startMinute),
            weekdays: source.pick([127, 31, 1 + source.below(127)]),
          },
        }
      : {}),
  }
}

const operandsOf = (action: DenyRule['action']): readonly Operand[] =>
  action.kind === 'call' ? [...argumentsOf(action.inputs), ...RULE_OPERANDS] : RULE_OPERANDS

/** Target, action and what is charged. */
export const buildSubject = (source: Source, world: RuleWorld): Subject => {
  const target = source.pick(world.targets)
  const action: AllowRule['action'] = source.chance(80) ? source.pick(world.functions) : { kind: 'send' }
  const numbers = operandsOf(action).filter((operand) => operand.kind === 'argument' && sortOf(operand) === 'number')
  const charges = source.many(0, 3, () => buildCharge(source, world, target, numbers))
  const charged = new Set(
    charges.map((charge) => (charge.kind === 'meter' ? world.meters[charge.meter]?.counts : charge.asset)),
  )
  return {
    target,
    action,
    // A meter is charged once by a rule.
    charges: charges.filter(
      (charge, index) =>
        charge.kind === 'per call' ||
        index === charges.findIndex((other) => other.kind === 'meter' && other.meter === charge.meter),
    ),
    unlimited: source.chance(20) ? [source.pick(assetsOf(world))].filter((asset) => !charged.has(asset)) : [],
  }
}

const buildCharge = (source: Source, world: RuleWorld, target: Address, numbers: readonly Operand[]): Charge => {
  const index = source.below(world.meters.length)
  const meter = source.chance(70) ? world.meters[index] : undefined
  const asset = meter === undefined ? source.pick(assetsOf(world)) : meter.counts
  if (asset === 'calls' && meter !== undefined) {
    const one: Operand = { kind: 'constant', constant: { kind: 'number', value: 1n } }
    return { kind: 'meter', meter: index, amount: plain(one), assetChecked: true }
  }
  const amount = plain(asset === 'ETH' || numbers.length === 0 ? environment('call.value') : source.pick(numbers))
  const assetChecked = asset === 'ETH' || asset === target
  if (meter !== undefined) return { kind: 'meter', meter: index, amount, assetChecked }
  return { kind: 'per call', asset: asset === 'calls' ? 'ETH' : asset, limit: source.bits(128), amount, assetChecked }
}

/** An allow rule about the subject. */
export const buildAllow = (source: Source, world: RuleWorld, subject: Subject, size: Size): AllowRule => {
  const { target, action, charges, unlimited } = subject
  const ethMayMove =
    unlimited.includes('ETH') ||
    charges.some((charge) => (charge.kind === 'meter' ? world.meters[charge.meter]?.counts : charge.asset) === 'ETH')
  const operands = [...operandsOf(action), ...(ethMayMove ? [environment('call.value')] : [])]
  const where = buildConditions(source, { ...world, operands, now: true }, size.depth)
  return { effect: 'allow', target, action, where, charges, unlimited, ...buildTime(source, world) }
}

/** A deny rule of any kind. */
export const buildDeny = (source: Source, world: RuleWorld, size: Size): DenyRule => {
  const action: DenyRule['action'] = source.chance(60)
    ? source.pick(world.functions)
    : source.pick([{ kind: 'any' } as const, { kind: 'send' } as const])
  const operands = [...operandsOf(action), environment('call.value')]
  const where = buildConditions(source, { ...world, operands, now: false }, size.depth)
  return { effect: 'deny', target: source.pick(world.targets), action, where, ...buildTime(source, world) }
}
