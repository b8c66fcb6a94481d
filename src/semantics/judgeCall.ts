import { toFunctionSelector } from 'viem'
import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { DeniedAction, FunctionAction } from '../policy/Action.js'
import type { DenialCode } from '../policy/Denial.js'
import type { Call } from '../policy/Operation.js'
import type { AllowRule, DenyRule, Rule } from '../policy/Rule.js'
import type { Context } from './Context.js'
import { type Interval, always, intersect } from './Interval.js'
import { holds, momentsOfAll } from './holds.js'
import { activeMoments, silentMoments } from './times.js'
import { amountOf } from './valueOf.js'

/** What an allow rule says to a call: the amounts to charge to meters and when, or its first objection. */
export type Judgement =
  | {
      readonly holds: true
      readonly interval: Interval
      readonly charges: readonly { readonly meter: number; readonly amount: bigint }[]
    }
  /** `by`: the deny rule that objects, an index into the policy's rules. */
  | { readonly holds: false; readonly code: DenialCode; readonly by?: number }

/** Whether the rule speaks of this call at all: its target and its action. */
export function concerns(rule: Rule, call: Call): boolean {
  return rule.target === call.to && matches(rule.action, call)
}

/** Judges a call by one allow rule that concerns it and by every deny rule. */
export function judgeCall(rule: AllowRule, call: Call, context: Omit<Context, 'call' | 'inputs'>): Judgement {
  const { policy, now } = context
  const own: Context = { ...context, call, inputs: inputsOf(rule.action) }

  if (call.value !== 0n && !maySpendEth(rule, context)) return no('value-not-allowed')

  const active = activeMoments(rule, now)
  if (typeof active === 'string') return no(active)

  if (!rule.where.every((condition) => holds(condition, own, false))) return no('condition-failed')
  let interval = intersect(active, momentsOfAll(rule.where, own))

  for (const [by, deny] of policy.rules.entries()) {
    if (deny.effect !== 'deny' || !concerns(deny, call)) continue
    const silent = silence(deny, { ...context, call, inputs: inputsOf(deny.action) })
    if (silent === undefined) return { holds: false, code: 'denied-by-rule', by }
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
  return perCallExceeded ? no('per-call-exceeded') : { holds: true, interval, charges }
}

/** The moments around now at which a deny rule leaves the call alone; undefined if it denies it now. Its conditions do not speak of `now`. */
function silence(deny: DenyRule, context: Context): Interval | undefined {
  if (!deny.where.every((condition) => holds(condition, context, true))) return always
  return silentMoments(deny, context.now)
}

/** Ether may be sent only by a rule that budgets it, or that says `budget unlimited ETH`. */
function maySpendEth(rule: AllowRule, { policy }: Pick<Context, 'policy'>): boolean {
  return (
    rule.unlimited.includes('ETH') ||
    rule.charges.some((charge) =>
      charge.kind === 'meter' ? policy.meters[charge.meter]?.counts === 'ETH' : charge.asset === 'ETH',
    )
  )
}

function matches(action: DeniedAction, call: Call): boolean {
  switch (action.kind) {
    case 'any':
      return true
    case 'send':
      return call.data === '0x'
    case 'call':
      return call.data.length >= 10 && call.data.slice(0, 10) === selectorOf(action)
    default:
      return action satisfies never
  }
}

const selectors = new WeakMap<FunctionAction, string>()

/** Remembered, for hashing every rule's signature again for every call would take most of the time. */
function selectorOf(action: FunctionAction): string {
  const known = selectors.get(action)
  if (known !== undefined) return known
  const selector = toFunctionSelector(`${action.name}(${action.inputs.map(({ type }) => typeText(type)).join()})`)
  selectors.set(action, selector)
  return selector
}

function typeText(type: AbiType): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'array':
      return `${typeText(type.element)}[${type.length ?? ''}]`
    case 'tuple':
      return `(${type.components.map((component) => typeText(component.type)).join()})`
    case 'address':
    case 'bool':
    case 'bytes':
    case 'string':
      return type.kind
    default:
      return type satisfies never
  }
}

function inputsOf(action: DeniedAction): readonly Parameter[] {
  return action.kind === 'call' ? action.inputs : []
}

function no(code: DenialCode): Judgement {
  return { holds: false, code }
}
