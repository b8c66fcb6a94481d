import { encodeFunctionData, encodePacked, parseAbi, parseUnits, size, type AbiFunction } from 'viem'
import type { DenialCode } from '../../src/policy/Denial.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Call, OperationFees } from '../../src/policy/Operation.js'

/** One operation of an example's key, in the order in which they happen; `does` completes "the key may …" or "the key may not …". */
export type Step = {
  readonly does: string
  readonly calls: readonly Call[]
  /** UTC, `2026-11-24 10:00`; an hour after the policy's `from` where left out. */
  readonly at?: string
  /** What differs from an operation that the account pays for at 0.1 gwei. */
  readonly fees?: Partial<OperationFees>
  /** The reason where the operation is one that a thief would try; absent where the owner meant it. */
  readonly because?: DenialCode
}

/** What happens to each example, by its name without `.writ`. */
export type Steps = Readonly<Record<string, readonly Step[]>>

/** The account of every example. */
export const account: Address = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
/** Whoever talked the agent into something. */
export const mallory: Address = '0x00000000000000000000000000000000000bad1e'
/** What both funds of Base and of the examples are counted in. */
export const USDC: Address = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const WETH: Address = '0x4200000000000000000000000000000000000006'
/** Sponsor of the examples that have one. */
export const sponsor: Address = '0x792adf477001a927ddfe061af02905b6c754cfd7'

/** Amounts of 6 and of 18 decimals, in base units. */
export const usdc = (amount: string): bigint => parseUnits(amount, 6)
export const ether = (amount: string): bigint => parseUnits(amount, 18)

/** ERC-20 as the tokens declare it. */
export const transfer = 'function transfer(address to, uint256 value) external returns (bool)'
export const approve = 'function approve(address spender, uint256 value) external returns (bool)'

/** Calldata of a function, encoded by viem from the signature that the target contract declares. */
export function encode(signature: string, args: readonly unknown[]): Hex {
  const [item] = parseAbi([signature]) as readonly AbiFunction[]
  if (item === undefined) throw new Error(`${signature} is no function`)
  return encodeFunctionData({ abi: [item], functionName: item.name, args })
}

/** A call of a function, without ether unless it is said. */
export const call = (to: Address, signature: string, args: readonly unknown[], value = 0n): Call => ({
  to,
  value,
  data: encode(signature, args),
})

/** A native transfer. */
export const send = (to: Address, value: bigint): Call => ({ to, value, data: '0x' })

/** Packed records as MultiSend reads them; `operation` 1 is a delegate call. */
export const records = (calls: readonly Call[], operation = 0): Hex =>
  `0x${calls
    .map(({ to, value, data }) =>
      encodePacked(
        ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
        [operation, to, value, BigInt(size(data)), data],
      ).slice(2),
    )
    .join('')}`

/** A packed path of Uniswap v3, every pool with a fee of 0.05 %. */
export const path = (...tokens: readonly Address[]): Hex => `0x${tokens.map((token) => token.slice(2)).join('0001f4')}`

/** `paymasterAndData` of an operation that this paymaster pays for. */
export const paidBy = (paymaster: Address): Pick<OperationFees, 'paymasterAndData'> => ({
  paymasterAndData: `${paymaster}${'00'.repeat(32)}`,
})
