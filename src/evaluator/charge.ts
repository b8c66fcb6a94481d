import type { Denial, DenialCode } from '../policy/Denial.js'
import type { MeterState } from '../policy/State.js'
import { laterOr } from './denials.js'
import { type MeterEntry, windowInterval, windowOf } from './MeterEntry.js'
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
  if (!entry || !before || !isPossible(entry, before))
    return refuse(session, code, meter, amount, 0n, callIndex, rule, 'ask-owner')
  const window = windowOf(entry, session.from, now)
  if (before.window > window) {
    const begin = entry.period === 0 ? undefined : session.from + before.window * entry.period
    return refuse(session, 'window-passed', meter, amount, 0n, callIndex, rule, 'ask-owner', begin)
  }
  const added = ledger.added.length > 0 ? ledger.added.find((one) => one.meter === meter) : undefined
  const moved = moveOn(entry, before, window)
  const counted = countOf(moved)
  if (counted + amount > entry.limit) {
    // What is more than the limit by itself, or together with the rest of this operation, fits into no window.
    const whole = amount + (added?.amount ?? 0n)
    const next = whole > entry.limit || entry.period === 0 ? undefined : window + 1
    const left = entry.limit - counted
    const otherwise = whole > entry.limit || left > 0n ? 'change-args' : 'ask-owner'
    const without = { ...moved, spent: moved.spent - (added?.amount ?? 0n) }
    const retryAt = next && session.from + entry.period * firstFree(entry, without, next, whole)
    return refuse(session, code, meter, amount, left, callIndex, rule, otherwise, retryAt)
  }
  const spent = moved.spent + amount
  ledger.meters[meter] = moved.past ? { window, spent, past: moved.past } : { window, spent }
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

/** Whether the session can have left the meter so. */
export const isPossible = ({ looksBack }: MeterEntry, { spent, past }: MeterState): boolean =>
  spent >= 0n && (!past || (past.length === looksBack && past.every((one) => one >= 0n)))

/** The meter as it stands in this window, which is not before its own: what is further back than it looks is forgotten. */
export const moveOn = ({ looksBack }: MeterEntry, state: MeterState, window: number): MeterState => {
  const ahead = window - state.window
  if (looksBack === 0) return ahead === 0 ? state : { window, spent: 0n }
  const [spent = 0n, ...past] = Array.from({ length: 1 + looksBack }, (_, back) => {
    if (back === ahead) return state.spent
    return state.past?.[back - ahead - 1] ?? 0n
  })
  return { window, spent, past }
}

/** What counts in the window that the meter stands in. */
export const countOf = ({ spent, past }: MeterState): bigint =>
  past ? past.reduce((sum, one) => sum + one, spent) : spent

/** The first window, from `next` on, in which the amount, not more than the limit, fits if nothing else is charged. */
const firstFree = (entry: MeterEntry, state: MeterState, next: number, amount: bigint): number => {
  let window = next
  while (countOf(moveOn(entry, state, window)) + amount > entry.limit) window++
  return window
}
