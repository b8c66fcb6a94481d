import { encodeFunctionData, hexToBigInt, parseAbi } from 'viem'
import { toPackedUserOperation, type UserOperation, type UserOperationRequest } from 'viem/account-abstraction'
import { readContract } from 'viem/actions'
import { getAction } from 'viem/utils'
import { OUTER_SELECTOR } from '../../compiler/layout.js'
import { transactionBase } from '../../evm/transactionGas.js'
import type { Hex } from '../../policy/Hex.js'
import { checkCarriedGas } from './carriedSize.js'
import type { Context } from './Context.js'
import { feesOf } from './feesOf.js'
import { hashOf, slotOf } from './signOperation.js'
import { stubSignature } from './stubSignature.js'
import { whenToInclude } from './whenToInclude.js'

/** Gas limits that were not given yet. */
export type Limits = { readonly callGasLimit?: bigint; readonly verificationGasLimit?: bigint }

const ACCOUNT = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash, uint256 missingAccountFunds) returns (uint256)',
  'function executeUserOp(PackedUserOperation userOp, bytes32 userOpHash)',
])

/**
 * The least gas limits with which the operation passes on the chain as it is, and a margin in percent: by two `eth_estimateGas` of what the EntryPoint would
 * call, so that no bundler's generous trial (tens of millions of gas at the full fee) has to fit into the fee budget. What was given stays; the
 * bundler is left to say preVerificationGas, which it alone knows. Rejects what the client throws where the calls revert.
 */
export async function estimateGas(
  context: Context,
  request: UserOperationRequest,
  marginPercent: number,
): Promise<Limits> {
  const known = request as Partial<UserOperation>
  const operation = await trialOf(context, known)
  const callGasLimit = known.callGasLimit ?? withMargin(await callGas(context, operation), marginPercent)
  const verificationGasLimit =
    known.verificationGasLimit ?? withMargin(await allowedGas(context, { ...operation, callGasLimit }), marginPercent)
  if ((await context.read()).activation !== '0x') checkCarriedGas(verificationGasLimit)
  return {
    ...(known.callGasLimit === undefined && { callGasLimit }),
    ...(known.verificationGasLimit === undefined && { verificationGasLimit }),
  }
}

const withMargin = (gas: bigint, percent: number): bigint => (gas * BigInt(100 + percent) + 99n) / 100n

/** What is unknown is one: the least that the module counts, so that its meters are written as they will be, and no budget is in the way. */
async function trialOf(context: Context, known: Partial<UserOperation>): Promise<UserOperation> {
  return {
    ...known,
    sender: context.address,
    callGasLimit: known.callGasLimit ?? 1n,
    verificationGasLimit: known.verificationGasLimit ?? 1n,
    preVerificationGas: known.preVerificationGas ?? 1n,
    maxFeePerGas: known.maxFeePerGas ?? 1n,
    maxPriorityFeePerGas: known.maxPriorityFeePerGas ?? 1n,
    signature: known.signature ?? (await stubSignature(context, known as UserOperationRequest)),
  } as UserOperation
}

async function callGas(context: Context, operation: UserOperation): Promise<bigint> {
  const { callData } = operation
  if (!callData.toLowerCase().startsWith(OUTER_SELECTOR.executeUserOp)) return askedByEntryPoint(context, callData)
  const args = [toPackedUserOperation(operation), hashOf(context, operation)] as const
  return askedByEntryPoint(context, encodeFunctionData({ abi: ACCOUNT, functionName: 'executeUserOp', args }))
}

/** The gas of the validation; where it reverts because the writ does not allow it (only now it is known who pays), that is what is thrown. */
async function allowedGas(context: Context, operation: UserOperation): Promise<bigint> {
  try {
    return await verificationGas(context, operation)
  } catch (error) {
    const { callData, nonce } = operation
    const question = { operation: { callData, fees: feesOf(operation) }, own: slotOf(context, nonce) }
    await whenToInclude(context, question, () => undefined)
    throw error
  }
}

/** What the EntryPoint does itself before and after it asks the account, all of which it counts: measured with 0.7 and 0.8 in test/e2e/sessionGas.test.ts. */
const ENTRY_POINT = { base: 8_000n, perWord: 16n, newNonce: 22_100n, oldNonce: 5_000n } as const

async function verificationGas(context: Context, operation: UserOperation): Promise<bigint> {
  const missing = (await hasDeposit(context, operation)) ? 0n : 1n
  const packed = toPackedUserOperation(operation)
  const args = [packed, hashOf(context, operation), missing] as const
  const data = encodeFunctionData({ abi: ACCOUNT, functionName: 'validateUserOp', args })
  const asked = await askedByEntryPoint(context, data)
  const words = BigInt(Math.ceil((data.length - 2) / 64))
  const isFirst = BigInt.asUintN(64, operation.nonce) === 0n
  const { base, perWord, newNonce, oldNonce } = ENTRY_POINT
  return asked + base + perWord * words + (isFirst ? newNonce : oldNonce)
}

/** Enough for the EntryPoint's own trial of whether the account owes it anything. */
const ROUGH_GAS = 1_000_000n

/** Whether a paymaster or the account's deposit pays, so that the account sends the EntryPoint nothing. */
async function hasDeposit({ client, entryPoint, address }: Context, operation: UserOperation): Promise<boolean> {
  if ((operation as { paymaster?: Hex }).paymaster) return true
  const deposit = await getAction(
    client,
    readContract,
    'readContract',
  )({
    address: entryPoint.address,
    abi: parseAbi(['function balanceOf(address) view returns (uint256)']),
    functionName: 'balanceOf',
    args: [address],
  })
  return deposit > (ROUGH_GAS + operation.callGasLimit) * operation.maxFeePerGas
}

/**
 * The gas of a call by the EntryPoint to the account, without the base of a transaction. Where the floor of EIP-7623 is more than that base, this is as much too high:
 * operations execute enough that it is not.
 */
async function askedByEntryPoint({ client, entryPoint, address }: Context, data: Hex): Promise<bigint> {
  const request = { from: entryPoint.address, to: address, data }
  const estimate = await client.request({ method: 'eth_estimateGas', params: [request] } as never)
  return hexToBigInt(estimate as Hex) - transactionBase(data)
}
