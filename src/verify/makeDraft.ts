import type { Operand } from '../policy/Operand.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import type { Nested } from '../policy/Nested.js'
import type { AllowRule, DenyRule, Rule } from '../policy/Rule.js'
import type { State } from '../policy/State.js'
import { hexOf, numberBytes } from './bytes.js'
import type { InnerCall } from './calldata/InnerCall.js'
import { lengthsFor, operandsOfRule, type Wishes, wishesOf } from './calldata/lengths.js'
import { emptyTuple, type TupleValue, type Value, wordsOf } from './calldata/Value.js'
import type { Choices } from './Choices.js'
import type { Draft, DraftCall } from './Draft.js'
import { concerns, goalsOf, touches } from './goals.js'
import { isActive } from './moments.js'
import { type FeeVariables, valueAt } from './solve/Scope.js'
import { solve } from './solve/solve.js'
import { type Variable, variableOf } from './solve/Variable.js'

/** What kind of draft is wanted. */
export type Wanted = {
  /** For each call the index of the allow rule that it is made for. */
  readonly rules: readonly number[]
  readonly now: number
  readonly state: State
  readonly runtime?: boolean
  /** A condition, meter, charge or deny rule on which alone it shall depend whether the operation is allowed. */
  readonly decisive?: object
  /** A nested rule that some call inside a call shall be made for. */
  readonly inner?: Rule
  /** Who pays for gas, where the fees line leaves a choice. */
  readonly sponsored?: boolean
  /** Values as they come, whether they are allowed or not. */
  readonly unsolved?: boolean
}

/** Numbers that the policy itself speaks of; cases are likelier to be interesting near them. */
const constantsOf = (rule: AllowRule, operands: readonly Operand[], policy: Policy): bigint[] => [
  ...operands.flatMap((operand) => (operand.kind === 'constant' ? [BigInt(operand.constant.value)] : [])),
  BigInt(policy.account),
  BigInt(policy.key),
  BigInt(rule.target),
]

const clamped = (value: bigint, { min, max }: Variable): bigint => (value < min ? min : value > max ? max : value)

const scatter = (variable: Variable, constants: readonly bigint[], choices: Choices): void => {
  const { min, max } = variable
  switch (choices.below(6)) {
    case 0:
      variable.value = clamped(0n, variable)
      return
    case 1:
      variable.value = clamped(BigInt(choices.below(1000)), variable)
      return
    case 2:
      variable.value = max
      return
    case 3:
      variable.value = min + choices.big(max - min)
      return
    case 4:
      variable.value = min
      return
    default:
      variable.value = clamped(choices.pick(constants), variable)
  }
}

const fillBytes = (value: Value, choices: Choices): void => {
  switch (value.kind) {
    case 'bytes':
      value.bytes = value.bytes.map((_, index) => (index < 4 ? choices.below(256) : index))
      return
    case 'array':
      for (const element of value.elements) fillBytes(element, choices)
      return
    case 'tuple':
      for (const component of value.components) fillBytes(component, choices)
      return
    case 'word':
      return
    default:
      value satisfies never
  }
}

/** Whether a rule lets ether be sent: it budgets it, or says that it is unlimited. */
export const maySpendEther = (rule: AllowRule, policy: Policy): boolean =>
  rule.unlimited.includes('ETH') ||
  rule.charges.some(
    (charge) => (charge.kind === 'meter' ? policy.meters[charge.meter]?.counts : charge.asset) === 'ETH',
  )

const draftCall = (policy: Policy, index: number, wanted: Wanted, choices: Choices): DraftCall | undefined => {
  const allow = policy.rules[index]
  if (allow?.effect !== 'allow') return undefined
  const denies = policy.rules.filter((rule) => rule.effect === 'deny')
  const callValue: Variable = {
    name: 'call.value',
    value: 0n,
    min: 0n,
    max: maySpendEther(allow, policy) ? (1n << 256n) - 1n : 0n,
  }
  const task = { policy, now: wanted.now, choices, ...(wanted.inner && { inner: wanted.inner }) }
  if (callValue.max > 0n) scatter(callValue, constantsOf(allow, operandsOfRule(allow), policy), choices)
  const args = draftArguments(allow, denies, callValue, task)
  return {
    rule: index,
    allow,
    denies: denies.filter((deny) => concerns(deny, allow)),
    callValue,
    ...(args && { args }),
  }
}

