import { concat, hashTypedData, numberToHex, size } from 'viem'
import type { Address, Hex } from '../../../src/policy/Hex.js'

/** A call of the account to itself that an operation carries, signed through the validation of `entityId` for the operation's nonce. */
export type DeferredAction = {
  readonly entityId: number
  /** 1: that validation is used as a global one. */
  readonly options?: number
  /** Unix seconds, inclusive; 0: none. */
  readonly deadline?: number
  readonly call: Hex
}

/** What is signed, EIP-712; the nonce is the operation's, with option 2 in it. */
export function deferredDigest(
  account: Address,
  chainId: number,
  nonce: bigint,
  { deadline = 0, call }: DeferredAction,
): Hex {
  return hashTypedData({
    domain: { chainId, verifyingContract: account },
    types: {
      DeferredAction: [
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint48' },
        { name: 'call', type: 'bytes' },
      ],
    },
    primaryType: 'DeferredAction',
    message: { nonce, deadline, call },
  })
}

/** `length4 ‖ entityId20 ‖ options1 ‖ deadline6 ‖ call ‖ length4 ‖ signed ‖ rest`, an operation's signature with option 2 (Modular Account v2). */
export function deferredSignature(action: DeferredAction, signed: Hex, rest: Hex): Hex {
  const { entityId, options = 0, deadline = 0, call } = action
  const packed = concat([
    numberToHex(entityId, { size: 20 }),
    numberToHex(options, { size: 1 }),
    numberToHex(deadline, { size: 6 }),
    call,
  ])
  return concat([numberToHex(size(packed), { size: 4 }), packed, numberToHex(size(signed), { size: 4 }), signed, rest])
}
