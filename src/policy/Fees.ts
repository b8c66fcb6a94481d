import type { Condition } from './Condition.js'
import type { Address } from './Hex.js'

/**
 * Who pays for gas. The charge of an operation that the account pays is
 * (callGasLimit + verificationGasLimit + preVerificationGas) * maxFeePerGas, never refunded. Runtime calls are paid by their sender: no fees.
 */
export type Fees = {
  readonly paidBy:
    | { readonly kind: 'unlimited' }
    /** Index into the policy's meters; `paymasterAndData` must be empty. */
    | { readonly kind: 'budget'; readonly meter: number }
    /** `paymasterAndData` begins with this address, which is not zero. */
    | { readonly kind: 'sponsored'; readonly by: Address }
    | { readonly kind: 'budget or sponsored'; readonly meter: number; readonly by: Address }
  /** Binds every way of paying; speaks of `op.*`, `session.*` and constants only. */
  readonly where: readonly Condition[]
}
