import { concat, encodeAbiParameters, keccak256, numberToHex, pad, parseAbiParameters } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import type { OperationFees } from '../policy/Operation.js'

/** An ERC-4337 v0.7 UserOperation as the EntryPoint takes it. */
export type PackedUserOperation = {
  readonly sender: Address
  readonly nonce: bigint
  readonly initCode: Hex
  readonly callData: Hex
  /** verificationGasLimit16 ‖ callGasLimit16 */
  readonly accountGasLimits: Hex
  readonly preVerificationGas: bigint
  /** maxPriorityFeePerGas16 ‖ maxFeePerGas16 */
  readonly gasFees: Hex
  readonly paymasterAndData: Hex
  readonly signature: Hex
}

/** The parts of a nonce of Modular Account v2: `key19 ‖ entityId4 ‖ options1 ‖ sequence8`; entity 0 is the owner's. */
export type Nonce = {
  readonly key?: bigint
  readonly entityId: number
  /** 1: the validation is used as a global one. */
  readonly options?: number
  readonly sequence?: bigint
}

/** The EntryPoint's nonce key (24 bytes), which goes before the sequence. */
export function nonceKey({ key = 0n, entityId, options = 0 }: Nonce): bigint {
  return (key << 40n) | (BigInt(entityId) << 8n) | BigInt(options)
}

export function nonceOf(nonce: Nonce): bigint {
  return (nonceKey(nonce) << 64n) | (nonce.sequence ?? 0n)
}

/** The operation, or undefined where a field does not fit its width. */
export function packUserOp(parts: {
  readonly sender: Address
  readonly nonce: bigint
  readonly callData: Hex
  readonly fees: OperationFees
  readonly signature: Hex
}): PackedUserOperation | undefined {
  const { sender, nonce, callData, fees, signature } = parts
  const { callGasLimit, verificationGasLimit, preVerificationGas, maxFeePerGas, maxPriorityFeePerGas } = fees
  const halves = [verificationGasLimit, callGasLimit, maxPriorityFeePerGas, maxFeePerGas]
  if (halves.some((half) => half < 0n || half >> 128n !== 0n)) return undefined
  if (preVerificationGas < 0n || preVerificationGas >> 256n !== 0n) return undefined
  return {
    sender,
    nonce,
    initCode: '0x',
    callData,
    accountGasLimits: numberToHex((verificationGasLimit << 128n) | callGasLimit, { size: 32 }),
    preVerificationGas,
    gasFees: numberToHex((maxPriorityFeePerGas << 128n) | maxFeePerGas, { size: 32 }),
    paymasterAndData: fees.paymasterAndData,
    signature,
  }
}

/** The hash that a UserOperation is known and signed by (EntryPoint 0.7). */
export function userOpHash(op: PackedUserOperation, entryPoint: Address, chainId: number): Hex {
  const inner = concat([
    pad(op.sender),
    numberToHex(op.nonce, { size: 32 }),
    keccak256(op.initCode),
    keccak256(op.callData),
    op.accountGasLimits,
    numberToHex(op.preVerificationGas, { size: 32 }),
    op.gasFees,
    keccak256(op.paymasterAndData),
  ])
  return keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, address, uint256'), [
      keccak256(inner),
      entryPoint,
      BigInt(chainId),
    ]),
  )
}
