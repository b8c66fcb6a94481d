import type { Hex } from '../../../../src/policy/Hex.js'
import { RpcError } from '../JsonRpcServer.js'
import type { Operation } from './readOperation.js'
import type { EntryPointVersion } from './simulate.js'

/** An operation that waits for its bundle. */
export type Waiting = {
  readonly hash: Hex
  readonly version: EntryPointVersion
  readonly operation: Operation
  /** How many bundles with it failed on the chain. */
  failures: number
}

/** Why an operation left without being included. */
export type Dropped = { readonly hash: Hex; readonly reason: string }

/** The operations that were accepted and are not included yet, in the order of their arrival. */
export class Mempool {
  readonly #waiting = new Map<Hex, Waiting>()
  readonly #dropped: Dropped[] = []

  get size(): number {
    return this.#waiting.size
  }

  /** Everything that was ever dropped, oldest first. */
  get dropped(): readonly Dropped[] {
    return this.#dropped
  }

  get(hash: Hex): Waiting | undefined {
    return this.#waiting.get(hash)
  }

  /** Takes an operation; one of the same nonce is replaced where both fees are a tenth higher, otherwise throws -32602. */
  add(added: Waiting): void {
    const { operation, version } = added
    const rival = this.all(version).find(
      (each) => each.operation.sender === operation.sender && each.operation.nonce === operation.nonce,
    )
    if (rival && rival.hash !== added.hash) {
      const raised = (before: bigint, after: bigint): boolean => after * 10n >= before * 11n
      const { maxFeePerGas, maxPriorityFeePerGas } = rival.operation
      if (
        !raised(maxFeePerGas, operation.maxFeePerGas) ||
        !raised(maxPriorityFeePerGas, operation.maxPriorityFeePerGas)
      )
        throw new RpcError(
          -32602,
          'replacement underpriced: an operation of this nonce waits, and fees are not 10% higher',
        )
      this.drop(rival.hash, 'replaced by an operation of the same nonce')
    }
    this.#waiting.set(added.hash, added)
  }

  all(version: EntryPointVersion): readonly Waiting[] {
    return [...this.#waiting.values()].filter((each) => each.version === version)
  }

  /** Those that must go before an operation: of the same sender and nonce key, with a lower sequence. */
  before({ sender, nonce }: Operation, version: EntryPointVersion): readonly Waiting[] {
    return this.all(version)
      .filter(({ operation }) => operation.sender === sender && operation.nonce >> 64n === nonce >> 64n)
      .filter(({ operation }) => operation.nonce < nonce)
      .sort((one, other) => (one.operation.nonce < other.operation.nonce ? -1 : 1))
  }

  include(hash: Hex): void {
    this.#waiting.delete(hash)
  }

  drop(hash: Hex, reason: string): void {
    if (this.#waiting.delete(hash)) this.#dropped.push({ hash, reason })
  }
}
