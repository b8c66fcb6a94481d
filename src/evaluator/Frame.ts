import type { OperationFees } from '../policy/Operation.js'
import type { TargetRules } from './Candidates.js'
import type { ElementAt } from './Place.js'
import type { Tuple } from './Type.js'

/** One call inside the account's calldata, or inside such a call, by places in that text; nothing is copied out of it. */
export type Frame = {
  /** The account's calldata, lower case. */
  readonly text: string
  /** The target's 40 digits. */
  readonly to: string
  /** The value is 0, or the call around has decided about it. */
  readonly noValue: boolean
  /** Where the word of the value stands. */
  readonly valueAt: number
  /** Where the call's own calldata begins, and where it ends. A command's begins eight digits before its input, as if it had a selector. */
  readonly dataAt: number
  readonly dataEnd: number
  /** Absent on the runtime path. */
  readonly fees: OperationFees | undefined
  /** `0x` and a command's two digits; '' of a call. */
  readonly command: string
  /** The target's allow rules. */
  readonly rules: TargetRules | undefined
  /** How far the dynamic arguments were found canonical, kept because several operands ask. */
  walk: Walk | undefined
  /** Where the quantifiers stand that are being judged, the innermost first. */
  elements: readonly ElementAt[]
}

/** INVARIANT: all dynamic arguments before `next` are canonical and begin at `tails`; `end` is where the next must begin, -1 after a fault. */
export type Walk = { readonly inputs: Tuple; readonly tails: number[]; next: number; end: number }
