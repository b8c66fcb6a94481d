import { type Hex, keccak256, numberToHex } from 'viem'
import { JsonRpcServer, RpcError, type TransportFault } from './JsonRpcServer.js'

/** How a node can fail its user. */
export type RpcFault =
  | TransportFault
  | { readonly kind: 'wrong-chain'; readonly chainId: number }
  /** Takes transactions, answers with their hash, and forgets them. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: unknown }

export type FaultRule = {
  readonly fault: RpcFault
  /** Only these methods fail; left out: all. */
  readonly methods?: readonly string[]
  /** So many calls go well before it begins. */
  readonly after?: number
  /** So many calls fail, then all is well again; left out: until healed. */
  readonly times?: number
}

/** A way to a node on which things go wrong: a proxy on loopback, ended by its handle. */
export class FaultyRpc {
  readonly #target: string
  #server: JsonRpcServer | undefined
  #rule: FaultRule | undefined
  #seen = 0
  /** The methods that were asked for, in their order. */
  readonly asked: string[] = []

  private constructor(target: string) {
    this.#target = target
  }

  static async start(target: string): Promise<FaultyRpc> {
    const rpc = new FaultyRpc(target)
    rpc.#server = await JsonRpcServer.start(
      (method, params) => rpc.#answer(method, params),
      (method) => {
        rpc.asked.push(method)
        const fault = rpc.#begin(method)
        switch (fault?.kind) {
          case 'down':
          case 'slow':
          case 'hang':
          case 'http':
          case 'lost-answer':
            return fault
          default:
            return undefined
        }
      },
    )
    return rpc
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('the proxy has not started')
    return this.#server.url
  }

  /** From now on this goes wrong; undefined heals it. */
  fail(rule: FaultRule | undefined): void {
    this.#rule = rule
    this.#seen = 0
    this.#current = undefined
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  #current: RpcFault | undefined

  /** Counts a call, and says what is wrong with it. */
  #begin(method: string): RpcFault | undefined {
    const { fault, methods, after = 0, times = Infinity } = this.#rule ?? {}
    this.#current = undefined
    if (fault === undefined || (methods && !methods.includes(method))) return undefined
    const place = this.#seen++
    if (place >= after && place < after + times) this.#current = fault
    return this.#current
  }

  async #answer(method: string, params: readonly unknown[]): Promise<unknown> {
    const fault = this.#current
    if (fault?.kind === 'wrong-chain' && method === 'eth_chainId') return numberToHex(fault.chainId)
    if (fault?.kind === 'error') throw new RpcError(fault.code, fault.message, fault.data)
    if (fault?.kind === 'drop' && method === 'eth_sendRawTransaction') return keccak256(params[0] as Hex)
    if (fault?.kind === 'drop' && method === 'eth_sendTransaction') return `0x${'d0'.repeat(32)}`
    const response = await fetch(this.#target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as {
      readonly result?: unknown
      readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
    }
    if (error) throw new RpcError(error.code, error.message, error.data)
    return result
  }
}
