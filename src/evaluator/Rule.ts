import type { Condition } from './Condition.js'
import type { Amount } from './Sum.js'
import type { Times } from './Times.js'

/** A rule of the grant, prepared for deciding. */
export type Rule = AllowRule | DenyRule

export type AllowRule = {
  readonly effect: 'allow'
  /** Index among all rules of the policy. */
  readonly index: number
  /** 40 digits. */
  readonly target: string
  /** 8 digits, '' of a native transfer. */
  readonly selector: string
  /** The value need not be 0. */
  readonly value: boolean
  readonly times: Times | undefined
  readonly where: readonly Condition[]
  readonly charges: readonly MeterCharge[]
  readonly perCall: readonly PerCallLimit[]
  /** Where in the grant its body stands, and its charges behind it. */
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly chargesAt: number
  /** Bytes of its leaf before the denies are counted. */
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
  /** Selector's 8 digits, '' a native transfer, undefined every call. */
  readonly selector: string | undefined
  readonly times: Times | undefined
  readonly where: readonly Condition[]
  /** Where in the grant its clause stands. */
  readonly clauseStart: number
  readonly clauseEnd: number
}
