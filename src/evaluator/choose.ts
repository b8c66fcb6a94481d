import { type Block, callsIn } from './Block.js'
import { type SomeRules, candidatesFor, fixingRules } from './Candidates.js'
import type { Frame } from './Frame.js'
import { type Failure, isFailure, judge } from './judge.js'
import type { AllowRule } from './Rule.js'
import { isExact } from './tailOf.js'

/** A rule that holds for a call, and what its charges of meters count. */
export type Chosen = {
  readonly rule: AllowRule
  readonly frame: Frame
  readonly amounts: readonly bigint[]
  /** The same of the calls inside its arguments, each before those inside it. */
  readonly inner: readonly Chosen[]
}

/** A call inside the arguments that no rule allows. */
export type NestedFailure = {
  readonly kind: 'nested'
  readonly block: Block
  /** Which one, and the call; undefined where the list cannot be read. */
  readonly element: number | undefined
  readonly frame: Frame | undefined
}

/** The first rule, in the policy's order, that holds for the call at `now`. */
export const firstHolding = (some: SomeRules, frame: Frame, now: number): Chosen | undefined => {
  if (!('rules' in some)) return chosenIf(some, frame, now)
  const { rules, dispatch } = some
  if (!dispatch) return firstOf(rules, frame, now)
  const fixing = firstOf(fixingRules(dispatch, frame), frame, now)
  const other = firstOf(dispatch.rest, frame, now)
  return fixing && other && other.rule.index < fixing.rule.index ? other : (fixing ?? other)
}

const firstOf = (rules: readonly AllowRule[], frame: Frame, now: number): Chosen | undefined => {
  for (const rule of rules) {
    const chosen = chosenIf(rule, frame, now)
    if (chosen) return chosen
  }
  return undefined
}

const chosenIf = (rule: AllowRule, frame: Frame, now: number): Chosen | undefined => {
  const answer = examine(rule, frame, now)
  return 'kind' in answer ? undefined : answer
}

const NONE: readonly never[] = []

/** The rule as chosen for the call, or the first point at which it does not hold. */
export const examine = (rule: AllowRule, frame: Frame, now: number): Chosen | Failure | NestedFailure => {
  const amounts = judge(rule, frame, now)
  if (isFailure(amounts)) return amounts
  if (!rule.blocks) return { rule, frame, amounts, inner: NONE }
  const inner: Chosen[] = []
  for (const block of rule.blocks) {
    const frames = callsIn(block, frame)
    if (!frames) return { kind: 'nested', block, element: undefined, frame: undefined }
    for (const [element, call] of frames.entries()) {
      const some = candidatesFor(call)
      const chosen = some && isWellFormed(some, call) ? firstHolding(some, call, now) : undefined
      if (!chosen) return { kind: 'nested', block, element, frame: call }
      // One by one: a call has room for only so many arguments, and calldata for more calls.
      inner.push(chosen)
      for (const deeper of chosen.inner) inner.push(deeper)
    }
  }
  return { rule, frame, amounts, inner }
}

/** Whether the nested call is exactly encoded for the function that these rules speak of. */
export const isWellFormed = (some: SomeRules, frame: Frame): boolean => {
  const inputs = firstOfAll(some)?.inputs
  return !inputs || isExact(frame, inputs)
}

/** The first rule in the policy's order. */
export const firstOfAll = (some: SomeRules): AllowRule | undefined => ('rules' in some ? some.rules[0] : some)
