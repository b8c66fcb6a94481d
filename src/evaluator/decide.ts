import type { Decision } from '../policy/Decision.js'
import type { Denial } from '../policy/Denial.js'
import type { Operation } from '../policy/Operation.js'
import type { State } from '../policy/State.js'
import { candidatesFor, rulesToTell } from './Candidates.js'
import { callsOf } from './callsOf.js'
import { FEES, type Ledger, charge } from './charge.js'
import { type Chosen, examine, firstHolding } from './choose.js'
import { denial, denialOf, laterOr, unmatched } from './denials.js'
import { isPackable, judgeFees } from './fees.js'
import type { Frame } from './Frame.js'
import { narrowToRule } from './judge.js'
import type { Session } from './Session.js'
import type { Interval } from './Times.js'

/**
 * Decides whether the session key may have the account run the operation at `time` (unix seconds; a fraction counts as the second it lies in).
 * Total: it always answers, with every reason where it denies.
 */
export const decide = (session: Session, state: State, operation: Operation, time: number): Decision => {
  const { fees } = operation
  const denials: Denial[] = []
  // A time that is no number is neither early nor late enough.
  if (state.status !== 'active') denials.push(denial('session-not-active', 'ask-owner', { actual: state.status }))
  if (!(time >= session.from)) denials.push(laterOr('not-yet-valid', 'ask-owner', session.from, session, {}))
  if (!(time < session.until)) denials.push(denial('expired', 'ask-owner', {}))
  const frames = callsOf(operation.callData, fees, session.internal.targets)
  if (!frames || (fees && !isPackable(fees))) denials.push(denial('malformed-operation', 'change-args'))
  if (!frames || denials.length > 0) return { outcome: 'deny', denials }

  const now = Math.floor(time)
  const interval: Interval = { from: session.from, until: session.until }
  const used: Chosen[] = []
  const rules: number[] = []
  for (const [callIndex, frame] of frames.entries()) {
    const chosen = choose(session, frame, callIndex, now, denials)
    if (!chosen) continue
    used.push(chosen)
    rules.push(chosen.rule.index)
    narrowToRule(interval, chosen, now)
    for (const inner of chosen.inner) narrowToRule(interval, inner, now)
  }
  const feeCharge = fees && judgeFees(session, fees, now, denials)
  if (denials.length > 0) return { outcome: 'deny', denials }

  const ledger: Ledger = { meters: state.meters.slice(), added: [], interval }
  let callIndex = 0
  for (const chosen of used) {
    const { index } = chosen.rule
    chargeAll(session, ledger, chosen, now, callIndex, index, denials)
    for (const inner of chosen.inner) chargeAll(session, ledger, inner, now, callIndex, index, denials)
    callIndex++
  }
  if (feeCharge !== undefined) {
    const refusal = charge(session, ledger, 0, feeCharge, now, FEES, FEES)
    if (refusal) denials.push(refusal)
  }
  if (denials.length > 0) return { outcome: 'deny', denials }
  return {
    outcome: 'allow',
    rules,
    charges: ledger.added.length > 1 ? ledger.added.sort((a, b) => a.meter - b.meter) : ledger.added,
    state: { status: state.status, meters: ledger.meters },
    validFrom: interval.from,
    validUntil: interval.until,
  }
}

/** Charges what the rule chosen for the call counts; `used` is the rule of the call itself. */
const chargeAll = (
  session: Session,
  ledger: Ledger,
  { rule, amounts }: Chosen,
  now: number,
  callIndex: number,
  used: number,
  denials: Denial[],
): void => {
  let at = 0
  for (const { meter } of rule.charges) {
    const refusal = charge(session, ledger, meter, amounts[at++] ?? 0n, now, callIndex, used)
    if (refusal) denials.push(refusal)
  }
}

/** The rule that a call uses, or undefined after every reason was added. */
const choose = (
  session: Session,
  frame: Frame,
  callIndex: number,
  now: number,
  denials: Denial[],
): Chosen | undefined => {
  const candidates = candidatesFor(frame)
  if (!candidates) {
    denials.push(unmatched(session, frame, callIndex))
    return undefined
  }
  const chosen = firstHolding(candidates, frame, now)
  if (chosen) return chosen
  const deniers = new Set<number>()
  for (const rule of rulesToTell(candidates, frame)) {
    const failure = examine(rule, frame, now)
    if (!('kind' in failure)) continue
    if (failure.kind === 'denied') {
      // One deny speaks once, whatever the number of rules that it overrides.
      if (deniers.has(failure.by.index)) continue
      deniers.add(failure.by.index)
    }
    denials.push(denialOf(session, rule, failure, frame, callIndex, now))
  }
  return undefined
}
