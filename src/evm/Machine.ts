import type { Evm, Message, Outcome } from './Evm.js'
import type { Forgeries } from './ecrecover.js'

/** Where code and storage can be put at will. */
export type Ground = Pick<Evm, 'setCode' | 'setStorage' | 'storageAt'>

/** A chain that can be told everything, on which a module judges: the embedded EVM, or a development node. `Mark` is a point to go back to. */
export type Machine<Mark> = Ground & {
  /** Runs a message; its changes stay if it succeeds, and nothing of it stays if it fails. */
  readonly call: (message: Message) => Promise<Outcome>
  readonly snapshot: () => Mark | Promise<Mark>
  /** May be done once for each snapshot where the machine says no more. */
  readonly revert: (mark: Mark) => void | Promise<void>
  /** Absent where `ecrecover` is the real one: only dummy signatures, and real ones, can then be judged. */
  readonly forgeries?: Forgeries
}

/** The block time that a message is judged at is behind the machine's present, which does not go back. */
export class TimePassed extends Error {
  override readonly name = 'TimePassed'

  /** Both in unix seconds. */
  constructor(
    readonly asked: number,
    readonly present: number,
  ) {
    super(`the node's time is ${present}, which is after ${asked}`)
  }
}
