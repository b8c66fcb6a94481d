import type { Block } from './Block.js'
import type { Condition } from './Condition.js'
import type { Amount } from './Sum.js'
import type { Times } from './Times.js'
import type { Tuple } from './Type.js'

/** A rule of the grant, prepared for deciding. */
export type Rule = AllowRule | DenyRule

export type AllowRule = {
  readonly effect: 'allow'
  /** Index among all rules of the policy, or of the block of nested calls. */
  readonly index: number
  /** 40 digits. */
  readonly target: string
  /** 8 digits, '' of a native transfer, `0x` and two digits of a command. */
  readonly selector: string
  readonly inputs: Tuple | undefined
  /** The value need not be 0. */
  readonly value: boolean
  readonly times: Times | undefined
  readonly where: readonly Condition[]
  readonly charges: readonly MeterCharge[]
  readonly perCall: readonly PerCallLimit[]
  /** What the calls inside its arguments may be; undefined where it has none. */
  readonly blocks: readonly Block[] | undefined
  /** Where in the grant its body stands, and its charges behind it. */
  readonly bodyStart: number
  readonly bodyEnd: number
  /** Bytes of its leaf before the denies are counted, and without what is nested. */
  readonly leafLength: number
  /** Denies whose clauses are folded into its leaf, in the policy's order. Filled in when all rules are read. */
  denies: readonly DenyRule[]
}

/** A charge of a meter of the session. */
export type MeterCharge = { readonly meter: number; readonly amount: Amount }

/** A bound on what one call counts. */
export type PerCallLimit = { readonly limit: bigint; readonly amount: Amount }

export type DenyRule = {
  readonly effect: 'deny'
  readonly index: number
  readonly target: string
  /** As an allow rule's; undefined of every call. */
  readonly selector: string | undefined
  readonly times: Times | undefined
  readonly where: readonly Condition[]
  /** Where in the grant its clause stands. */
  readonly clauseStart: number
  readonly clauseEnd: number
}
