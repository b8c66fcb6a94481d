import type { Binding } from '../policy/Binding.js'
import type { Decision } from '../policy/Decision.js'
import type { Denial, DenialCode } from '../policy/Denial.js'
import type { Address } from '../policy/Hex.js'
import type { Operation } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import { type Interval, intersect } from './Interval.js'
import { callsOf } from './callsOf.js'
import { charge } from './charge.js'
import { chooseRule, type Objection } from './judgeCall.js'
import { isPackable, judgeFees } from './judgeFees.js'
import { retryOf } from './retryOf.js'

/** The EntryPoints 0.6, 0.7, 0.8 and 0.9 of ERC-4337. */
const entryPoints: readonly Address[] = [
  '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  '0x0000000071727de22e5e9d8baf0edac6f37da032',
  '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
  '0x433709009b8330fda32311df1c2afa402ed8d009',
]

/** The definition of a decision, at `now` in whole unix seconds. Total: whatever the operation is, it answers. */
export function decide(policy: Policy, binding: Binding, state: State, operation: Operation, now: number): Decision {
  const { fees } = operation
  const calls = callsOf(operation.callData)

  const outside: DenialCode[] = []
  if (state.status !== 'active') outside.push('session-not-active')
  if (!(now >= policy.from)) outside.push('not-yet-valid')
  if (!(now < policy.until)) outside.push('expired')
  if (calls === undefined || (fees !== undefined && !isPackable(fees))) outside.push('malformed-operation')
  if (calls === undefined || outside.length > 0) return deny(outside.map((code) => denial(code)))

  const denials: Denial[] = []
  const rules: number[] = []
  const charges: { meter: number; amount: bigint; callIndex?: number; rule?: number }[] = []
  let interval: Interval = { from: policy.from, until: policy.until }

  // Nothing about the account itself, then default deny: each call needs a rule that holds, and the first one is used.
  const forbidden = [policy.account, binding.module, ...entryPoints]
  const denies = policy.rules.flatMap((rule, index) => (rule.effect === 'deny' ? [{ rule, index }] : []))
  for (const [callIndex, call] of calls.entries()) {
    const choice = chooseRule(call, policy.rules, { policy, now, fees, forbidden, denies })
    if (choice.holds) {
      const { rule } = choice
      rules.push(rule)
      charges.push(...choice.charges.map((item) => ({ ...item, callIndex, rule })))
      interval = intersect(interval, choice.interval)
    } else {
      for (const objection of choice.objections) denials.push(denialOf(objection, callIndex))
    }
  }

  const feeJudgement = judgeFees(policy, fees, now)
  denials.push(...feeJudgement.codes.map((code) => denial(code)))
  interval = intersect(interval, feeJudgement.interval)
  if (denials.length > 0) return deny(denials)

  // Meters last, call by call, then the fees: what comes earlier in the batch counts, and one refusal undoes everything.
  if (feeJudgement.charge !== undefined) charges.push(feeJudgement.charge)
  const meters = [...state.meters]
  const counted = new Map<number, bigint>()
  for (const { meter: index, amount, ...place } of charges) {
    const meter = policy.meters[index]
    const before = meters[index]
    const isFee = place.callIndex === undefined
    const after = meter && before && charge(meter, before, amount, policy.from, now)
    if (after?.ok) {
      meters[index] = after.state
      counted.set(index, (counted.get(index) ?? 0n) + amount)
      interval = intersect(interval, after.window)
    } else {
      const code = after?.code ?? 'meter-exceeded'
      const refusal = denial(isFee && code === 'meter-exceeded' ? 'fee-exceeded' : code, place)
      const never = meter === undefined || (counted.get(index) ?? 0n) + amount > meter.limit
      denials.push({ ...refusal, retry: never ? 'change-args' : meter.window.kind === 'total' ? 'ask-owner' : 'later' })
    }
  }
  if (denials.length > 0) return deny(denials)

  return {
    outcome: 'allow',
    rules,
    charges: [...counted].sort(([a], [b]) => a - b).map(([meter, amount]) => ({ meter, amount })),
    state: { ...state, meters },
    validFrom: interval.from,
    validUntil: interval.until,
  }
}

function deny(denials: readonly Denial[]): Decision {
  return { outcome: 'deny', denials }
}

function denial(code: DenialCode, place: Pick<Denial, 'callIndex' | 'rule'> = {}): Denial {
  return { code, ...place, retry: retryOf(code) }
}

function denialOf(objection: Objection & { readonly rule?: number }, callIndex: number): Denial {
  const { code, inner } = objection
  const rule = objection.by ?? objection.rule
  const place = rule === undefined ? { callIndex } : { callIndex, rule }
  return { ...denial(code, place), ...(inner && { actual: inner.code, retry: retryInside(inner) }) }
}

/** What is done about a call inside may be done about the whole: wait, ask the owner, or else leave it out. */
function retryInside({ code, inner }: Objection): Denial['retry'] {
  const retry = inner === undefined ? retryOf(code) : retryInside(inner)
  return retry === 'never' ? 'change-args' : retry
}
