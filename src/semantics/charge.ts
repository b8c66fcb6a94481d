import type { Meter } from '../policy/Meter.js'
import type { MeterState } from '../policy/State.js'
import type { Interval } from './Interval.js'

/** What a meter answers to a charge: its state after, and the moments of the window that was charged. */
export type Charged =
  | { readonly ok: true; readonly state: MeterState; readonly window: Interval }
  | { readonly ok: false; readonly code: 'meter-exceeded' | 'window-passed' }

/** A rolling meter counts the present eighth of its period and the eight before it. */
const eighths = 8

/** Charges an amount to a meter whose windows are counted from `from`; `from <= now`. */
export function charge(meter: Meter, state: MeterState, amount: bigint, from: number, now: number): Charged {
  const { index, window } = presentWindow(meter, from, now)
  if (state.window > index) return { ok: false, code: 'window-passed' }
  // What counts besides the amount: in window `index`, `index - 1`, and so on, as far back as the meter looks.
  const looksBack = meter.window.kind === 'rolling' ? eighths : 0
  const remembered = [state.spent, ...(state.past ?? [])]
  const counted = Array.from({ length: 1 + looksBack }, (_, back) => remembered[back - (index - state.window)] ?? 0n)
  if (amount > meter.limit - counted.reduce((sum, spent) => sum + spent, 0n))
    return { ok: false, code: 'meter-exceeded' }
  const [spent = 0n, ...past] = counted
  const after = { window: index, spent: spent + amount }
  return { ok: true, state: looksBack === 0 ? after : { ...after, past }, window }
}

function presentWindow(
  { window }: Meter,
  from: number,
  now: number,
): { readonly index: number; readonly window: Interval } {
  if (window.kind === 'total') return { index: 0, window: { from, until: Infinity } }
  const seconds = window.kind === 'rolling' ? window.seconds / eighths : window.seconds
  const index = Math.floor((now - from) / seconds)
  const start = from + index * seconds
  return { index, window: { from: start, until: start + seconds } }
}
