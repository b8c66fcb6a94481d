import type { Denial } from '../policy/Denial.js'
import type { MeterState } from '../policy/State.js'
import { denial, laterOr } from './denials.js'
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

const NEVER_CHARGED: MeterState = { window: 0, spent: 0n }

/** Counts an amount in the meter's present window, or says why not; a refusal leaves the ledger as it was. */
export const charge = (
  session: Session,
  ledger: Ledger,
  meter: number,
  amount: bigint,
  now: number,
  place: Pick<Denial, 'callIndex' | 'rule'>,
): Denial | undefined => {
  const entry = session.internal.meters[meter]
  const before = ledger.meters[meter]
  if (!entry) return denial('meter-exceeded', 'never', { ...place, path: `meter ${meter}` })
  const window = windowOf(entry, session.from, now)
  const { spent, passed } = spentIn(before ?? NEVER_CHARGED, window)
  const added = ledger.added.find((one) => one.meter === meter)
  // A state that lacks the meter, or holds a negative sum, was not made by this session: nothing is left then.
  const remaining = before && spent >= 0n ? entry.limit - spent : 0n
  if (passed || !before || spent < 0n || amount > remaining) {
    const facts = {
      ...place,
      path: `meter ${meter}`,
      expected: `<= ${remaining > 0n ? remaining : 0n}`,
      actual: String(amount),
      remaining: String(remaining > 0n && !passed ? remaining : 0n),
    }
    const first = place.callIndex === undefined ? 'fee-exceeded' : 'meter-exceeded'
    if (passed)
      return laterOr('window-passed', 'ask-owner', session.from + (before?.window ?? 0) * entry.period, session, facts)
    const next = entry.period === 0 ? undefined : session.from + (window + 1) * entry.period
    // What is more than the limit by itself, or together with the rest of this operation, never fits.
    if (amount + (added?.amount ?? 0n) > entry.limit) return denial(first, 'change-args', facts)
    return laterOr(first, remaining > 0n ? 'change-args' : 'ask-owner', next, session, facts)
  }
  ledger.meters[meter] = { window, spent: spent + amount }
  if (added) added.amount += amount
  else ledger.added.push({ meter, amount })
  const { from, until } = windowInterval(entry, session, window)
  narrow(ledger.interval, from, until)
  return undefined
}

/** What counts in this window: nothing of an earlier one; where a later one was charged, the window has passed. */
export const spentIn = (state: MeterState, window: number): { readonly spent: bigint; readonly passed: boolean } => ({
  spent: state.window < window ? 0n : state.spent,
  passed: state.window > window,
})
