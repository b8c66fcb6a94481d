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

/** What a fixed window lets through at its worst, where the session lives longer than one; undefined where there is nothing to warn of. */
export function printWindowEdge(meter: Meter, policy: Policy): string | undefined {
  if (meter.window.kind !== 'period' || meter.limit === 0n) return undefined
  const { seconds } = meter.window
  if (policy.until - policy.from <= seconds) return undefined
  return `windows are fixed and count from the beginning, so up to ${printCount(2n * meter.limit, meter, policy)} within ${printDuration(seconds)} across a window edge`
}
