import type { AllowedAction, DeniedAction } from './Action.js'
import type { Condition, Sum } from './Condition.js'
import type { Address } from './Hex.js'
import type { Nested } from './Nested.js'
import type { Asset } from './Units.js'

export type Rule = AllowRule | DenyRule

/** When a rule applies: `[from, until)`, unix seconds, within the policy's own. */
export type RuleTime = {
  readonly from?: number
  readonly until?: number
  readonly hours?: Hours
}

/** `[start, end)` in minutes of the UTC day, 0 <= start < end <= 1440, on the given weekdays (bit 0 is Monday, bit 6 Sunday). */
export type Hours = { readonly start: number; readonly end: number; readonly weekdays: number }

/** One function of one target (lists and verbs are written out as several rules, which share their meters). */
export type AllowRule = RuleTime & {
  readonly effect: 'allow'
  readonly target: Address
  readonly action: AllowedAction
  /** All must hold. */
  readonly where: readonly Condition[]
  /** In the author's order; charged when the call is allowed. */
  readonly charges: readonly Charge[]
  /** Assets declared `budget unlimited X`, in the author's order. Without ETH here or in a charge, `value` must be 0. */
  readonly unlimited: readonly Asset[]
  /** What the calls inside an argument may be; absent or one at least. The rule holds only if every nested call is allowed. */
  readonly nested?: readonly Nested[]
}

export type DenyRule = RuleTime & {
  readonly effect: 'deny'
  readonly target: Address
  readonly action: DeniedAction
  readonly where: readonly Condition[]
}

/** An amount is a sum without scales, or one term of one factor with scales, rounded up; negative or >= 2^256 is a fault, and a fault denies. */
export type Charge =
  | {
      readonly kind: 'meter'
      /** Index into the policy's meters. A meter of calls is charged the constant number 1. */
      readonly meter: number
      readonly amount: Sum
      /** The compiler saw that the target, or an argument fixed by a condition, is the asset. True for ETH and for calls. */
      readonly assetChecked: boolean
    }
  | {
      readonly kind: 'per call'
      readonly asset: Asset
      /** Inclusive, base units, below 2^256. */
      readonly limit: bigint
      readonly amount: Sum
      readonly assetChecked: boolean
    }
