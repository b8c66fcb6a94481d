import type { Engine } from './peers.js'
import { type Workload, budgetOf } from './workload.js'

const EXECUTE = '0xb61d27f6'
const ZERO = '0'.repeat(64)

/** The limit: what one would write by hand for exactly these rules, a nested map over raw calldata, with no thought of anything else. */
export const handWritten = (workload: Workload): Engine => {
  const byTarget = new Map<string, Map<string, Set<string>>>()
  for (const { target, recipients } of workload.rules) {
    const bySelector = byTarget.get(target.slice(2)) ?? new Map<string, Set<string>>()
    byTarget.set(target.slice(2), bySelector)
    const allowed = bySelector.get(workload.selector) ?? new Set<string>()
    bySelector.set(workload.selector, allowed)
    for (const recipient of recipients) allowed.add(recipient.slice(2))
  }
  const spend = budgetOf(workload)
  return ({ callData }, now) => {
    if (!callData.startsWith(EXECUTE) || !callData.startsWith(ZERO, 74)) return false
    const recipients = byTarget.get(callData.slice(34, 74))?.get(callData.slice(266, 274))
    if (!recipients?.has(callData.slice(298, 338))) return false
    return spend(BigInt(`0x${callData.slice(338, 402)}`), now)
  }
}
