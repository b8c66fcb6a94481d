import type { OperationFees } from '../policy/Operation.js'
import type { TargetRules } from './Candidates.js'
import type { Tuple } from './Type.js'

/** One call inside the account's calldata, by places in that text; nothing is copied out of it. */
export type Frame = {
  /** The account's calldata, lower case. */
  readonly text: string
  /** The target's 40 digits. */
  readonly to: string
  /** The value is 0. */
  readonly noValue: boolean
  /** Where the word of the value stands. */
  readonly valueAt: number
  /** Where the call's own calldata begins, and where it ends. */
  readonly dataAt: number
  readonly dataEnd: number
  /** Absent on the runtime path. */
  readonly fees: OperationFees | undefined
  /** The target's allow rules. */
  readonly rules: TargetRules | undefined
  /** How far the dynamic arguments were found canonical, kept because several operands ask. */
  walk: Walk | undefined
}

/** INVARIANT: all dynamic arguments before `next` are canonical and begin at `tails`; `end` is where the next must begin, -1 after a fault. */
export type Walk = { readonly inputs: Tuple; readonly tails: number[]; next: number; end: number }
