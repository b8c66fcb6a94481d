import type { Hex, WalletClient } from 'viem'
import type { Address } from '../../../../src/policy/Hex.js'
import type { Mempool, Waiting } from './Mempool.js'
import { entryPoints, type EntryPointVersion, handleOps, intervalOf, type NodeClient, simulate } from './simulate.js'

export type BundleWorld = {
  readonly client: NodeClient
  readonly wallet: WalletClient
  readonly executor: Address
  readonly chainId: number
  /** The most operations of a bundle, and of one sender in it. */
  readonly most: number
  readonly mostOfSender: number
}

const retries = 3

/**
 * Makes a bundle of what waits, tries it on the EntryPoint, leaves out what fails, sends the rest and waits for its receipt. An operation
 * whose time or turn is to come stays; one that can never pass is dropped. Resolves to the transaction's hash, or undefined where there was
 * nothing to send.
 */
export async function bundle(pool: Mempool, version: EntryPointVersion, world: BundleWorld): Promise<Hex | undefined> {
  const chosen = await choose(pool, version, world)
  if (chosen.length === 0) return undefined
  const operations = chosen.map(({ operation }) => operation)
  const gas = operations.reduce((sum, each) => {
    const { callGasLimit, verificationGasLimit, preVerificationGas } = each
    const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = each
    // The EntryPoint keeps a 64th back and wants 10,000 more than the limits of each execution.
    const inner = ((callGasLimit + paymasterPostOpGasLimit + 10_000n) * 64n) / 63n
    return sum + inner + verificationGasLimit + paymasterVerificationGasLimit + preVerificationGas
  }, 50_000n)
  const { wallet, executor, client } = world
  const hash = await wallet.sendTransaction({
    account: wallet.account ?? executor,
    chain: null,
    to: entryPoints[version],
    data: handleOps(operations, executor),
    gas,
  })
  const { status } = await client.waitForTransactionReceipt({ hash })
  for (const each of chosen) {
    if (status === 'success') pool.include(each.hash)
    else if (++each.failures >= retries) pool.drop(each.hash, `its bundle reverted ${retries} times`)
  }
  return hash
}

async function choose(pool: Mempool, version: EntryPointVersion, world: BundleWorld): Promise<readonly Waiting[]> {
  let chosen = candidates(pool, version, world)
  while (chosen.length > 0) {
    const operations = chosen.map(({ operation }) => operation)
    const outcome = await simulate(world.client, version, operations, world.executor)
    if (outcome.kind === 'passes') return chosen
    const failed = chosen[outcome.index]
    if (failed === undefined) throw new Error(`the EntryPoint refused the whole bundle: ${outcome.reason}`)
    chosen = chosen.filter((each) => each !== failed)
    if (!(await mayPassLater(failed, outcome.reason, world))) pool.drop(failed.hash, outcome.reason)
  }
  return []
}

function candidates(
  pool: Mempool,
  version: EntryPointVersion,
  { most, mostOfSender }: BundleWorld,
): readonly Waiting[] {
  const ofSender = new Map<Address, number>()
  const inTurn = byLane(pool.all(version))
  return inTurn
    .filter(({ operation: { sender } }) => {
      const count = (ofSender.get(sender) ?? 0) + 1
      ofSender.set(sender, count)
      return count <= mostOfSender
    })
    .slice(0, most)
}

/** As they arrived, but those of one sender and nonce key one after the other, the lowest sequence first. */
function byLane(waiting: readonly Waiting[]): readonly Waiting[] {
  const lanes = new Map<string, Waiting[]>()
  for (const each of waiting) {
    const lane = `${each.operation.sender} ${each.operation.nonce >> 64n}`
    lanes.set(lane, [...(lanes.get(lane) ?? []), each])
  }
  return [...lanes.values()].flatMap((lane) =>
    lane.sort((one, other) => (one.operation.nonce < other.operation.nonce ? -1 : 1)),
  )
}

async function mayPassLater({ operation, version }: Waiting, reason: string, world: BundleWorld): Promise<boolean> {
  const { client, chainId } = world
  if (reason.startsWith('AA25')) {
    const next = await client.readContract({
      address: entryPoints[version],
      abi: nonceAbi,
      functionName: 'getNonce',
      args: [operation.sender, operation.nonce >> 64n],
    })
    return operation.nonce > next
  }
  if (!reason.startsWith('AA22')) return false
  const interval = await intervalOf(client, version, operation, chainId)
  const { timestamp } = await client.getBlock()
  return interval !== undefined && interval.validAfter >= Number(timestamp)
}

const nonceAbi = [
  {
    type: 'function',
    name: 'getNonce',
    inputs: [
      { name: 'sender', type: 'address' },
      { name: 'key', type: 'uint192' },
    ],
    outputs: [{ name: '', type: 'uint256' }],
    stateMutability: 'view',
  },
] as const
