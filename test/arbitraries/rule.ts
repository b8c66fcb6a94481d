import { sortOf } from '../../src/compiler/sortOf.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { AllowRule, DenyRule, RuleTime } from '../../src/policy/Rule.js'
import { buildConditions } from './condition.js'
import { inputsOf } from '../../src/semantics/concerns.js'
import { deriveOperands } from './derive.js'
import { isFixedTo } from './isFixedTo.js'
import { constantOperand, environment } from './operand.js'
import type { Size, Source } from './Source.js'
import { countedBy, operandsOf, reachOf, type RuleWorld, spokenOf, type Subject } from './subject.js'
import { plain } from './sum.js'

export type { RuleWorld } from './subject.js'

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

/** An allow rule about the subject. */
export const buildAllow = (source: Source, world: RuleWorld, subject: Subject, size: Size): AllowRule => {
  const { target, action, unlimited, needed, reach, nested } = subject
  const operands = spokenOf(subject, world)
  // Beside an argument called `now` the word cannot be said.
  const now = world.wide === true || inputsOf(action).every(({ name }) => name !== 'now')
  const own = buildConditions(source, { ...world, operands, reach, now }, size.depth)
  const where = [...needed, ...naming(source, world, subject), ...own]
  const charges = subject.charges.map((charge) => {
    const asset = countedBy(charge, world)
    if (asset === 'calls' || asset === 'ETH' || asset === undefined) return charge
    return { ...charge, assetChecked: asset === target || isFixedTo(asset, where, world) }
  })
  const time = buildTime(source, world)
  return { effect: 'allow', target, action, where, charges, unlimited, ...time, ...(nested && { nested }) }
}

/** Sometimes a condition that fixes an argument to a token that is charged. */
const naming = (source: Source, world: RuleWorld, subject: Subject): readonly Condition[] => {
  const assets = subject.charges.map((charge) => countedBy(charge, world))
  const token = assets.find((asset) => asset !== 'ETH' && asset !== 'calls')
  const operand = subject.operands.find((one) => one.kind === 'argument' && sortOf(one) === 'address')
  if (token === undefined || operand === undefined || !source.chance(50)) return []
  const constant = { kind: 'address', value: token } as const
  return [{ kind: 'compare', operator: '==', left: plain(operand), right: plain(constantOperand(constant)) }]
}

/** A deny rule of any kind, or about one of the actions. */
export const buildDeny = (
  source: Source,
  world: RuleWorld,
  size: Size,
  actions?: readonly DenyRule['action'][],
): DenyRule => {
  const action = source.pick(
    actions ?? (source.chance(60) ? world.functions : [{ kind: 'any' } as const, { kind: 'send' } as const]),
  )
  const reach = reachOf(action)
  const operands = [...operandsOf(action), environment('call.value'), ...deriveOperands(source, reach)]
  const where = buildConditions(source, { ...world, operands, reach, now: false }, size.depth)
  return { effect: 'deny', target: source.pick(world.targets), action, where, ...buildTime(source, world) }
}
