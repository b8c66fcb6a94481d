import type { Meter } from '../policy/Meter.js'
import type { Policy } from '../policy/Policy.js'
import { printAmount } from './printAmount.js'
import { printDuration, printPeriod } from './printDuration.js'

/** A limit and its window: `100 USDC a day`, `20 calls an hour`, `1 ETH in all`. */
export function printMeter(meter: Meter, policy: Policy): string {
  const limit = printCount(meter.limit, meter, policy)
  switch (meter.window.kind) {
    case 'period':
      return `${limit} ${printPeriod(meter.window.seconds)}`
    case 'rolling':
      return `${limit} within any ${printDuration(meter.window.seconds)}`
    case 'total':
      return `${limit} in all`
    default:
      return meter.window satisfies never
  }
}

/** So much of what the meter counts: `100 USDC`, `3 calls`. */
export function printCount(count: bigint, meter: Meter, policy: Policy): string {
  if (meter.counts === 'calls') return `${count} call${count === 1n ? '' : 's'}`
  return printAmount(count, meter.counts, policy)
}

/** What a window lets through at its worst, where the session lives longer than one; undefined where there is nothing to say. */
export function printWindowEdge(meter: Meter, policy: Policy): string | undefined {
  const { window, limit } = meter
  if (window.kind === 'total' || limit === 0n || policy.until - policy.from <= window.seconds) return undefined
  const period = printDuration(window.seconds)
  if (window.kind === 'rolling')
    return `what is counted counts for ${period} and up to ${printDuration(window.seconds / 8)} longer`
  return `windows are fixed and count from the beginning, so up to ${printCount(2n * limit, meter, policy)} within ${period} across a window edge`
}
