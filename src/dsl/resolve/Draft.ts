import type { AllowedAction, DeniedAction } from '../../policy/Action.js'
import type { Condition, Sum } from '../../policy/Condition.js'
import type { Hex } from '../../policy/Hex.js'
import type { Meter } from '../../policy/Meter.js'
import type { RuleTime } from '../../policy/Rule.js'
import type { Asset } from '../../policy/Units.js'
import type { Rule } from '../ast.js'
import type { KnownFunction } from '../library.js'
import type { RuleBudget } from './Budget.js'
import type { ResolvedPlace } from './place.js'

/** One function of one target, as one author's rule means it: what the checks look at, and what becomes a rule of the policy. */
export type Draft = AllowDraft | DenyDraft

type Common = {
  readonly node: Rule
  readonly place: ResolvedPlace
  /** Undefined for `send` and `any`. */
  readonly callee: Callee | undefined
  readonly time: RuleTime
  /** All must hold; in negation normal form. */
  readonly where: readonly Condition[]
  /** Nothing of the rule failed, so that what seems to be missing is missing. */
  readonly whole: boolean
}

export type AllowDraft = Common & {
  readonly effect: 'allow'
  readonly action: AllowedAction
  readonly charges: readonly DraftCharge[]
  readonly unlimited: readonly Asset[]
  /** The terms that are about this function, in the author's order. */
  readonly budgets: readonly RuleBudget[]
}

export type DenyDraft = Common & { readonly effect: 'deny'; readonly action: DeniedAction }

/** The function called. */
export type Callee = {
  readonly name: string
  readonly signature: string
  readonly selector: Hex
  /** What the library knows of it. */
  readonly known: KnownFunction | undefined
  /** The verb that the author named, where it was one. */
  readonly verb: string | undefined
}

/** A charge whose meter has no position yet. */
export type DraftCharge =
  | { readonly kind: 'meter'; readonly meter: Meter; readonly amount: Sum; readonly assetChecked: boolean }
  | {
      readonly kind: 'per call'
      readonly asset: Asset
      readonly limit: bigint
      readonly amount: Sum
      readonly assetChecked: boolean
    }
