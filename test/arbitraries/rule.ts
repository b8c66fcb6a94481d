import { sortOf } from '../../src/compiler/sortOf.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { AllowRule, Charge, DenyRule, RuleTime } from '../../src/policy/Rule.js'
import type { Asset } from '../../src/policy/Units.js'
import { argumentsOf } from './action.js'
import { buildCharge } from './charge.js'
import { buildConditions } from './condition.js'
import { isFixedTo } from './isFixedTo.js'
import { constantOperand, environment, FEE_OPERANDS } from './operand.js'
import type { Size, Source } from './Source.js'
import { plain } from './sum.js'
import { assetsOf, type World } from './World.js'

/** What all rules of one policy share. */
export type RuleWorld = World & {
  readonly from: number
  readonly until: number
  readonly functions: readonly FunctionAction[]
  readonly targets: readonly Address[]
  readonly meters: readonly Meter[]
}

/** What one allow rule is about; rules about the same thing charge the same, so that it is nothing which of them is used. */
export type Subject = {
  readonly target: Address
  readonly action: AllowRule['action']
  readonly charges: readonly Charge[]
  readonly unlimited: readonly Asset[]
  /** Conditions that the function may not go without. */
  readonly needed: readonly Condition[]
}

/** Mostly no times at all; otherwise some of from, until and hours, inside the policy's. */
export const buildTime = (
  source: Source,
  { from, until }: { readonly from: number; readonly until: number },
): RuleTime => {
  if (!source.chance(40)) return {}
  const length = until - from
  const start = source.below(Math.min(length, 2 ** 31))
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
  action.kind === 'call' ? [...argumentsOf(action.inputs), ...FEE_OPERANDS] : FEE_OPERANDS

/** Target, action and what is charged. */
export const buildSubject = (source: Source, world: RuleWorld): Subject => {
  const target = source.pick(world.targets)
  const action: AllowRule['action'] = source.chance(85) ? source.pick(world.functions) : { kind: 'send' }
  const built = source.many(0, 3, () => buildCharge(source, world, world.meters, target, operandsOf(action)))
  // A rule names a meter once.
  const charges = built.filter((charge, index): charge is Charge => {
    if (charge?.kind !== 'meter') return charge !== undefined
    return index === built.findIndex((other) => other?.kind === 'meter' && other.meter === charge.meter)
  })
  const charged = charges.map((charge) => countedBy(charge, world))
  const wanted = source.chance(20) ? [source.pick(assetsOf(world))] : []
  // A native transfer spends ether, and so it is budgeted.
  if (action.kind === 'send' && world.wide !== true && !wanted.includes('ETH')) wanted.push('ETH')
  const unlimited = wanted.filter((asset) => !charged.includes(asset))
  return { target, action, charges, unlimited, needed: [] }
}

const countedBy = (charge: Charge, { meters }: RuleWorld): Meter['counts'] | undefined =>
  charge.kind === 'meter' ? meters[charge.meter]?.counts : charge.asset

/** An allow rule about the subject. */
export const buildAllow = (source: Source, world: RuleWorld, subject: Subject, size: Size): AllowRule => {
  const { target, action, unlimited, needed } = subject
  const movesEth =
    unlimited.includes('ETH') ||
    subject.charges.some((charge) => countedBy(charge, world) === 'ETH') ||
    world.wide === true
  const operands = [...operandsOf(action), ...(movesEth ? [environment('call.value')] : [])]
  // Beside an argument called `now` the word cannot be said.
  const now = world.wide === true || action.kind === 'send' || action.inputs.every(({ name }) => name !== 'now')
  const own = buildConditions(source, { ...world, operands, now }, size.depth)
  const where = [...needed, ...naming(source, world, subject), ...own]
  const charges = subject.charges.map((charge) => {
    const asset = countedBy(charge, world)
    if (asset === 'calls' || asset === 'ETH' || asset === undefined) return charge
    return { ...charge, assetChecked: asset === target || isFixedTo(asset, where, world) }
  })
  return { effect: 'allow', target, action, where, charges, unlimited, ...buildTime(source, world) }
}

/** Sometimes a condition that fixes an argument to a token that is charged. */
const naming = (source: Source, world: RuleWorld, { action, charges }: Subject): readonly Condition[] => {
  const assets = charges.map((charge) => countedBy(charge, world))
  const token = assets.find((asset) => asset !== 'ETH' && asset !== 'calls')
  const operand = operandsOf(action).find((one) => one.kind === 'argument' && sortOf(one) === 'address')
  if (token === undefined || operand === undefined || !source.chance(50)) return []
  const constant = { kind: 'address', value: token } as const
  return [{ kind: 'compare', operator: '==', left: plain(operand), right: plain(constantOperand(constant)) }]
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
