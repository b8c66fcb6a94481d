import { decodeEventLog, encodeFunctionData } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import type { Address, Hex } from '../policy/Hex.js'
import { entryPointAddress } from './entryPoint.js'
import type { Evm, Log, Outcome } from './Evm.js'
import { readError, type ContractError } from './moduleErrors.js'
import type { PackedUserOperation } from './userOp.js'

/** What became of one UserOperation that was sent to the EntryPoint alone. */
export type OperationResult = Included | Refused

/** It was validated and run; `success` says whether the run itself succeeded. */
export type Included = {
  readonly kind: 'included'
  readonly success: boolean
  /** What the run reverted with, if it did and said something. */
  readonly revertReason?: Hex
  /** Wei that the account paid for gas. */
  readonly gasCost: bigint
  readonly logs: readonly Log[]
  readonly transaction: Outcome
}

/** Validation failed: no bundler would include it, and nothing changed. */
export type Refused = {
  readonly kind: 'refused'
  /** The EntryPoint's words: `AA23 reverted`, `AA24 signature error`, `AA22 expired or not due`. */
  readonly reason: string
  /** Why the account or its validation reverted. */
  readonly error?: ContractError
  readonly transaction: Outcome
}

/** Who carries operations to the EntryPoint in this chain, and is paid for it. */
export const bundler: Address = '0xb0bdb0bdb0bdb0bdb0bdb0bdb0bdb0bdb0bdb0bd'

/** Calldata to the EntryPoint for a bundle of one operation. */
export function handleOpsCalldata(op: PackedUserOperation): Hex {
  return encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args: [[op], bundler] })
}

/** Sends one UserOperation to the real EntryPoint 0.7, which must have been deployed. */
export async function handleOp(evm: Evm, op: PackedUserOperation): Promise<OperationResult> {
  const transaction = await evm.call({ from: bundler, to: entryPointAddress, data: handleOpsCalldata(op) })
  if (!transaction.success) return refusal(transaction)
  const events = transaction.logs.filter(({ address }) => address === entryPointAddress).map(eventOf)
  const event = events.find((found) => found?.eventName === 'UserOperationEvent')
  const reverted = events.find((found) => found?.eventName === 'UserOperationRevertReason')
  if (event?.eventName !== 'UserOperationEvent')
    throw new Error('the EntryPoint ran the bundle but reported no operation')
  return {
    kind: 'included',
    success: event.args.success,
    ...(reverted?.eventName === 'UserOperationRevertReason' ? { revertReason: reverted.args.revertReason } : {}),
    gasCost: event.args.actualGasCost,
    logs: transaction.logs,
    transaction,
  }
}

function refusal(transaction: Outcome): Refused {
  const failed = readError(transaction.returnData)
  const [, reason, inner] = failed?.args ?? []
  const error = typeof inner === 'string' ? readError(`0x${inner.slice(2)}`) : undefined
  return {
    kind: 'refused',
    reason: typeof reason === 'string' ? reason : (failed?.name ?? transaction.error ?? 'reverted without a word'),
    ...(error ? { error } : {}),
    transaction,
  }
}

function eventOf({ topics, data }: Log) {
  const [signature, ...indexed] = topics
  if (signature === undefined) return undefined
  return decodeEventLog({ abi: entryPoint07Abi, topics: [signature, ...indexed], data })
}
