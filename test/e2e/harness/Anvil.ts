import { type ChildProcess, spawn } from 'node:child_process'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  http,
  publicActions,
  walletActions,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { anvilProgram } from './tools.js'

export type AnvilOptions = {
  readonly chainId?: number
  /** Unix seconds of the first block. */
  readonly time?: number
}

/** A development node of its own on loopback, with funded accounts; `stop` ends it by its process id. */
export class Anvil {
  readonly url: string
  readonly chainId: number
  readonly #process: ChildProcess

  private constructor(url: string, chainId: number, process: ChildProcess) {
    this.url = url
    this.chainId = chainId
    this.#process = process
  }

  static async start({ chainId = 8453, time = 1_795_352_400 }: AnvilOptions = {}): Promise<Anvil> {
    const program = anvilProgram()
    if (program === undefined) throw new Error('no anvil')
    const flags = ['--host', '127.0.0.1', '--port', '0', '--hardfork', 'prague', '--accounts', '12']
    const child = spawn(program, [...flags, '--chain-id', `${chainId}`, '--timestamp', `${time}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Also where a test run is cut short, no node stays behind.
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    const port = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const found = /Listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`anvil ended with ${code}: ${said}`)))
    })
    child.once('exit', () => process.off('exit', end))
    return new Anvil(`http://127.0.0.1:${port}`, chainId, child)
  }

  get chain() {
    return defineChain({
      id: this.chainId,
      name: 'development',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [this.url] } },
      contracts: { multicall3: { address: '0xcA11bde05977b3631167028862bE2a173976CA11' } },
    })
  }

  /** A client for everything: reading, sending from the funded accounts, and moving time. */
  client() {
    return createTestClient({ mode: 'anvil', chain: this.chain, transport: http(this.url), pollingInterval: 20 })
      .extend(publicActions)
      .extend(walletActions)
  }

  /** A client that only reads. */
  reader() {
    return createPublicClient({ chain: this.chain, transport: http(this.url), pollingInterval: 20 })
  }

  /** One of the twelve funded accounts, by its key. */
  funded(index: number) {
    return mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: index })
  }

  /** A client that sends from a funded account by its key, as from outside. */
  wallet(index: number) {
    return createWalletClient({
      account: this.funded(index),
      chain: this.chain,
      transport: http(this.url),
      pollingInterval: 20,
    })
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()))
    this.#process.kill('SIGTERM')
    await ended
  }
}
