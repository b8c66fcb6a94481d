import { encodeFunctionData, type Hex, hexToBytes, numberToHex, parseAbi, size } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { Address } from '../../../../src/policy/Hex.js'
import { RpcError } from '../JsonRpcServer.js'
import { preVerificationGas } from './preVerificationGas.js'
import type { Operation } from './readOperation.js'
import { refusal } from './refusal.js'
import { entryPoints, hashOf, type EntryPointVersion, type NodeClient, revertData, simulate } from './simulate.js'

/** The most gas that one limit may ask for. */
export const mostGas = 10_000_000n
/** A search ends within a hundredth of the least sufficient limit. */
const precision = 100n

/** The limits that an estimate answers with; the paymaster's where there is one. */
export type Estimate = Pick<Operation, 'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas'> & {
  readonly paymasterVerificationGasLimit?: bigint
  readonly paymasterPostOpGasLimit?: bigint
}

type Trial = 'enough' | 'too-little'
type World = {
  readonly client: NodeClient
  readonly version: EntryPointVersion
  readonly chainId: number
  readonly beneficiary: Address
  /** What waits for inclusion and must go before the operation. */
  readonly before: readonly Operation[]
}

/**
 * The least limits with which an operation passes, found by trying it on the real contracts (ERC-7769, `eth_estimateUserOperationGas`). The
 * signature may be a stub: where it is refused everything else has been paid for. Limits are tried from small to large, because an account
 * may judge them, as a session with a fee budget does. Throws the EntryPoint's refusal.
 */
export async function estimate(operation: Operation, world: World): Promise<Estimate> {
  // What is specified is used (ERC-7769); zero is viem's way to say that it is not.
  const callGasLimit = operation.callGasLimit || (await searchCallGas(operation, world))
  // As dear as it can be once limits and signature are filled in: three bytes for each limit, and no byte that is zero.
  const filler = 0xff_ffffn
  const paymaster = operation.paymaster !== undefined
  const postOp = operation.paymasterPostOpGasLimit ?? 0n
  const shape: Operation = {
    ...operation,
    signature: `0x${'ff'.repeat(size(operation.signature))}`,
    callGasLimit: filler,
    verificationGasLimit: filler,
    preVerificationGas: filler,
    maxFeePerGas: operation.maxFeePerGas || 0xffff_ffffffn,
    maxPriorityFeePerGas: operation.maxPriorityFeePerGas || 0xffff_ffffffn,
  }
  const known: Operation = { ...operation, callGasLimit, preVerificationGas: preVerificationGas(shape) }
  if (!paymaster) {
    const attempt = validationTrials(world)
    const verificationGasLimit = await leastOr(operation.verificationGasLimit, (limit) =>
      attempt({ ...known, verificationGasLimit: limit }),
    )
    return { callGasLimit, preVerificationGas: known.preVerificationGas, verificationGasLimit }
  }
  const sponsored = { ...known, paymasterPostOpGasLimit: postOp, paymasterVerificationGasLimit: mostGas / 10n }
  const ofAccount = validationTrials(world)
  const verificationGasLimit = await leastOr(operation.verificationGasLimit, (limit) =>
    ofAccount({ ...sponsored, verificationGasLimit: limit }),
  )
  const ofPaymaster = validationTrials(world)
  const paymasterVerificationGasLimit = await leastOr(operation.paymasterVerificationGasLimit ?? 0n, (limit) =>
    ofPaymaster({ ...sponsored, verificationGasLimit, paymasterVerificationGasLimit: limit }),
  )
  return {
    callGasLimit,
    preVerificationGas: known.preVerificationGas,
    verificationGasLimit,
    paymasterVerificationGasLimit,
    paymasterPostOpGasLimit: postOp,
  }
}

/** Tries limits of the validation; a refusal that says the same at twice the gas is no matter of gas, and is thrown. */
function validationTrials(world: World): (operation: Operation) => Promise<Trial> {
  const { client, version, beneficiary, before } = world
  let said: { readonly gas: bigint; readonly selector: string } | undefined
  return async (operation) => {
    const outcome = await simulate(client, version, [...before, operation], beneficiary, { rich: true })
    if (outcome.kind === 'passes' || /^AA[23]4/.test(outcome.reason)) return 'enough'
    const gas = operation.verificationGasLimit + (operation.paymasterVerificationGasLimit ?? 0n)
    const selector = (outcome.inner ?? '0x').slice(0, 10)
    const again = said !== undefined && said.selector === selector && gas > said.gas
    if (gas >= mostGas || !/^AA(13|23|26|33|36|41|51)/.test(outcome.reason) || (selector !== '0x' && again))
      throw refusal(outcome, operation)
    said = { gas, selector }
    return 'too-little'
  }
}

