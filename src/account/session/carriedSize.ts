import { encodeAbiParameters, parseAbiParameters, size } from 'viem'
import { toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { BUNDLERS_TAKE } from '../../compiler/activation.js'
import type { Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'

const OPERATION = parseAbiParameters(
  '(address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData, bytes signature)',
)

/** Bytes of the operation as the EntryPoint takes it, its signature given. */
export function operationSize(operation: Partial<UserOperation>, signature: Hex): number {
  const { callData = '0x', nonce = 0n } = operation
  const packed = toPackedUserOperation({
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    callGasLimit: 0n,
    verificationGasLimit: 0n,
    preVerificationGas: 0n,
    ...operation,
    sender: NOBODY,
    callData,
    nonce,
    signature,
  } as UserOperation)
  return size(encodeAbiParameters(OPERATION, [packed]))
}

const NOBODY = '0x0000000000000000000000000000000000000000'

/** Throws ChainFault where bundlers would not take an operation with its activation in it; what does not fit there, `activate` takes. */
export function checkCarriedSize(bytes: number): void {
  if (bytes > BUNDLERS_TAKE.bytes)
    throw tooLarge(
      `has ${bytes.toLocaleString('en-US')} bytes, and bundlers take ${BUNDLERS_TAKE.bytes.toLocaleString('en-US')}`,
    )
}

/** The same of its verification gas. */
export function checkCarriedGas(gas: bigint): void {
  if (gas >= BUNDLERS_TAKE.verificationGasBelow)
    throw tooLarge(
      `needs ${gas.toLocaleString('en-US')} verification gas, and bundlers take less than ${BUNDLERS_TAKE.verificationGasBelow.toLocaleString('en-US')}`,
    )
}

const tooLarge = (what: string): ChainFault =>
  new ChainFault(
    'activation-refused',
    `the operation that would put the session into force ${what}`,
    'have anyone send one transaction first: `activate` with the writ and the same signature',
  )
