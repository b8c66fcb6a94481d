import { concat, encodeFunctionData, parseAbi } from 'viem'
import type { Hex } from '../policy/Hex.js'
import type { Call } from '../policy/Operation.js'

const abi = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'function execute(address target, uint256 value, bytes data) returns (bytes)',
  'function executeBatch(Call[] calls) returns (bytes[])',
  'function executeWithRuntimeValidation(bytes data, bytes authorization) returns (bytes)',
])

/** Calldata to an ERC-6900 account that makes one call, or, of any other number, a batch. */
export function executeCalldata(calls: readonly Call[]): Hex {
  const [only] = calls
  if (calls.length === 1 && only)
    return encodeFunctionData({ abi, functionName: 'execute', args: [only.to, only.value, only.data] })
  return encodeFunctionData({
    abi,
    functionName: 'executeBatch',
    args: [calls.map(({ to, value, data }) => ({ target: to, value, data }))],
  })
}

/** The same for an account that runs execution hooks: the EntryPoint then calls `executeUserOp`. */
export function executeUserOpCalldata(callData: Hex): Hex {
  return concat(['0x8dd7712f', callData])
}

/** Calldata by which anyone calls an account directly, on the authority of a validation. */
export function runtimeCalldata(callData: Hex, authorization: Hex): Hex {
  return encodeFunctionData({ abi, functionName: 'executeWithRuntimeValidation', args: [callData, authorization] })
}
