import type { Address, Hex } from '../../policy/Hex.js'
import type { OperationFees } from '../../policy/Operation.js'

/** ERC-6900 v0.8: `validateUserOp(uint32,PackedUserOperation,bytes32)` and `validateRuntime(address,uint32,address,uint256,bytes,bytes)`. */
const SELECTOR = { validateUserOp: '0ab8785f', validateRuntime: '465d33e0' } as const

type UserOpQuestion = {
  readonly account: Address
  readonly entityId: number
  readonly callData: Hex
  readonly fees: OperationFees
  readonly signature: Hex
  readonly userOpHash: Hex
}

type RuntimeQuestion = {
  readonly account: Address
  readonly entityId: number
  readonly sender: Address
  readonly value: bigint
  readonly data: Hex
  readonly authorization: Hex
}

// Written out by hand: thousands of these are made in a run, all of one shape.
const number = (value: bigint | number): string => value.toString(16).padStart(64, '0')
const half = (value: bigint): string => value.toString(16).padStart(32, '0')
const address = (value: Address): string => value.slice(2).padStart(64, '0')
const padded = (bytes: Hex): string => {
  const digits = bytes.slice(2)
  return number(digits.length / 2) + digits + '0'.repeat((64 - (digits.length % 64)) % 64)
}

/** The heads of some values and the tails of those that are bytes; `base` counts the heads' bytes. */
const encode = (parts: readonly ({ readonly word: string } | { readonly tail: string })[]): string => {
  let heads = ''
  let tails = ''
  for (const part of parts)
    if ('word' in part) heads += part.word
    else {
      heads += number(32 * parts.length + tails.length / 2)
      tails += part.tail
    }
  return heads + tails
}

/** Calldata with which an account asks a validation module about a UserOperation. */
export const validateUserOpCall = ({
  account,
  entityId,
  callData,
  fees,
  signature,
  userOpHash,
}: UserOpQuestion): Hex => {
  const operation = encode([
    { word: address(account) },
    { word: number(0) },
    { tail: number(0) },
    { tail: padded(callData) },
    { word: half(fees.verificationGasLimit) + half(fees.callGasLimit) },
    { word: number(fees.preVerificationGas) },
    { word: half(fees.maxPriorityFeePerGas) + half(fees.maxFeePerGas) },
    { tail: padded(fees.paymasterAndData) },
    { tail: padded(signature) },
  ])
  const body = encode([{ word: number(entityId) }, { tail: operation }, { word: userOpHash.slice(2) }])
  return `0x${SELECTOR.validateUserOp}${body}`
}

/** Calldata with which an account asks a validation module about a call that somebody sent it. */
export const validateRuntimeCall = ({
  account,
  entityId,
  sender,
  value,
  data,
  authorization,
}: RuntimeQuestion): Hex => {
  const body = encode([
    { word: address(account) },
    { word: number(entityId) },
    { word: address(sender) },
    { word: number(value) },
    { tail: padded(data) },
    { tail: padded(authorization) },
  ])
  return `0x${SELECTOR.validateRuntime}${body}`
}
