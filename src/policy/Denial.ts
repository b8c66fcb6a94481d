/** Why an operation is denied, for programs; the module's custom errors have the same names in CamelCase. */
export type DenialCode =
  | 'session-not-active'
  | 'not-yet-valid'
  | 'expired'
  | 'malformed-operation'
  | 'forbidden-target'
  | 'no-rule'
  | 'value-not-allowed'
  | 'condition-failed'
  | 'denied-by-rule'
  /** A call inside an argument is not allowed, or the list of them cannot be read: `path` says which, `actual` why. */
  | 'nested-call-denied'
  | 'rule-not-yet-valid'
  | 'rule-expired'
  | 'outside-hours'
  | 'amount-unreadable'
  | 'per-call-exceeded'
  | 'meter-exceeded'
  | 'window-passed'
  | 'fee-exceeded'
  | 'fee-condition-failed'
  | 'paymaster-not-allowed'

/** One reason. Numbers that may pass 2^53 are decimal text, so that a denial is plain JSON. */
export type Denial = {
  readonly code: DenialCode
  /** Index of the call in the operation; absent where the operation as a whole is meant. */
  readonly callIndex?: number
  /** Index into `policy.rules`. */
  readonly rule?: number
  /** What was looked at: `params.recipient`, `call.value`, `op.maxFeePerGas`, `meter 2`. */
  readonly path?: string
  readonly expected?: string
  readonly actual?: string
  /** What the meter has left in this window. */
  readonly remaining?: string
  /** Unix seconds: the earliest moment at which the same operation may be allowed, as far as this reason goes. */
  readonly retryAt?: number
  readonly retry: 'never' | 'change-args' | 'later' | 'ask-owner'
}
