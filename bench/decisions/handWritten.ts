import type { Operation } from '../../src/policy/Operation.js'
import { PERIOD, type Workload } from './workload.js'

const EXECUTE = '0xb61d27f6'
const ZERO = '0'.repeat(64)
/** `pay(address,uint256)`. */
const PAY = 'c4076876'

/** The limit: what one would write by hand for exactly these rules, a nested map over raw calldata, with no thought of anything else. */
export const handWritten = ({ rules, from, limit }: Workload): ((operation: Operation, now: number) => boolean) => {
  const byTarget = new Map<string, Map<string, Set<string>>>()
  for (const { target, recipients } of rules) {
    const key = target.slice(2)
    const bySelector = byTarget.get(key) ?? new Map<string, Set<string>>()
    byTarget.set(key, bySelector)
    const allowed = bySelector.get(PAY) ?? new Set<string>()
    bySelector.set(PAY, allowed)
    for (const recipient of recipients) allowed.add(recipient.slice(2))
  }
  let window = 0
  let spent = 0n
  return ({ callData }, now) => {
    if (!callData.startsWith(EXECUTE) || !callData.startsWith(ZERO, 74)) return false
    const recipients = byTarget.get(callData.slice(34, 74))?.get(callData.slice(266, 274))
    if (!recipients?.has(callData.slice(298, 338))) return false
    const amount = BigInt(`0x${callData.slice(338, 402)}`)
    const present = Math.floor((now - from) / PERIOD)
    if (present !== window) {
      window = present
      spent = 0n
    }
    if (amount > limit - spent) return false
    spent += amount
    return true
  }
}
