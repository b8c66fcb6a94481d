import { sortOf } from '../../src/compiler/sortOf.js'
import type { CommandAction, FunctionAction } from '../../src/policy/Action.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Argument, Constant, Operand } from '../../src/policy/Operand.js'
import type { AllowRule, Charge, DenyRule } from '../../src/policy/Rule.js'
import type { Asset } from '../../src/policy/Units.js'
import { inputsOf } from '../../src/semantics/concerns.js'
import { buildAddress } from './address.js'
import { buildCharge } from './charge.js'
import { deriveOperands, totalsOf } from './derive.js'
import { MOVERS } from './mover.js'
import { buildConstant, constantOperand, environment, FEE_OPERANDS } from './operand.js'
import { NONE, type Readables, readablesOf } from './readables.js'
import type { Source } from './Source.js'
import { plain } from './sum.js'
import { assetsOf, type World } from './World.js'

/** What all rules of one policy share. */
export type RuleWorld = World & {
  readonly from: number
  readonly until: number
  readonly functions: readonly FunctionAction[]
  readonly commands: readonly CommandAction[]
  readonly targets: readonly Address[]
  readonly meters: readonly Meter[]
  /** Inside a call that brings no ether nothing can be spent of it. */
  readonly noEther?: boolean
}

/** What one allow rule is about. Rules that one call can match charge the same, so that it is nothing which of them is used. */
export type Subject = {
  readonly target: Address
  readonly action: AllowRule['action']
  readonly charges: readonly Charge[]
  readonly unlimited: readonly Asset[]
  /** Conditions that the rule may not go without. */
  readonly needed: readonly Condition[]
  /** What other conditions may speak of. */
  readonly operands: readonly Operand[]
  readonly reach: Readables
  /** What the rules about it say of the calls that it carries. */
  readonly nested?: readonly Nested[]
}

/** The words that a rule about the action may speak of, besides the value of the call. */
export const operandsOf = (action: DenyRule['action']): readonly Operand[] => [
  ...reachOf(action).words,
  ...FEE_OPERANDS,
]

/** What the arguments of the action hold. */
export const reachOf = (action: DenyRule['action']): Readables => readablesOf(inputsOf(action))

/** What a charge counts. */
export const countedBy = (charge: Charge, { meters }: RuleWorld): Meter['counts'] | undefined =>
  charge.kind === 'meter' ? meters[charge.meter]?.counts : charge.asset

/** Subjects of one function on one target: one, or two that a constant keeps apart. */
export const buildSubjects = (source: Source, world: RuleWorld): readonly Subject[] => {
  if (source.chance(20)) return [buildMoverSubject(source, world)]
  const action: AllowRule['action'] = source.chance(85) ? source.pick(world.functions) : { kind: 'send' }
  return buildSubjectsOf(source, world, source.pick(world.targets), action)
}

/** The same for a function that is known. */
export const buildSubjectsOf = (
  source: Source,
  world: RuleWorld,
  target: Address,
  action: AllowRule['action'],
): readonly Subject[] => {
  const words = operandsOf(action)
  const reach = reachOf(action)
  const operands = [...words, ...deriveOperands(source, reach)]
  const build = (needed: readonly Condition[]): Subject => ({
    target,
    action,
    ...buildSpending(source, world, target, action),
    needed,
    operands,
    reach,
  })
  const apart = words.filter((operand) => operand.kind === 'argument' && sortOf(operand) !== 'bool')
  if (apart.length === 0 || !source.chance(20)) return [build([])]
  const operand = source.pick(apart)
  const [one, other] = [
    buildConstant(source, world, operand, undefined),
    buildConstant(source, world, operand, undefined),
  ]
  return one.value === other.value ? [build([])] : [build([equals(operand, one)]), build([equals(operand, other)])]
}

const equals = (operand: Operand, constant: Constant): Condition => ({
  kind: 'compare',
  operator: '==',
  left: plain(operand),
  right: plain(constantOperand(constant)),
})

const buildSpending = (
  source: Source,
  world: RuleWorld,
  target: Address,
  action: AllowRule['action'],
): Pick<Subject, 'charges' | 'unlimited'> => {
  const counted = [...operandsOf(action), ...totalsOf(reachOf(action).lists)]
  const built = source.many(0, 3, () => buildCharge(source, world, world.meters, target, counted))
  const isSpent = (asset: Meter['counts'] | undefined): boolean => asset !== 'ETH' || world.noEther !== true
  const all = once(built.flatMap((charge) => charge ?? [])).filter((charge) => isSpent(countedBy(charge, world)))
  const wanted = source.chance(20) ? [source.pick(assetsOf(world))].filter(isSpent) : []
  if (action.kind === 'send' && world.wide !== true) {
    // A native transfer spends ether, and nothing else.
    const charges = all.filter((charge) => ['ETH', 'calls'].includes(countedBy(charge, world) ?? ''))
    return { charges, unlimited: charges.some((charge) => countedBy(charge, world) === 'ETH') ? [] : ['ETH'] }
  }
  const charged = all.map((charge) => countedBy(charge, world))
  return { charges: all, unlimited: wanted.filter((asset) => !charged.includes(asset)) }
}

/** A rule names a meter once. */
const once = (charges: readonly Charge[]): readonly Charge[] =>
  charges.filter(
    (charge, index) =>
      charge.kind !== 'meter' ||
      index === charges.findIndex((other) => other.kind === 'meter' && other.meter === charge.meter),
  )

/** A function that moves tokens: what it spends is known, so that this and nothing else is counted. */
const buildMoverSubject = (source: Source, world: RuleWorld): Subject => {
  const { action, amount, token, spender } = source.pick(MOVERS)
  const asset = source.pick(world.tokens).address
  const target = token === undefined ? asset : source.pick(world.targets)
  const checked = { amount: plain(amount), assetChecked: true }
  const meters = world.meters.flatMap((meter, index): Charge[] =>
    meter.counts === asset && source.chance(70) ? [{ kind: 'meter', meter: index, ...checked }] : [],
  )
  const perCall: readonly Charge[] = source.chance(40)
    ? [{ kind: 'per call', asset, limit: source.bits(90), ...checked }]
    : []
  const charges = [...meters, ...perCall]
  const needed = [
    ...(token === undefined ? [] : [equals(token, { kind: 'address', value: asset })]),
    ...(spender === undefined ? [] : [equals(spender, { kind: 'address', value: buildAddress(source) })]),
  ]
  // Neither the token nor amounts: another condition on them could say something else than the language knows.
  const operands = operandsOf(action).filter(
    (operand) => operand.kind !== 'argument' || (sortOf(operand) === 'address' && !isSamePath(operand, token)),
  )
  return { target, action, charges, unlimited: charges.length > 0 ? [] : [asset], needed, operands, reach: NONE }
}

const isSamePath = (a: Argument, b: Argument | undefined): boolean => JSON.stringify(a.path) === JSON.stringify(b?.path)

/** The value of the call may be spoken of where ether may be sent. */
export const spokenOf = (subject: Subject, world: RuleWorld): readonly Operand[] =>
  movesEther(subject, world) || world.wide === true
    ? [...subject.operands, environment('call.value')]
    : subject.operands

/** Whether rules about the subject may send ether. */
export const movesEther = ({ unlimited, charges }: Subject, world: RuleWorld): boolean =>
  unlimited.includes('ETH') || charges.some((charge) => countedBy(charge, world) === 'ETH')
