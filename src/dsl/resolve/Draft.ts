import type { AllowedAction, DeniedAction } from '../../policy/Action.js'
import type { Condition, Sum } from '../../policy/Condition.js'
import type { Hex } from '../../policy/Hex.js'
import type { Meter } from '../../policy/Meter.js'
import type { Nested } from '../../policy/Nested.js'
import type { RuleTime } from '../../policy/Rule.js'
import type { Asset } from '../../policy/Units.js'
import type { EachClause, Rule } from '../ast.js'
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
  /** The block that the rule stands in; undefined at the top. */
  readonly within: Within | undefined
}

/** What a rule inside `each` needs to know of the rule that carries the calls. */
export type Within = {
  readonly form: Nested['form']
  /** The carrying rule's target: that of the rules inside, but for multisend. */
  readonly place: ResolvedPlace
  /** The call that carries them may bring ether, so that `call.value` need not be 0 in calls and commands. */
  readonly payable: boolean
  /** 1 for the rules of a block of the top. */
  readonly depth: number
  /** How many more rules the blocks of one rule of the top may hold: a verb inside a verb multiplies. Less than 0: that was too many. */
  readonly room: { left: number }
}

/** A list of calls, and what each rule of its block means. */
export type DraftNested = CallList & { readonly node: EachClause; readonly drafts: readonly Draft[] }

/** Where nested calls stand. */
export type CallList = Without<Nested, 'rules'>
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never

export type AllowDraft = Common & {
  readonly effect: 'allow'
  readonly action: AllowedAction
  readonly charges: readonly DraftCharge[]
  readonly unlimited: readonly Asset[]
  /** The terms that are about this function, in the author's order. */
  readonly budgets: readonly RuleBudget[]
  /** Blocks in the author's order. */
  readonly nested: readonly DraftNested[]
}

export type DenyDraft = Common & { readonly effect: 'deny'; readonly action: DeniedAction }

/** The function called, or the command run. */
export type Callee = {
  readonly name: string
  readonly signature: string
  /** Of a command: three zero bytes and its byte. */
  readonly selector: Hex
  /** What the library knows of it. */
  readonly known: KnownFunction | undefined
  /** The verb that the author named, where it was one. */
  readonly verb: string | undefined
}

/** The drafts and all that are nested in them, a rule before those inside it. */
export function withNested(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.every((draft) => draft.effect === 'deny' || draft.nested.length === 0)) return drafts
  return drafts.flatMap((draft) =>
    draft.effect === 'deny' ? [draft] : [draft, ...draft.nested.flatMap((block) => withNested(block.drafts))],
  )
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
