import { createWalletClient, http, type Hex, numberToHex, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { Address } from '../../../src/policy/Hex.js'
import { bundle, type BundleWorld } from './bundler/bundle.js'
import { estimate } from './bundler/estimate.js'
import { answerOf, type BundlerFault, transportFault } from './bundler/faults.js'
import { type Dropped, Mempool } from './bundler/Mempool.js'
import { preVerificationGas } from './bundler/preVerificationGas.js'
import { type Operation, readOperation } from './bundler/readOperation.js'
import { operationOf, receiptOf } from './bundler/receipts.js'
import { refusal } from './bundler/refusal.js'
import {
  entryPoints,
  type EntryPointVersion,
  hashOf,
  intervalOf,
  type Node,
  nodeClient,
  simulate,
} from './bundler/simulate.js'
import { JsonRpcServer, RpcError } from './JsonRpcServer.js'

export type { BundlerFault } from './bundler/faults.js'

export type BundlerOptions = {
  /** Bundles by itself as operations arrive (default), or only when `bundleNow` is called. */
  readonly mode?: 'auto' | 'manual'
  /** Milliseconds that operations are gathered before a bundle is made. */
  readonly gatherMs?: number
  /** The most operations of one bundle. */
  readonly most?: number
  /** The most operations of one sender in a bundle; bundlers of the public network take one. */
  readonly mostOfSender?: number
  /** An operation whose time ends within so many seconds is refused as ending too soon. */
  readonly marginSeconds?: number
}

/**
 * A small ERC-4337 bundler for tests (ERC-7769 over HTTP on loopback) for EntryPoint 0.7 and 0.8. It asks the real EntryPoint whether an
 * operation passes, bundles what passes, and can be told to fail in every way. It keeps none of ERC-7562's rules: the tracer does. Only the
 * methods of a bundler are served, so that whoever takes it for a node finds out.
 */
export class Bundler {
  /** What goes wrong from now on; undefined: nothing. */
  fault: BundlerFault | undefined
  readonly #node: Node
  readonly #options: Required<BundlerOptions>
  readonly #pool = new Mempool()
  readonly #world: BundleWorld
  #server: JsonRpcServer | undefined
  #bundling: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  private constructor(node: Node, options: BundlerOptions) {
    this.#node = node
    this.#options = { mode: 'auto', gatherMs: 10, most: 10, mostOfSender: 1, marginSeconds: 10, ...options }
    // A key of its own, so that nobody else's transactions use up its nonces.
    const account = privateKeyToAccount(generatePrivateKey())
    this.#world = {
      client: nodeClient(node),
      wallet: createWalletClient({ account, transport: http(node.url, { retryCount: 0 }) }),
      executor: account.address.toLowerCase() as Address,
      chainId: node.chainId,
      most: this.#options.most,
      mostOfSender: this.#options.mostOfSender,
    }
  }

  static async start(node: Node, options: BundlerOptions = {}): Promise<Bundler> {
    const bundler = new Bundler({ url: node.url, chainId: node.chainId }, options)
    const { client, executor } = bundler.#world
    await client.request({
      method: 'anvil_setBalance',
      params: [executor, numberToHex(parseEther('1000'))],
    } as never)
    bundler.#server = await JsonRpcServer.start(
      (method, params) => bundler.#answer(method, params),
      () => transportFault(bundler.fault),
    )
    return bundler
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('the bundler has not started')
    return this.#server.url
  }

  /** The address that sends the bundles and is paid for them. */
  get executor(): Address {
    return this.#world.executor
  }

  /** What was accepted and is not included yet. */
  get waiting(): number {
    return this.#pool.size
  }

  /** What was accepted and will never be included, with the reason. */
  get dropped(): readonly Dropped[] {
    return this.#pool.dropped
  }

  /** Makes and sends bundles of everything that waits; resolves to their transactions' hashes. */
  bundleNow(): Promise<readonly Hex[]> {
    const run = this.#bundling.then(() => this.#bundleAll())
    this.#bundling = run.catch(() => undefined)
    return run
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#server?.stop()
    await this.#bundling
  }

  async #answer(method: string, params: readonly unknown[]): Promise<unknown> {
    const { client } = this.#world
    switch (method) {
      case 'eth_chainId':
        return numberToHex(this.fault?.kind === 'wrong-chain' ? this.fault.chainId : this.#node.chainId)
      case 'eth_supportedEntryPoints':
        return Object.values(entryPoints)
      case 'eth_sendUserOperation':
        return this.#take(readOperation(params[0], 'send'), versionOf(params[1]))
      case 'eth_estimateUserOperationGas':
        return this.#estimate(readOperation(params[0], 'estimate'), versionOf(params[1]))
      case 'eth_getUserOperationReceipt':
        return this.fault?.kind === 'blind' ? null : receiptOf(client, hashParameter(params[0]))
      case 'eth_getUserOperationByHash':
        return this.fault?.kind === 'blind' ? null : this.#find(hashParameter(params[0]))
      default:
        throw new RpcError(-32601, `the method ${method} does not exist/is not available`)
    }
  }

  async #take(operation: Operation, version: EntryPointVersion): Promise<Hex> {
    const refused = answerOf(this.fault)
    if (refused) throw refused
    const { client, executor, chainId } = this.#world
    await this.#checkFees(operation)
    const before = this.#pool.before(operation, version).map((each) => each.operation)
    const outcome = await simulate(client, version, [...before, operation], executor)
    const interval = await intervalOf(client, version, operation, chainId)
    if (outcome.kind === 'fails') {
      // One that waits before it became unsound: what counts is what is said of this one alone.
      const alone = outcome.index === before.length ? outcome : await simulate(client, version, [operation], executor)
      if (alone.kind === 'fails') throw refusal(alone, operation, interval)
    }
    const { timestamp } = await client.getBlock({ blockTag: 'pending' })
    if (interval && interval.validUntil < Number(timestamp) + this.#options.marginSeconds)
      throw refusal({ reason: 'AA22 expired or not due: expires too soon' }, operation, interval)
    const hash = hashOf(operation, version, chainId)
    if (this.fault?.kind === 'drop') return hash
    this.#pool.add({ hash, version, operation, failures: 0 })
    this.#schedule()
    return hash
  }

  async #checkFees(operation: Operation): Promise<void> {
    const { maxFeePerGas, maxPriorityFeePerGas } = operation
    if (maxPriorityFeePerGas > maxFeePerGas)
      throw new RpcError(-32602, 'maxPriorityFeePerGas must be at most maxFeePerGas')
    const { baseFeePerGas } = await this.#world.client.getBlock({ blockTag: 'pending' })
    if (maxFeePerGas < (baseFeePerGas ?? 0n))
      throw new RpcError(-32602, `maxFeePerGas must be at least ${baseFeePerGas} (current block base fee)`)
    const least = preVerificationGas(operation)
    if (operation.preVerificationGas < least)
      throw new RpcError(
        -32602,
        `preVerificationGas is not enough, required: ${least}, got: ${operation.preVerificationGas}`,
      )
  }

  async #estimate(operation: Operation, version: EntryPointVersion): Promise<unknown> {
    const refused = answerOf(this.fault)
    if (refused) throw refused
    const { client, executor, chainId } = this.#world
    const before = this.#pool.before(operation, version).map((each) => each.operation)
    const gas = await estimate(operation, { client, version, chainId, beneficiary: executor, before })
    return Object.fromEntries(Object.entries(gas).map(([name, value]) => [name, numberToHex(value ?? 0n)]))
  }

  async #find(hash: Hex): Promise<unknown> {
    const waiting = this.#pool.get(hash)
    if (waiting === undefined) return operationOf(this.#world.client, hash)
    const fields = Object.entries(waiting.operation).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? numberToHex(value) : value,
    ])
    return {
      userOperation: Object.fromEntries(fields),
      entryPoint: entryPoints[waiting.version],
      blockHash: null,
      blockNumber: null,
      transactionHash: null,
    }
  }

  /** What waits for its time or turn is looked at again and again, as slowly as blocks come. */
  #schedule(ms = this.#options.gatherMs): void {
    if (this.#options.mode === 'manual' || this.#timer !== undefined || this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const again = () => this.#pool.size > 0 && this.#schedule(Math.max(200, this.#options.gatherMs))
      this.bundleNow().then(again, again)
    }, ms)
    this.#timer.unref()
  }

  async #bundleAll(): Promise<readonly Hex[]> {
    const sent: Hex[] = []
    if (this.fault?.kind === 'hold') return sent
    for (const version of ['0.7', '0.8'] as const)
      while (!this.#stopped && this.#pool.all(version).length > 0) {
        const hash = await bundle(this.#pool, version, this.#world)
        if (hash === undefined) break
        sent.push(hash)
      }
    return sent
  }
}

function versionOf(address: unknown): EntryPointVersion {
  const version = (['0.7', '0.8'] as const).find((each) => entryPoints[each] === String(address).toLowerCase())
  if (version === undefined)
    throw new RpcError(-32602, `the EntryPoint at ${String(address)} is not supported by this bundler`)
  return version
}

function hashParameter(hash: unknown): Hex {
  if (typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(hash))
    throw new RpcError(-32601, 'Missing/invalid userOpHash')
  return hash.toLowerCase() as Hex
}
