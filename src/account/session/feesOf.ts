import { BaseError } from 'viem'
import { toPackedUserOperation, type UserOperation, type UserOperationRequest } from 'viem/account-abstraction'
import { PAID_BY } from '../../compiler/layout.js'
import type { Session } from '../../evaluator/index.js'
import type { Hex } from '../../policy/Hex.js'
import type { OperationFees } from '../../policy/Operation.js'

/** The gas fields as the EntryPoint sees them (0.7 and 0.8), the paymaster's four put together. Throws BaseError where there is no such operation. */
export function feesOf(operation: UserOperation): OperationFees {
  refuseForeignFields(operation)
  const { callGasLimit, verificationGasLimit, preVerificationGas, maxFeePerGas, maxPriorityFeePerGas } = operation
  const { paymasterAndData } = toPackedUserOperation(operation)
  return {
    callGasLimit,
    verificationGasLimit,
    preVerificationGas,
    maxFeePerGas,
    maxPriorityFeePerGas,
    paymasterAndData,
  }
}

/** What goes to the bundler but not into the hash would be decided by nobody. */
function refuseForeignFields(operation: object): void {
  const refuse = (field: string): never => {
    throw new BaseError(`A UserOperation of EntryPoint 0.7 or 0.8 has no field \`${field}\`.`, {
      metaMessages: ['Give the paymaster in `paymaster`, `paymasterData` and its two gas limits.'],
    })
  }
  const given = (field: string): unknown => (operation as Readonly<Record<string, unknown>>)[field]
  if (![undefined, '0x'].includes(given('paymasterAndData') as undefined)) refuse('paymasterAndData')
  if (![undefined, '0x'].includes(given('initCode') as undefined)) refuse('initCode')
  if (given('paymasterSignature') !== undefined) refuse('paymasterSignature')
  const paymaster = given('paymaster')
  if (paymaster !== undefined && !/^0x[0-9a-fA-F]{40}$/.test(String(paymaster)))
    throw new BaseError(`\`paymaster\` is not an address: ${String(paymaster)}.`)
}

/**
 * Gas fields while they are not known yet, as a decision before the estimate needs them: what is missing costs nothing, and of a session that only a
 * sponsor pays for, the sponsor pays. So no budget of fees objects, and whatever else objects does so rightly.
 */
export function draftFees({ internal: { fees } }: Session, request: UserOperationRequest | object = {}): OperationFees {
  const known = request as Partial<UserOperation>
  const sponsored: Hex = fees.paidBy === PAID_BY.sponsored ? `0x${fees.sponsor}${'0'.repeat(64)}` : '0x'
  return {
    callGasLimit: known.callGasLimit ?? 0n,
    verificationGasLimit: known.verificationGasLimit ?? 0n,
    preVerificationGas: known.preVerificationGas ?? 0n,
    maxFeePerGas: known.maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: known.maxPriorityFeePerGas ?? 0n,
    paymasterAndData: known.paymaster ? packedPaymaster(known) : sponsored,
  }
}

const packedPaymaster = (operation: Partial<UserOperation>): Hex =>
  toPackedUserOperation({ ...operation, callData: '0x', sender: '0x', nonce: 0n } as UserOperation).paymasterAndData