/** What the calls of one operation are drafted for. */
type InnerTask = { readonly policy: Policy; readonly now: number; readonly choices: Choices; readonly inner?: Rule }

/** What drafts of a rule's calls are made from. */
type Interest = { readonly policy: Policy; readonly constants: readonly bigint[]; readonly wishes: Wishes }

/** Remembered, for drafts of one rule are made a thousand times; within one policy the same denies always stand around it. */
const interests = new WeakMap<AllowRule, Interest>()

const interestOf = (allow: AllowRule, denies: readonly DenyRule[], policy: Policy): Interest => {
  const known = interests.get(allow)
  if (known?.policy === policy) return known
  const readers: Rule[] = [allow, ...denies.filter((deny) => concerns(deny, allow))]
  const constants = constantsOf(allow, readers.flatMap(operandsOfRule), policy)
  const interest = { policy, constants, wishes: wishesOf(readers) }
  interests.set(allow, interest)
  return interest
}

/** Arguments of any values, with calls inside them where the rule has some. `denies`: all that stand around. */
const draftArguments = (
  allow: AllowRule,
  denies: readonly DenyRule[],
  callValue: Variable,
  task: InnerTask,
): TupleValue | undefined => {
  const { policy, choices } = task
  if (allow.action.kind === 'send') return undefined
  const { constants, wishes } = interestOf(allow, denies, policy)
  const args = emptyTuple(allow.action.inputs, '', lengthsFor(wishes, choices))
  for (const { variable } of wordsOf(args)) scatter(variable, constants, choices)
  fillBytes(args, choices)
  for (const block of allow.nested ?? []) draftBlock(block, args, denies, callValue, task)
  return args
}

/** Puts calls that the rules of the block are made for into its place. */
const draftBlock = (
  block: Nested,
  args: TupleValue,
  around: readonly DenyRule[],
  callValue: Variable,
  task: InnerTask,
): void => {
  const { policy, now, choices } = task
  const scope = { policy, now, args }
  const denies = [...around, ...block.rules.filter((rule) => rule.effect === 'deny')]
  const list = valueAt(block.form === 'calls' ? block.list : block.list.place, scope)
  const slots = block.form === 'commands' ? valueAt(block.inputs, scope) : list
  const all = block.rules.filter((rule) => rule.effect === 'allow')
  const active = all.filter((rule) => isActive(rule, now))
  const sought = all.find((rule) => task.inner !== undefined && reaches(rule, task.inner))
  const make = (first: boolean): InnerCall | undefined => {
    const allow = first && sought ? sought : choices.pick(active.length > 0 ? active : all)
    const own = block.form === 'multisend' ? recordValue(allow, policy, choices) : callValue
    const inner = draftArguments(allow, denies, own, task)
    return {
      allow,
      denies: denies.filter((deny) => concerns(deny, allow)),
      callValue: own,
      to: allow.target,
      operation: 0,
      ...(inner && { args: inner }),
    }
  }
  if (block.form === 'multisend') {
    if (list?.kind !== 'bytes') return
    const count = choices.pick([1, 2, 3, 0])
    list.holds = { form: 'records', records: calls(sought ? Math.max(count, 1) : count, make) }
    return
  }
  if (slots?.kind !== 'array') return
  // Now and then more than one element is needed for a count that a condition speaks of; those are as the array was made.
  if (sought && slots.elements.length === 0) slots.elements = [slots.fresh()]
  if (slots.elements.length === 0 && choices.chance(50)) slots.elements = [slots.fresh()]
  for (const [index, element] of slots.elements.entries()) {
    const call = make(index === 0)
    if (element.kind === 'bytes' && call) element.holds = { form: 'call', call }
  }
  if (block.form === 'commands' && list?.kind === 'bytes') list.holds = { form: 'commands', inputs: slots }
}

