import type { Hex } from '../../policy/Hex.js'
import type { State } from '../../policy/State.js'

/** What the chain says of a session at the end of one block; all of it is of the same block. */
export type Snapshot = {
  readonly blockNumber: bigint
  /** The block's time, unix seconds. */
  readonly time: number
  readonly state: State
  /** The EntryPoint's next sequence of each nonce key that was asked for. */
  readonly sequences: ReadonlyMap<bigint, bigint>
  /** What an operation carries before its witness to put the session into force; `0x` where it is, or nothing is at hand. The state is then what it will be. */
  readonly activation: Hex
}
