import { decodeEventLog, decodeFunctionData, type Hex, type RpcLog, slice, toEventSelector } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import type { PackedUserOperation } from '../../../../src/evm/userOp.js'
import type { Address } from '../../../../src/policy/Hex.js'
import { entryPoints, type EntryPointVersion, type NodeClient } from './simulate.js'

type RpcReceipt = { readonly logs: readonly RpcLog[]; readonly transactionHash: Hex }

const eventOfOperation = toEventSelector('UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)')
const beforeExecution = toEventSelector('BeforeExecution()')
const revertReason = toEventSelector('UserOperationRevertReason(bytes32,address,uint256,bytes)')

/** Where an operation stands on the chain, by the EntryPoint's own event; undefined where it is not included. */
export async function inclusionOf(
  client: NodeClient,
  hash: Hex,
): Promise<{ readonly log: RpcLog; readonly version: EntryPointVersion } | undefined> {
  for (const version of ['0.7', '0.8'] as const) {
    const logs = (await client.request({
      method: 'eth_getLogs',
      params: [{ address: entryPoints[version], topics: [eventOfOperation, hash], fromBlock: '0x0' }],
    })) as readonly RpcLog[]
    const [log] = logs
    if (log) return { log, version }
  }
  return undefined
}

/** What `eth_getUserOperationReceipt` answers (ERC-7769); null where the operation is not included. */
export async function receiptOf(client: NodeClient, hash: Hex): Promise<unknown> {
  const found = await inclusionOf(client, hash)
  if (!found?.log.transactionHash) return null
  const { log, version } = found
  const receipt = (await client.request({
    method: 'eth_getTransactionReceipt',
    params: [log.transactionHash as Hex],
  })) as RpcReceipt | null
  if (receipt === null) return null
  const { args } = decodeEventLog({
    abi: entryPoint07Abi,
    eventName: 'UserOperationEvent',
    topics: log.topics as [Hex, ...Hex[]],
    data: log.data,
  })
  const logs = logsOf(receipt.logs, log, entryPoints[version])
  const reverted = logs.find(({ topics }) => topics[0] === revertReason && topics[1] === hash)
  return {
    userOpHash: hash,
    entryPoint: entryPoints[version],
    sender: args.sender,
    nonce: `0x${args.nonce.toString(16)}`,
    paymaster: args.paymaster,
    actualGasCost: `0x${args.actualGasCost.toString(16)}`,
    actualGasUsed: `0x${args.actualGasUsed.toString(16)}`,
    success: args.success,
    ...(reverted ? { reason: reverted.data } : {}),
    logs,
    receipt,
  }
}

/** What `eth_getUserOperationByHash` answers of an included operation, read from the bundle itself; null where it is not included. */
export async function operationOf(client: NodeClient, hash: Hex): Promise<unknown> {
  const found = await inclusionOf(client, hash)
  if (!found?.log.transactionHash) return null
  const { log, version } = found
  const transaction = await client.getTransaction({ hash: log.transactionHash as Hex })
  const { args } = decodeEventLog({
    abi: entryPoint07Abi,
    eventName: 'UserOperationEvent',
    topics: log.topics as [Hex, ...Hex[]],
    data: log.data,
  })
  const { functionName, args: bundle } = decodeFunctionData({ abi: entryPoint07Abi, data: transaction.input })
  if (functionName !== 'handleOps') return null
  const packed = bundle[0].find(({ sender, nonce }) => sender === args.sender && nonce === args.nonce)
  if (packed === undefined) return null
  return {
    userOperation: unpack(packed),
    entryPoint: entryPoints[version],
    blockHash: log.blockHash,
    blockNumber: log.blockNumber,
    transactionHash: log.transactionHash,
  }
}

/** The parts of a packed operation, as ERC-7769 writes them. */
function unpack(packed: PackedUserOperation): object {
  const { initCode, accountGasLimits, gasFees, paymasterAndData } = packed
  const part = (bytes: Hex, from: number, to?: number): Hex =>
    bytes.length === 2 + 2 * from ? '0x' : slice(bytes, from, to)
  const number = (bytes: Hex): Hex => `0x${BigInt(bytes).toString(16)}`
  return {
    sender: packed.sender,
    nonce: `0x${packed.nonce.toString(16)}`,
    callData: packed.callData,
    verificationGasLimit: number(slice(accountGasLimits, 0, 16)),
    callGasLimit: number(slice(accountGasLimits, 16)),
    preVerificationGas: `0x${packed.preVerificationGas.toString(16)}`,
    maxPriorityFeePerGas: number(slice(gasFees, 0, 16)),
    maxFeePerGas: number(slice(gasFees, 16)),
    signature: packed.signature,
    ...(initCode === '0x' ? {} : { factory: slice(initCode, 0, 20), factoryData: part(initCode, 20) }),
    ...(paymasterAndData === '0x'
      ? {}
      : {
          paymaster: slice(paymasterAndData, 0, 20),
          paymasterVerificationGasLimit: number(slice(paymasterAndData, 20, 36)),
          paymasterPostOpGasLimit: number(slice(paymasterAndData, 36, 52)),
          paymasterData: part(paymasterAndData, 52),
        }),
  }
}

/** The logs of one operation's execution: what stands between the event before it and its own. */
function logsOf(logs: readonly RpcLog[], own: RpcLog, entryPoint: Address): readonly RpcLog[] {
  const last = logs.findIndex(({ logIndex }) => logIndex === own.logIndex)
  const first = logs.findLastIndex(
    ({ address, topics }, index) =>
      index < last && address === entryPoint && (topics[0] === eventOfOperation || topics[0] === beforeExecution),
  )
  return logs.slice(first + 1, last + 1)
}
