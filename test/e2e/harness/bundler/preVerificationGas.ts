import { hexToBytes } from 'viem'
import type { Operation } from './readOperation.js'
import { handleOps } from './simulate.js'

/** What the EntryPoint spends around an operation and meters nowhere: measured with EntryPoint 0.7 and 0.8, rounded up. */
const entryPointOverhead = 14_000n

/**
 * The gas of a bundle of this one operation that the EntryPoint cannot meter: the transaction's base and calldata, and the EntryPoint's own
 * work. With EIP-7623 (Prague) calldata costs its floor where execution is cheap; operations execute enough that the floor never binds.
 */
export function preVerificationGas(operation: Operation): bigint {
  const bytes = hexToBytes(handleOps([operation], '0xffffffffffffffffffffffffffffffffffffffff'))
  const calldata = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n)
  return 21_000n + calldata + entryPointOverhead
}
