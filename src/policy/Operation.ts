import type { Address, Hex } from './Hex.js'

/** One call of the account. */
export type Call = { readonly to: Address; readonly value: bigint; readonly data: Hex }

/** What the session key wants the account to run. */
export type Operation = {
  /** `execute` or `executeBatch` calldata, perhaps after the 4 bytes of `executeUserOp`; upper-case digits are allowed. */
  readonly callData: Hex
  /** The UserOperation's gas fields; absent on the runtime path, where the key itself sends the transaction. */
  readonly fees?: OperationFees
}

/** Fields of an ERC-4337 v0.7 UserOperation, wei and gas. All but preVerificationGas are below 2^128. */
export type OperationFees = {
  readonly callGasLimit: bigint
  readonly verificationGasLimit: bigint
  readonly preVerificationGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly paymasterAndData: Hex
}
