import type { Condition, Sum } from '../policy/Condition.js'
import type { DeniedAction } from '../policy/Action.js'
import type { AllowRule, DenyRule } from '../policy/Rule.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import type { Choices } from './Choices.js'
import type { InnerCall } from './calldata/InnerCall.js'
import type { Draft, DraftCall } from './Draft.js'
import { selectorOf } from './calldata/signature.js'
import { innerCallsOf } from './calldata/Value.js'
import { isActive, spentAt } from './moments.js'
import type { Atom } from './solve/Atom.js'
import { flatten, flattenNotAll, type Goal, partsOf } from './solve/flatten.js'
import { polynomialOf, type Side } from './solve/polynomial.js'
import type { FeeVariables, Scope } from './solve/Scope.js'

/** What a draft is to fulfil. */
export type Task = {
  readonly policy: Policy
  readonly state: State
  readonly now: number
  readonly calls: readonly DraftCall[]
  readonly fees?: FeeVariables
  /** The account pays for gas, and the fees have a meter. */
  readonly charged: boolean
  /** A condition, meter, charge or deny rule on which alone it shall depend whether the operation is allowed. */
  readonly decisive?: object
}

const actionText = (action: DeniedAction): string => {
  switch (action.kind) {
    case 'call':
      return selectorOf(action)
    case 'command':
      return `command ${action.command}`
    default:
      return action.kind
  }
}

/** Whether a deny rule speaks of the calls that an allow rule speaks of. */
export const concerns = (deny: DenyRule, allow: AllowRule): boolean =>
  deny.target === allow.target && (deny.action.kind === 'any' || actionText(deny.action) === actionText(allow.action))

/** Whether a deny rule speaks of an allow rule's calls, or of those that it allows inside them. */
export const touches = (deny: DenyRule, allow: AllowRule): boolean =>
  concerns(deny, allow) ||
  (allow.nested ?? []).some(({ rules }) => rules.some((rule) => rule.effect === 'allow' && touches(deny, rule)))

/** A call of the operation, or one inside it. */
type AnyCall = Pick<DraftCall, 'allow' | 'denies' | 'args' | 'callValue'>

/** The calls inside a call, at every depth, each before those inside it. */
const inside = ({ args }: Pick<AnyCall, 'args'>): InnerCall[] =>
  args ? innerCallsOf(args).flatMap((inner) => [inner, ...inside(inner)]) : []

/** Every call of some, then those inside it. */
const withInner = (calls: readonly AnyCall[]): AnyCall[] => calls.flatMap((call) => [call, ...inside(call)])

/** Every call inside the calls of a draft, at every depth. */
export const innerCalls = ({ calls }: Pick<Draft, 'calls'>): readonly InnerCall[] => calls.flatMap(inside)

const scopeOf = ({ policy, now, fees }: Task, call?: AnyCall): Scope => ({
  policy,
  now,
  ...(call?.args && { args: call.args }),
  ...(call && { callValue: call.callValue }),
  ...(fees && { fees }),
})

/** The product that an operation's gas costs at most, as a sum. */
const GAS_COST: Sum = (['op.callGasLimit', 'op.verificationGasLimit', 'op.preVerificationGas'] as const).map(
  (name) => ({
    negative: false,
    scales: [],
    factors: [
      { kind: 'environment', name },
      { kind: 'environment', name: 'op.maxFeePerGas' },
    ],
  }),
)

const asCondition = (thing: object | undefined, conditions: readonly Condition[]): Condition | undefined => {
  const seek = (condition: Condition): boolean => condition === thing || partsOf(condition).some(seek)
  return conditions.some(seek) ? (thing as Condition) : undefined
}

const callGoals = (task: Task, call: AnyCall, choices: Choices): Goal[] => {
  const { now, decisive } = task
  const scope = scopeOf(task, call)
  const within = asCondition(decisive, call.allow.where)
  const goals = call.allow.where.flatMap((condition) =>
    flatten(condition, true, { scope, choices, ...(within && { decisive: within }) }),
  )
  for (const charge of call.allow.charges) {
    const side = [{ sum: charge.amount, scope }]
    goals.push({ atom: polynomialOf(side, '>=') })
    if (charge.kind === 'per call') goals.push({ atom: polynomialOf(side, '<=', charge.limit), of: charge })
  }
  for (const deny of call.denies) {
    if (!isActive(deny, now)) continue
    const sought = asCondition(decisive, deny.where)
    if (decisive === deny)
      goals.push(...deny.where.flatMap((condition) => flatten(condition, true, { scope, choices })))
    else goals.push(...flattenNotAll(deny.where, { scope, choices, ...(sought && { decisive: sought }) }))
  }
  return goals
}

const meterGoals = (task: Task): Goal[] => {
  const { policy, state, now, calls, charged } = task
  const { paidBy } = policy.fees
  const every = withInner(calls)
  return policy.meters.flatMap((meter, index): Goal[] => {
    const sides: Side[] = every.flatMap((call) =>
      call.allow.charges.flatMap((charge) =>
        charge.kind === 'meter' && charge.meter === index ? [{ sum: charge.amount, scope: scopeOf(task, call) }] : [],
      ),
    )
    if (charged && 'meter' in paidBy && paidBy.meter === index) sides.push({ sum: GAS_COST, scope: scopeOf(task) })
    if (sides.length === 0) return []
    const spent = spentAt(policy, index, state.meters[index], now)
    const passed: Atom = { kind: 'never' }
    return [{ atom: spent === undefined ? passed : polynomialOf(sides, '<=', meter.limit - spent), of: meter }]
  })
}

/** Atoms that together make the operation allowed, as far as a solver needs to know: the reference has the last word. */
export const goalsOf = (task: Task, choices: Choices): Goal[] => {
  const scope = scopeOf(task)
  const { where } = task.policy.fees
  const within = asCondition(task.decisive, where)
  return [
    ...withInner(task.calls).flatMap((call) => callGoals(task, call, choices)),
    ...(task.fees === undefined
      ? []
      : where.flatMap((condition) =>
          flatten(condition, true, { scope, choices, ...(within && { decisive: within }) }),
        )),
    ...meterGoals(task),
  ]
}
