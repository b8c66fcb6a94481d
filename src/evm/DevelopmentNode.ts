import { BaseError, createTestClient, http, isHex, numberToHex, publicActions, RpcRequestError } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import type { Message, Outcome } from './Evm.js'
import { type Machine, TimePassed } from './Machine.js'

/** What a development node is like before anything is done to it. */
export type NodeFacts = {
  readonly chainId: number
  /** Unix seconds of the latest block. */
  readonly time: number
}

/**
 * anvil as a machine on which a module judges: code is placed, senders are impersonated, each message that succeeds is a transaction in a
 * block of its own, at its own time. Time goes forward only. `close` puts the node back to where it was. Every method rejects with what viem
 * throws where the node does not answer.
 */
export class DevelopmentNode implements Machine<Hex> {
  readonly facts: NodeFacts
  readonly #client: ReturnType<typeof clientOf>
  readonly #gas: bigint
  readonly #mining: Mining
  readonly #origin: Hex
  readonly #impersonated = new Set<Address>()

  private constructor(client: ReturnType<typeof clientOf>, before: Before) {
    this.#client = client
    this.facts = before.facts
    this.#gas = before.gas
    this.#mining = before.mining
    this.#origin = before.origin
  }

  /** Whether the node at a URL answers what only anvil answers. */
  static async isOne(url: string): Promise<boolean> {
    try {
      await ask(clientOf(url), 'anvil_nodeInfo')
      return true
    } catch (error) {
      // A node that refuses the method has answered; one that is not there has not.
      if (error instanceof BaseError && error.walk((cause) => isAnswer(cause))) return false
      throw error
    }
  }

  /** Remembers the node as it is; from now on it mines a block for each transaction. */
  static async open(url: string): Promise<DevelopmentNode> {
    const client = clientOf(url)
    const block = await client.getBlock()
    const facts = { chainId: await client.getChainId(), time: Number(block.timestamp) }
    const automine = (await ask(client, 'anvil_getAutomine')) === true
    const interval = await ask(client, 'anvil_getIntervalMining')
    const origin = (await ask(client, 'evm_snapshot')) as Hex
    if (!automine) await ask(client, 'evm_setAutomine', [true])
    const mining = { automine, ...(typeof interval === 'number' && { interval }) }
    return new DevelopmentNode(client, { facts, gas: block.gasLimit, mining, origin })
  }

  /** Puts everything back: blocks, code, storage, balances, time, and how the node mines. */
  async close(): Promise<void> {
    for (const address of this.#impersonated) await this.#ask('anvil_stopImpersonatingAccount', [address])
    await this.#ask('evm_revert', [this.#origin])
    const { automine, interval } = this.#mining
    if (interval !== undefined) await this.#ask('evm_setIntervalMining', [interval])
    else if (!automine) await this.#ask('evm_setAutomine', [false])
  }

  async setCode(address: Address, code: Hex): Promise<void> {
    await this.#ask('anvil_setCode', [address, code])
  }

  async setStorage(address: Address, slot: Hex, value: Hex): Promise<void> {
    await this.#ask('anvil_setStorageAt', [address, slot, value])
  }

  async storageAt(address: Address, slot: Hex): Promise<Hex> {
    return (await this.#ask('eth_getStorageAt', [address, slot, 'latest'])) as Hex
  }

  /** `gasUsed` is the whole transaction's, 0 where none was sent because the message fails; logs are not read. Throws TimePassed. */
  async call({ from = zero, to, data = '0x', value = 0n, gas = this.#gas, time }: Message): Promise<Outcome> {
    const present = await this.#moveTo(time)
    const message = { from, to, data, value: numberToHex(value), gas: numberToHex(gas) }
    const judged = await this.#judge(message)
    if (!judged.success) return judged
    await this.#impersonate(from)
    // Within the same second: what was judged is what is done.
    await this.#ask('evm_setNextBlockTimestamp', [present])
    const hash = (await this.#ask('eth_sendTransaction', [message])) as Hex
    const receipt = await this.#client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error('the node runs a call differently when it is a transaction')
    return { ...judged, gasUsed: receipt.gasUsed }
  }

  async snapshot(): Promise<Hex> {
    return (await this.#ask('evm_snapshot')) as Hex
  }

  async revert(mark: Hex): Promise<void> {
    if ((await this.#ask('evm_revert', [mark])) !== true) throw new Error('the node does not go back to its snapshot')
  }

  /** Mines a block at a time, unless the latest one is of that time already; answers the latest block's time. */
  async #moveTo(time: number | undefined): Promise<number> {
    const present = Number((await this.#client.getBlock()).timestamp)
    if (time === undefined || time === present) return present
    if (time < present) throw new TimePassed(time, present)
    await this.#ask('evm_setNextBlockTimestamp', [time])
    await this.#ask('anvil_mine', ['0x1'])
    return time
  }

  async #judge(message: object): Promise<Outcome> {
    const nothing = { gasUsed: 0n, gasRefund: 0n, logs: [] }
    try {
      const returnData = (await this.#ask('eth_call', [message, 'latest'])) as Hex
      return { success: true, returnData, ...nothing }
    } catch (error) {
      const failure = error instanceof BaseError ? error.walk((cause) => isFailure(cause)) : null
      if (!(failure instanceof RpcRequestError)) throw error
      const returnData = isHex(failure.data) ? failure.data : '0x'
      return { success: false, returnData, ...nothing, error: failure.details }
    }
  }

  async #impersonate(address: Address): Promise<void> {
    if (this.#impersonated.has(address)) return
    this.#impersonated.add(address)
    await this.#ask('anvil_impersonateAccount', [address])
    await this.#ask('anvil_setBalance', [address, numberToHex(2n ** 100n)])
  }

  #ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return ask(this.#client, method, params)
  }
}

type Mining = { readonly automine: boolean; readonly interval?: number }
type Before = { readonly facts: NodeFacts; readonly gas: bigint; readonly mining: Mining; readonly origin: Hex }

const zero: Address = '0x0000000000000000000000000000000000000000'

/** Milliseconds that the node may take for one answer: judging a large grant takes a while. */
const timeout = 60_000

const clientOf = (url: string) =>
  createTestClient({
    mode: 'anvil',
    // A second attempt at something that moves a chain is another thing than the first.
    transport: http(url, { timeout, retryCount: 0 }),
    pollingInterval: 20,
  }).extend(publicActions)

/** viem's types know the methods of its actions only. */
const ask = (client: ReturnType<typeof clientOf>, method: string, params: readonly unknown[] = []): Promise<unknown> =>
  client.request({ method, params } as never)

const isAnswer = (error: unknown): boolean => error instanceof RpcRequestError

/** The call was run and failed (EIP-1474 has no code for it: 3 is a revert, and the interpreter's other ends are told in words). */
const isFailure = (error: unknown): boolean =>
  error instanceof RpcRequestError && (error.code === 3 || error.details.startsWith('EVM error'))
