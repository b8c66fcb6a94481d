import {
  BaseError,
  createPublicClient,
  decodeErrorResult,
  encodeFunctionData,
  type Hex,
  http,
  parseAbi,
  parseEther,
} from 'viem'
import {
  entryPoint07Abi,
  entryPoint07Address,
  entryPoint08Abi,
  entryPoint08Address,
  getUserOperationHash,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import type { Address } from '../../../../src/policy/Hex.js'
import type { Operation } from './readOperation.js'

/** The node that operations are tried and carried on. */
export type Node = { readonly url: string; readonly chainId: number }

/** The EntryPoints that the bundler serves. */
export const entryPoints = { '0.7': lowerCase(entryPoint07Address), '0.8': lowerCase(entryPoint08Address) } as const
export type EntryPointVersion = keyof typeof entryPoints

/** What the EntryPoint says of a bundle. */
export type Outcome =
  | { readonly kind: 'passes' }
  /** `FailedOp(index, reason)`, or `FailedOpWithRevert`, which adds what the account or paymaster reverted with. */
  | { readonly kind: 'fails'; readonly index: number; readonly reason: string; readonly inner?: Hex }

export type NodeClient = ReturnType<typeof nodeClient>

export function nodeClient(node: Node) {
  return createPublicClient({ transport: http(node.url, { retryCount: 0 }), pollingInterval: 20, cacheTime: 0 })
}

export function hashOf(operation: Operation, version: EntryPointVersion, chainId: number): Hex {
  return getUserOperationHash({
    chainId,
    entryPointAddress: entryPoints[version],
    entryPointVersion: version as '0.7',
    userOperation: operation,
  })
}

/** Calldata of `handleOps`, the same for both versions. */
export function handleOps(operations: readonly Operation[], beneficiary: Address): Hex {
  const packed = operations.map((operation) => toPackedUserOperation(operation))
  return encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args: [packed, beneficiary] })
}

/** Runs a bundle on the real EntryPoint without sending it, in the block to come. `rich`: as if each sender could pay its prefund. */
export async function simulate(
  client: NodeClient,
  version: EntryPointVersion,
  operations: readonly Operation[],
  beneficiary: Address,
  { rich = false }: { readonly rich?: boolean } = {},
): Promise<Outcome> {
  const data = handleOps(operations, beneficiary)
  const senders = rich ? [...new Set(operations.map(({ sender }) => sender))] : []
  const stateOverride = senders.map((address) => ({ address, balance: parseEther('1000000') }))
  try {
    await client.call({ account: beneficiary, to: entryPoints[version], data, blockTag: 'pending', stateOverride })
    return { kind: 'passes' }
  } catch (error) {
    const data = revertData(error)
    if (data === undefined) throw error
    const failed = decodeErrorResult({ abi: version === '0.7' ? entryPoint07Abi : entryPoint08Abi, data })
    const [index = 0n, reason = failed.errorName, inner] = (failed.args ?? []) as readonly [bigint?, string?, Hex?]
    if (typeof index !== 'bigint') throw error
    return { kind: 'fails', index: Number(index), reason, ...(inner === undefined ? {} : { inner }) }
  }
}

/** When an operation may be included: unix seconds as the account's validation returned them; undefined where it reverts. */
export async function intervalOf(
  client: NodeClient,
  version: EntryPointVersion,
  operation: Operation,
  chainId: number,
): Promise<{ readonly validAfter: number; readonly validUntil: number } | undefined> {
  try {
    const { data = '0x' } = await client.call({
      account: entryPoints[version],
      to: operation.sender,
      data: encodeFunctionData({
        abi: accountAbi,
        functionName: 'validateUserOp',
        args: [toPackedUserOperation(operation), hashOf(operation, version, chainId), 0n],
      }),
      blockTag: 'pending',
    })
    const word = BigInt(data)
    const until = Number((word >> 160n) & 0xffff_ffff_ffffn)
    return { validAfter: Number(word >> 208n), validUntil: until === 0 ? Number.MAX_SAFE_INTEGER : until }
  } catch {
    return undefined
  }
}

/** The bytes that a call reverted with, wherever viem keeps them. */
export function revertData(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined
  const found = error.walk((each) => typeof (each as { data?: unknown }).data === 'string') as { data?: Hex } | null
  return found?.data
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}

const accountAbi = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash, uint256 missingAccountFunds) returns (uint256)',
])
