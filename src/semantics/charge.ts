import type { Meter } from '../policy/Meter.js'
import type { MeterState } from '../policy/State.js'
import type { Interval } from './Interval.js'

/** What a meter answers to a charge: its state after, and the moments of the window that was charged. */
export type Charged =
  | { readonly ok: true; readonly state: MeterState; readonly window: Interval }
  | { readonly ok: false; readonly code: 'meter-exceeded' | 'window-passed' }

/** Charges an amount to a meter whose windows are counted from `from`; `from <= now`. */
export function charge(meter: Meter, state: MeterState, amount: bigint, from: number, now: number): Charged {
  const present = presentWindow(meter, from, now)
  if (present === undefined) return { ok: false, code: 'meter-exceeded' }
  const { index, window } = present
  if (state.window > index) return { ok: false, code: 'window-passed' }
  const spent = state.window === index ? state.spent : 0n
  if (amount > meter.limit - spent) return { ok: false, code: 'meter-exceeded' }
  return { ok: true, state: { window: index, spent: spent + amount }, window }
}

function presentWindow(
  { window }: Meter,
  from: number,
  now: number,
): { readonly index: number; readonly window: Interval } | undefined {
  switch (window.kind) {
    case 'total':
      return { index: 0, window: { from, until: Infinity } }
    case 'period': {
      const index = Math.floor((now - from) / window.seconds)
      const start = from + index * window.seconds
      return { index, window: { from: start, until: start + window.seconds } }
    }
    case 'rolling':
      return undefined // no state holds a rolling window's cells, so nothing may be counted in one
    default:
      return window satisfies never
  }
}
