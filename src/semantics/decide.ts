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
import { concerns, judgeCall, type Judgement } from './judgeCall.js'
import { isPackable, judgeFees } from './judgeFees.js'

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
  for (const [callIndex, call] of calls.entries()) {
    if (forbidden.includes(call.to)) {
      denials.push(denial('forbidden-target', { callIndex }))
      continue
    }
    const objections: Denial[] = []
    let used: (Judgement & { holds: true }) | undefined
    for (const [rule, candidate] of policy.rules.entries()) {
      if (candidate.effect !== 'allow' || !concerns(candidate, call)) continue
      const judgement = judgeCall(candidate, call, { policy, now, fees })
      if (judgement.holds) {
        used = judgement
        rules.push(rule)
        charges.push(...judgement.charges.map((item) => ({ ...item, callIndex, rule })))
        break
      }
      objections.push(denial(judgement.code, { callIndex, rule: judgement.by ?? rule }))
    }
    if (used !== undefined) interval = intersect(interval, used.interval)
    else denials.push(...(objections.length > 0 ? objections : [denial('no-rule', { callIndex })]))
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
  return { code, ...place, retry: retryOf[code] }
}

/** What the one who asked can do about it, as far as the code alone tells. */
const retryOf: Record<DenialCode, Denial['retry']> = {
  'session-not-active': 'ask-owner',
  'not-yet-valid': 'later',
  expired: 'ask-owner',
  'malformed-operation': 'change-args',
  'forbidden-target': 'never',
  'no-rule': 'ask-owner',
  'value-not-allowed': 'change-args',
  'condition-failed': 'change-args',
  'denied-by-rule': 'change-args',
  'rule-not-yet-valid': 'later',
  'rule-expired': 'ask-owner',
  'outside-hours': 'later',
  'amount-unreadable': 'change-args',
  'per-call-exceeded': 'change-args',
  'meter-exceeded': 'later',
  'window-passed': 'later',
  'fee-exceeded': 'later',
  'fee-condition-failed': 'change-args',
  'paymaster-not-allowed': 'change-args',
}
