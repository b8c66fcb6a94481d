import { hexToBytes } from 'viem'
import type { Hex } from '../policy/Hex.js'
import type { Outcome } from './Evm.js'

/** Gas of a whole transaction, and the parts that it is made of. */
export type TransactionGas = {
  /** 21,000, calldata and execution, less refunds (at most a fifth of it all); since Prague the sender pays the floor if that is more. */
  readonly total: bigint
  /** 4 a zero byte, 16 any other (EIP-2028). */
  readonly calldata: bigint
  /** 21,000 and 10 a zero byte, 40 any other (EIP-7623): what is paid at least since Prague. */
  readonly floor: bigint
}

/** The gas of a transaction that had this calldata and this outcome. */
export function transactionGas(data: Hex, { gasUsed, gasRefund }: Outcome): TransactionGas {
  const { zeros, others } = bytesOf(data)
  const calldata = 4n * zeros + 16n * others
  const before = intrinsic + calldata + gasUsed
  const refund = gasRefund < before / 5n ? gasRefund : before / 5n
  const floor = intrinsic + 10n * zeros + 40n * others
  return { total: before - refund, calldata, floor }
}

/** What a transaction with this calldata costs before it executes anything: 21,000 and the calldata (EIP-2028). */
export function transactionBase(data: Hex): bigint {
  const { zeros, others } = bytesOf(data)
  return intrinsic + 4n * zeros + 16n * others
}

const intrinsic = 21_000n

function bytesOf(data: Hex): { readonly zeros: bigint; readonly others: bigint } {
  const bytes = hexToBytes(data)
  const zeros = BigInt(bytes.filter((byte) => byte === 0).length)
  return { zeros, others: BigInt(bytes.length) - zeros }
}
