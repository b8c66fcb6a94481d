import type { Denial, DenialCode } from '../policy/Denial.js'
import type { Refused } from './Verdict.js'

/** The module's refusal as a denial; `rules` are those that the witness named for the calls. Undefined where the chain has no word for it. */
export function denialOf({ reason, error }: Refused, rules: readonly number[]): Denial | undefined {
  if (reason === 'unpackable') return { code: 'malformed-operation', retry: 'change-args' }
  if (!error?.code) return undefined
  const { code } = error
  const [callIndex] = error.args
  if (!(code in callCodes) || typeof callIndex !== 'bigint') return { code, retry: retryOf[code] }
  const call = Number(callIndex)
  const rule = rules[call]
  return { code, callIndex: call, ...(rule !== undefined && callCodes[code] ? { rule } : {}), retry: retryOf[code] }
}

/** Codes whose error begins with a call's index, and whether the rule is at fault: another one may then serve. */
const callCodes: Partial<Record<DenialCode, boolean>> = {
  'forbidden-target': false,
  'no-rule': false,
  'value-not-allowed': true,
  'condition-failed': true,
  'denied-by-rule': true,
  'nested-call-denied': true,
  'rule-not-yet-valid': true,
  'rule-expired': true,
  'outside-hours': true,
  'amount-unreadable': true,
  'per-call-exceeded': true,
}

const retryOf: Record<DenialCode, Denial['retry']> = {
  'session-not-active': 'ask-owner',
  'not-yet-valid': 'later',
  expired: 'ask-owner',
  'malformed-operation': 'change-args',
  'forbidden-target': 'never',
  'no-rule': 'ask-owner',
  'value-not-allowed': 'change-args',
  'condition-failed': 'change-args',
  'denied-by-rule': 'change-args',
  'nested-call-denied': 'change-args',
  'rule-not-yet-valid': 'later',
  'rule-expired': 'ask-owner',
  'outside-hours': 'later',
  'amount-unreadable': 'change-args',
  'per-call-exceeded': 'change-args',
  'meter-exceeded': 'later',
  'window-passed': 'later',
  'fee-exceeded': 'later',
  'fee-condition-failed': 'change-args',
  'paymaster-not-allowed': 'change-args',
}
