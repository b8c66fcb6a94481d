import type { Client } from 'viem'
import { getBlock, multicall } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Address, Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'
import type { entryPoints } from '../entryPoints.js'
import { explainFault } from '../explainFault.js'
import type { EntryPointVersion } from '../AccountKind.js'
import { readState } from '../readers/readState.js'
import type { LoadedSession } from './loadSession.js'
import type { Snapshot } from './Snapshot.js'

/** Whose time counts as the chain's present: its last block's, that of the block it is making, or what is told (unix seconds). */
export type Clock = 'latest' | 'pending' | (() => number | Promise<number>)

type What = {
  readonly loaded: LoadedSession
  readonly entryPoint: (typeof entryPoints)[EntryPointVersion]
  readonly nonceKeys: readonly bigint[]
  readonly clock: Clock
  /** At hand to be carried. */
  readonly activation: Hex | undefined
}

/**
 * Reads what a session's operations are decided by, all of it after one block: status and meters by one `eth_call`, and the sequences of these nonce
 * keys. Rejects ChainFault where module or EntryPoint are missing, and what the client throws.
 */
export async function readSnapshot(client: Client, what: What): Promise<Snapshot> {
  try {
    return await readOnce(client, what)
  } catch (error) {
    if (error instanceof ChainFault) throw error
    // Behind one address there may be nodes of which one does not have the other's last block yet.
    return readOnce(client, what)
  }
}

async function readOnce(client: Client, { loaded, entryPoint, nonceKeys, clock, activation }: What): Promise<Snapshot> {
  const { entity, policy, root, session } = loaded
  const { number, timestamp } = await getAction(client, getBlock, 'getBlock')({ blockTag: 'latest' })
  const { module } = entity
  const { account } = session
  const [state, sequences, time] = await Promise.all([
    readState(client, { module, account, root, tag: session.tag, meters: policy.meters, blockNumber: number }),
    readSequences(client, entryPoint, account, nonceKeys, number),
    timeOf(client, clock, Number(timestamp)),
  ])
  const now = { blockNumber: number, time, sequences }
  if (activation === undefined || state.status !== 'none') return { ...now, state, activation: '0x' }
  return { ...now, state: { ...state, status: 'active' }, activation }
}

async function timeOf(client: Client, clock: Clock, latest: number): Promise<number> {
  if (clock === 'latest') return latest
  if (clock !== 'pending') return clock()
  const { timestamp } = await getAction(client, getBlock, 'getBlock')({ blockTag: 'pending' })
  return Number(timestamp)
}

async function readSequences(
  client: Client,
  { address, abi, version }: What['entryPoint'],
  account: Address,
  nonceKeys: readonly bigint[],
  blockNumber: bigint,
): Promise<ReadonlyMap<bigint, bigint>> {
  const keys = [...new Set(nonceKeys)]
  if (keys.length === 0) return new Map()
  const contracts = keys.map((key) => ({ address, abi, functionName: 'getNonce', args: [account, key] }) as const)
  const answers = await getAction(
    client,
    multicall,
    'multicall',
  )({ contracts, allowFailure: true, deployless: true, batchSize: 0, blockNumber })
  return new Map(
    answers.map((answer, index) => {
      if (answer.status === 'success') return [keys[index] ?? 0n, BigInt.asUintN(64, answer.result as bigint)]
      const fault = explainFault(answer.error)
      throw fault.code.startsWith('rpc-') ? fault : noEntryPoint(version, address, answer.error)
    }),
  )
}

const noEntryPoint = (version: string, address: Address, cause: unknown): ChainFault =>
  new ChainFault(
    'unknown',
    `EntryPoint ${version} does not answer at ${address}`,
    'look whether this is the right chain, and whether the account is one of this EntryPoint',
    cause instanceof Error ? cause : undefined,
  )
