import { setTimeout as sleep } from 'node:timers/promises'
import { parseAbiItem } from 'viem'
import { getLogs } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'
import type { Context } from './Context.js'

/** An operation that the chain has. */
export type Included = {
  readonly hash: Hex
  /** Whether its calls went through; those of one that did not are undone, and its gas and meters are charged all the same. */
  readonly success: boolean
  readonly transactionHash: Hex
  readonly blockNumber: bigint
  /** What it cost, wei. */
  readonly actualGasCost: bigint
}

// The same in EntryPoint 0.7 and 0.8.
const EVENT = parseAbiItem(
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
)

/** A node may know a block before it can search it. */
const TRIES = 10

/**
 * Which of the operations used up the nonce, from the EntryPoint's own events since a block: no bundler has to remember it. Throws ChainFault
 * where it was none of them.
 */
export async function findIncluded(
  { client, entryPoint, address }: Context,
  hashes: readonly Hex[],
  nonce: bigint,
  since: bigint,
): Promise<Included> {
  const find = getAction(client, getLogs, 'getLogs')
  for (let tries = 0; tries < TRIES; tries++) {
    const logs = await find({
      address: entryPoint.address,
      event: EVENT,
      args: { sender: address },
      fromBlock: since,
      strict: true,
    })
    const log = logs.find(({ args }) => args.nonce === nonce)
    if (log && !hashes.includes(log.args.userOpHash)) throw taken(nonce, log.args.userOpHash)
    if (log) {
      const { userOpHash: hash, success, actualGasCost } = log.args
      return { hash, success, actualGasCost, transactionHash: log.transactionHash, blockNumber: log.blockNumber }
    }
    await sleep(client.pollingInterval)
  }
  throw taken(nonce)
}

const taken = (nonce: bigint, by?: Hex): ChainFault =>
  new ChainFault(
    'nonce-taken',
    `another operation${by === undefined ? '' : `, ${by},`} was included with the nonce ${nonce}; this one was not, and cannot be any more`,
    'send it again, with a new nonce, if it is still wanted; another process may be using the same key',
  )