const calls = (count: number, make: (first: boolean) => InnerCall | undefined): InnerCall[] =>
  Array.from({ length: count }, (_, index) => make(index === 0)).filter((call) => call !== undefined)

/** Whether a rule is the one sought, or has it inside. */
const reaches = (rule: Rule, sought: Rule): boolean =>
  rule === sought ||
  (rule.effect === 'allow' &&
    ((sought.effect === 'deny' && touches(sought, rule)) ||
      (rule.nested ?? []).some(({ rules }) => rules.some((each) => each.effect === 'allow' && reaches(each, sought)))))

const recordValue = (allow: AllowRule, policy: Policy, choices: Choices): Variable => {
  const max = maySpendEther(allow, policy) ? (1n << 256n) - 1n : 0n
  const value: Variable = { name: 'call.value', value: 0n, min: 0n, max }
  if (max > 0n) scatter(value, constantsOf(allow, operandsOfRule(allow), policy), choices)
  return value
}

const draftFees = (choices: Choices): FeeVariables => {
  const field = (name: string, bits: number, usual: readonly bigint[]): Variable => ({
    ...variableOf(name, { kind: 'uint', bits }),
    value: choices.pick([...usual, 0n, (1n << BigInt(bits)) - 1n]),
  })
  return {
    callGasLimit: field('op.callGasLimit', 128, [100_000n, 1n]),
    verificationGasLimit: field('op.verificationGasLimit', 128, [100_000n, 1n]),
    preVerificationGas: field('op.preVerificationGas', 256, [50_000n, 1n]),
    maxFeePerGas: field('op.maxFeePerGas', 128, [1_000_000_000n, 1n]),
    maxPriorityFeePerGas: field('op.maxPriorityFeePerGas', 128, [1_000_000n, 1n]),
  }
}

const someAddress = (choices: Choices): Address => hexOf(numberBytes(choices.big((1n << 160n) - 2n) + 1n, 20))
const someTail = (choices: Choices): string => 'ab'.repeat(choices.pick([0, 32, 1, 100]))

const draftPaymaster = ({ fees: { paidBy } }: Policy, sponsored: boolean, choices: Choices): Hex => {
  switch (paidBy.kind) {
    case 'budget':
      return '0x'
    case 'sponsored':
      return `${paidBy.by}${someTail(choices)}`
    case 'budget or sponsored':
      return sponsored ? `${paidBy.by}${someTail(choices)}` : '0x'
    case 'unlimited':
      return sponsored ? `${someAddress(choices)}${someTail(choices)}` : '0x'
    default:
      return paidBy satisfies never
  }
}

/** An operation made to be allowed: shapes, moment and payer are chosen first, then values are solved for; undefined if none were found. */
export const makeDraft = (policy: Policy, wanted: Wanted, choices: Choices): Draft | undefined => {
  const { now, state, runtime, decisive } = wanted
  const calls = wanted.rules.flatMap((rule) => draftCall(policy, rule, wanted, choices) ?? [])
  if (calls.length < wanted.rules.length) return undefined
  const fees = runtime ? undefined : draftFees(choices)
  const sponsored = wanted.sponsored ?? choices.chance(30)
  const paymasterAndData = draftPaymaster(policy, sponsored, choices)
  const charged = fees !== undefined && 'meter' in policy.fees.paidBy && paymasterAndData === '0x'
  const task = { policy, state, now, calls, charged, ...(fees && { fees }), ...(decisive && { decisive }) }
  const goals = goalsOf(task, choices)
  if (wanted.unsolved !== true && !solve(goals, choices)) return undefined
  return { calls, now, paymasterAndData, goals, ...(fees && { fees }) }
}
