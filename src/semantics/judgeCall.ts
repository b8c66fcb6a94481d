import type { DenialCode } from '../policy/Denial.js'
import type { Address } from '../policy/Hex.js'
import type { Nested } from '../policy/Nested.js'
import type { OperationFees } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { AllowRule, DenyRule, Rule } from '../policy/Rule.js'
import { type Called, argumentsOf } from './Called.js'
import type { Context } from './Context.js'
import { type Interval, always, intersect } from './Interval.js'
import { concerns, inputsOf } from './concerns.js'
import { holds, momentsOfAll } from './holds.js'
import { nestedCalls } from './nestedCalls.js'
import { isExactly } from './readPlace.js'
import { activeMoments, silentMoments } from './times.js'
import { amountOf } from './valueOf.js'

/** What a call is judged in. */
export type Surroundings = {
  readonly policy: Policy
  /** Unix seconds. */
  readonly now: number
  readonly fees: OperationFees | undefined
  /** Targets of no call, at any depth. */
  readonly forbidden: readonly Address[]
  /** The deny rules that stand around, from the outside in; `index` is that of the policy's own. */
  readonly denies: readonly { readonly rule: DenyRule; readonly index?: number }[]
}

/** What an allow rule that holds grants: what is charged to meters, in this order, and when. */
export type Granted = {
  readonly holds: true
  readonly interval: Interval
  readonly charges: readonly { readonly meter: number; readonly amount: bigint }[]
}

/** Why an allow rule does not hold: its first objection. `by` is the deny rule that objects, `inner` the objection to a call inside. */
export type Objection = {
  readonly holds: false
  readonly code: DenialCode
  readonly by?: number
  readonly inner?: Objection
}

/** Judges a call by rules of which the first that holds is used; `rule` is an index into them. */
export function chooseRule(
  call: Called,
  rules: readonly Rule[],
  around: Surroundings,
):
  | (Granted & { readonly rule: number })
  | { readonly holds: false; readonly objections: readonly (Objection & { readonly rule?: number })[] } {
  if (around.forbidden.includes(call.to)) return { holds: false, objections: [no('forbidden-target')] }
  const objections: (Objection & { readonly rule: number })[] = []
  for (const [rule, candidate] of rules.entries()) {
    if (candidate.effect !== 'allow' || !concerns(candidate, call)) continue
    const judgement = judgeCall(candidate, call, around)
    if (judgement.holds) return { ...judgement, rule }
    objections.push({ ...judgement, rule })
  }
  return { holds: false, objections: objections.length > 0 ? objections : [no('no-rule')] }
}

/** Judges a call by one allow rule that concerns it, by every deny rule, and what it carries by the rules nested in that one. */
function judgeCall(rule: AllowRule, call: Called, around: Surroundings): Granted | Objection {
  const { now } = around
  const own = contextOf(rule, call, around)

  // Bytes behind an encoding are in common use outside, but nested calls are read by contracts that may do anything with them.
  if (call.carried !== undefined && !isExactly(own.inputs, argumentsOf(call))) return no('malformed-operation')

  // The value of a multisend's record is its own; otherwise the rule around has decided on it.
  const ownValue = call.carried === undefined || call.carried === 'multisend'
  if (ownValue && call.value !== 0n && !maySpendEth(rule, around)) return no('value-not-allowed')

  const active = activeMoments(rule, now)
  if (typeof active === 'string') return no(active)

  if (!rule.where.every((condition) => holds(condition, own, false))) return no('condition-failed')
  let interval = intersect(active, momentsOfAll(rule.where, own))

  for (const { rule: deny, index } of around.denies) {
    if (!concerns(deny, call)) continue
    const silent = silence(deny, contextOf(deny, call, around))
    if (silent === undefined) return { ...no('denied-by-rule'), ...(index === undefined ? {} : { by: index }) }
    interval = intersect(interval, silent)
  }

  const charges: { meter: number; amount: bigint }[] = []
  let perCallExceeded = false
  for (const charge of rule.charges) {
    const amount = amountOf(charge.amount, own)
    if (amount === undefined) return no('amount-unreadable')
    if (charge.kind === 'meter') charges.push({ meter: charge.meter, amount })
    else if (amount > charge.limit) perCallExceeded = true
  }
  if (perCallExceeded) return no('per-call-exceeded')

  for (const nested of rule.nested ?? []) {
    const carried = nestedCalls(nested, call, own)
    if (carried === undefined) return no('nested-call-denied')
    const inside = { ...around, denies: [...around.denies, ...deniesOf(nested)] }
    for (const one of carried) {
      const choice = chooseRule(one, nested.rules, inside)
      if (!choice.holds) return { ...no('nested-call-denied'), inner: choice.objections[0] ?? no('no-rule') }
      charges.push(...choice.charges)
      interval = intersect(interval, choice.interval)
    }
  }
  return { holds: true, interval, charges }
}

/** The deny rules of a block, which stand around all that is inside. */
function deniesOf({ rules }: Pick<Nested, 'rules'>): Surroundings['denies'] {
  return rules.flatMap((rule) => (rule.effect === 'deny' ? [{ rule }] : []))
}

function contextOf({ action }: Rule, call: Called, { policy, now, fees }: Surroundings): Context {
  return { policy, now, fees, call, inputs: inputsOf(action), elements: [] }
}

/** The moments around now at which a deny rule leaves the call alone; undefined if it denies it now. Its conditions do not speak of `now`. */
function silence(deny: DenyRule, context: Context): Interval | undefined {
  if (!deny.where.every((condition) => holds(condition, context, true))) return always
  return silentMoments(deny, context.now)
}

/** Ether may be sent only by a rule that budgets it, or that says `budget unlimited ETH`. */
function maySpendEth(rule: AllowRule, { policy }: Surroundings): boolean {
  return (
    rule.unlimited.includes('ETH') ||
    rule.charges.some((charge) =>
      charge.kind === 'meter' ? policy.meters[charge.meter]?.counts === 'ETH' : charge.asset === 'ETH',
    )
  )
}

function no(code: DenialCode): Objection {
  return { holds: false, code }
}