/** Calls the account as the EntryPoint would, after its factory where it has one. */
async function searchCallGas(operation: Operation, world: World): Promise<bigint> {
  const { client, version, chainId } = world
  const data = executionData(operation, hashOf(operation, version, chainId))
  const { intrinsic, floor } = transactionGas(data)
  const call = (limit: bigint) => ({
    from: entryPoints[version],
    to: operation.sender,
    input: data,
    gas: numberToHex(limit + intrinsic),
  })
  const attempt = async (limit: bigint): Promise<Trial> => {
    const reverted = operation.factory
      ? await tryAfterFactory(operation.factory, operation.factoryData ?? '0x', call(limit), client)
      : await tryCall(call(limit), client)
    if (reverted === undefined) return 'enough'
    if (limit < mostGas) return 'too-little'
    throw new RpcError(-32521, 'execution reverted', reverted)
  }
  // A call that fails with all the gas there is fails for another reason.
  await attempt(mostGas)
  return leastOf(attempt, floor > intrinsic ? floor - intrinsic : 0n)
}

type RpcCall = { readonly from: Address; readonly to: Address; readonly input: Hex; readonly gas: Hex }

/** What the call reverted with; undefined where it did not. */
async function tryCall(call: RpcCall, client: NodeClient): Promise<Hex | undefined> {
  try {
    await client.request({ method: 'eth_call', params: [call, 'pending'] } as never)
    return undefined
  } catch (error) {
    return revertData(error) ?? '0x'
  }
}

/** SenderCreator of EntryPoint 0.7 makes no difference to a factory; any sender does. */
async function tryAfterFactory(
  factory: Address,
  factoryData: Hex,
  call: RpcCall,
  client: NodeClient,
): Promise<Hex | undefined> {
  const create = { from: call.from, to: factory, input: factoryData }
  const blocks = (await client.request({
    method: 'eth_simulateV1',
    params: [{ blockStateCalls: [{ calls: [create, call] }] }, 'latest'],
  } as never)) as readonly { readonly calls: readonly { readonly status: Hex; readonly returnData: Hex }[] }[]
  const result = blocks[0]?.calls[1]
  return result?.status === '0x1' ? undefined : (result?.returnData ?? '0x')
}

/** What the EntryPoint calls the account with: `executeUserOp` with the whole operation where callData asks for that. */
function executionData(operation: Operation, hash: Hex): Hex {
  if (!operation.callData.startsWith('0x8dd7712f')) return operation.callData
  return encodeFunctionData({ abi: executeAbi, args: [toPackedUserOperation(operation), hash] })
}

/** The limit that was specified, which must do, or the least that does. */
async function leastOr(specified: bigint, attempt: (limit: bigint) => Promise<Trial>): Promise<bigint> {
  if (specified === 0n) return leastOf(attempt)
  if ((await attempt(specified)) === 'enough') return specified
  throw new RpcError(-32500, 'AA23 reverted: the gas limits that were specified are too low')
}

/** Doubles from small, then halves the gap. */
async function leastOf(attempt: (limit: bigint) => Promise<Trial>, least = 0n): Promise<bigint> {
  let low = least
  let high = low + 25_000n
  while ((await attempt(high)) === 'too-little') {
    low = high
    high = high * 2n < mostGas ? high * 2n : mostGas
  }
  while ((high - low) * precision > high) {
    const middle = (low + high) / 2n
    if ((await attempt(middle)) === 'enough') high = middle
    else low = middle
  }
  return high
}

/** What a transaction costs before it executes, and the least it must bring for its calldata (EIP-2028, EIP-7623). */
function transactionGas(data: Hex): { readonly intrinsic: bigint; readonly floor: bigint } {
  const bytes = hexToBytes(data)
  const zeros = BigInt(bytes.filter((byte) => byte === 0).length)
  const others = BigInt(bytes.length) - zeros
  return { intrinsic: 21_000n + 4n * zeros + 16n * others, floor: 21_000n + 10n * (zeros + 4n * others) }
}

const executeAbi = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function executeUserOp(PackedUserOperation userOp, bytes32 userOpHash)',
])
