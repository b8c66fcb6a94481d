import type { Denial, DenialCode } from '../policy/Denial.js'

/** What the one who asked can do about a denial, as far as the code alone tells. */
export function retryOf(code: DenialCode): Denial['retry'] {
  return byCode[code]
}

const byCode: Record<DenialCode, Denial['retry']> = {
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
