import type { Condition, Sum } from '../policy/Condition.js'
import type { DeniedAction } from '../policy/Action.js'
import type { AllowRule, DenyRule } from '../policy/Rule.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import type { Choices } from './Choices.js'
import type { DraftCall } from './Draft.js'
import { selectorOf } from './calldata/signature.js'
import { isActive, windowAt } from './moments.js'
import type { Atom } from './solve/Atom.js'
import { flatten, flattenNotAll, type Goal } from './solve/flatten.js'
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

const actionText = (action: DeniedAction): string => (action.kind === 'call' ? selectorOf(action) : action.kind)

/** Whether a deny rule speaks of the calls that an allow rule speaks of. */
export const concerns = (deny: DenyRule, allow: AllowRule): boolean =>
  deny.target === allow.target && (deny.action.kind === 'any' || actionText(deny.action) === actionText(allow.action))

const scopeOf = ({ policy, now, fees }: Task, call?: DraftCall): Scope => ({
  policy,
  now,
  ...(call?.args && { args: call.args }),
  ...(call && { callValue: call.callValue }),
  ...(fees && { fees }),
})

/** The product that an operation's gas costs at most, as a sum. */
const gasCost = (): Sum =>
  (['op.callGasLimit', 'op.verificationGasLimit', 'op.preVerificationGas'] as const).map((name) => ({
    negative: false,
    scales: [],
    factors: [
      { kind: 'environment', name },
      { kind: 'environment', name: 'op.maxFeePerGas' },
    ],
  }))

const asCondition = (thing: object | undefined, conditions: readonly Condition[]): Condition | undefined => {
  const seek = (condition: Condition): boolean =>
    condition === thing ||
    (condition.kind === 'and' && condition.all.some(seek)) ||
    (condition.kind === 'or' && condition.any.some(seek))
  return conditions.some(seek) ? (thing as Condition) : undefined
}

const callGoals = (task: Task, call: DraftCall, choices: Choices): Goal[] => {
  const { policy, now, decisive } = task
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
  for (const deny of policy.rules) {
    if (deny.effect !== 'deny' || !concerns(deny, call.allow) || !isActive(deny, now)) continue
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
  return policy.meters.flatMap((meter, index): Goal[] => {
    const sides: Side[] = calls.flatMap((call) =>
      call.allow.charges.flatMap((charge) =>
        charge.kind === 'meter' && charge.meter === index ? [{ sum: charge.amount, scope: scopeOf(task, call) }] : [],
      ),
    )
    if (charged && 'meter' in paidBy && paidBy.meter === index) sides.push({ sum: gasCost(), scope: scopeOf(task) })
    if (sides.length === 0) return []
    const present = windowAt(policy, index, now)
    const { window, spent } = state.meters[index] ?? { window: 0, spent: 0n }
    const passed: Atom = { kind: 'never' }
    return [
      {
        atom: window > present ? passed : polynomialOf(sides, '<=', meter.limit - (window === present ? spent : 0n)),
        of: meter,
      },
    ]
  })
}

/** Atoms that together make the operation allowed, as far as a solver needs to know: the reference has the last word. */
export const goalsOf = (task: Task, choices: Choices): Goal[] => {
  const scope = scopeOf(task)
  const { where } = task.policy.fees
  const within = asCondition(task.decisive, where)
  return [
    ...task.calls.flatMap((call) => callGoals(task, call, choices)),
    ...(task.fees === undefined
      ? []
      : where.flatMap((condition) =>
          flatten(condition, true, { scope, choices, ...(within && { decisive: within }) }),
        )),
    ...meterGoals(task),
  ]
}
