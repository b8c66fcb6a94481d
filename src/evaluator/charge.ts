import type { Denial, DenialCode } from '../policy/Denial.js'
import type { MeterState } from '../policy/State.js'
import { laterOr } from './denials.js'
import { windowInterval, windowOf } from './MeterEntry.js'
import type { Session } from './Session.js'
import { type Interval, narrow } from './Times.js'

/** Meters of one operation while it is being charged. */
export type Ledger = {
  readonly meters: MeterState[]
  /** What was added to each meter that was charged. */
  readonly added: { readonly meter: number; amount: bigint }[]
  readonly interval: Interval
}

/** Stands for the call and the rule of an amount that the fees charge. */
export const FEES = -1

/** Counts an amount of this call, by this rule, in the meter's present window, or says why not; a refusal leaves the ledger as it was. */
export const charge = (
  session: Session,
  ledger: Ledger,
  meter: number,
  amount: bigint,
  now: number,
  callIndex: number,
  rule: number,
): Denial | undefined => {
  const entry = session.internal.meters[meter]
  const before = ledger.meters[meter]
  const code = callIndex === FEES ? 'fee-exceeded' : 'meter-exceeded'
  // A state that lacks the meter, or holds a negative sum, is none of this session: nothing is left then.
  if (!entry || !before || before.spent < 0n)
    return refuse(session, code, meter, amount, 0n, callIndex, rule, 'ask-owner')
  const window = windowOf(entry, session.from, now)
  const { spent, passed } = spentIn(before, window)
  if (passed) {
    const begin = entry.period === 0 ? undefined : session.from + before.window * entry.period
    return refuse(session, 'window-passed', meter, amount, 0n, callIndex, rule, 'ask-owner', begin)
  }
  const added = ledger.added.length > 0 ? ledger.added.find((one) => one.meter === meter) : undefined
  const after = spent + amount
  if (after > entry.limit) {
    const left = entry.limit - spent
    // What is more than the limit by itself, or together with the rest of this operation, fits into no window.
    const tooMuch = amount + (added?.amount ?? 0n) > entry.limit
    const next = tooMuch || entry.period === 0 ? undefined : session.from + (window + 1) * entry.period
    const otherwise = tooMuch || left > 0n ? 'change-args' : 'ask-owner'
    return refuse(session, code, meter, amount, left, callIndex, rule, otherwise, next)
  }
  ledger.meters[meter] = { window, spent: after }
  if (added) added.amount += amount
  else ledger.added.push({ meter, amount })
  const { from, until } = windowInterval(entry, session, window)
  narrow(ledger.interval, from, until)
  return undefined
}

const refuse = (
  session: Session,
  code: DenialCode,
  meter: number,
  amount: bigint,
  left: bigint,
  callIndex: number,
  rule: number,
  otherwise: Denial['retry'],
  retryAt?: number,
): Denial => {
  const remaining = String(left > 0n ? left : 0n)
  const told = { path: `meter ${meter}`, expected: `<= ${remaining}`, actual: String(amount), remaining }
  return laterOr(code, otherwise, retryAt, session, callIndex === FEES ? told : { callIndex, rule, ...told })
}

/** What counts in this window: nothing of an earlier one; where a later one was charged, the window has passed. */
export const spentIn = (state: MeterState, window: number): { readonly spent: bigint; readonly passed: boolean } => ({
  spent: state.window < window ? 0n : state.spent,
  passed: state.window > window,
})
