import type { Condition } from './Condition.js'
import type { Frame } from './Frame.js'
import { isFailure, judge } from './judge.js'
import type { AllowRule } from './Rule.js'

/** The allow rules of one function of one target, in the policy's order. */
export type Candidates = {
  readonly rules: readonly AllowRule[]
  /** Where many rules fix the same word of the heads to constants, that word tells which of them can hold at all. */
  readonly dispatch: Dispatch | undefined
}

type Dispatch = {
  readonly word: number
  readonly byWord: ReadonlyMap<string, readonly AllowRule[]>
  /** Rules that do not fix the word. */
  readonly rest: readonly AllowRule[]
}

/** Fewer rules are tried one after another. */
const WORTH_A_MAP = 4

export const candidatesOf = (rules: readonly AllowRule[]): Candidates => ({
  rules,
  dispatch: rules.length < WORTH_A_MAP ? undefined : dispatchOf(rules),
})

/** A rule that holds for a call, and what its charges of meters count. */
export type Chosen = { readonly rule: AllowRule; readonly amounts: readonly bigint[] }

/** The first rule, in the policy's order, that holds for the call at `now`. */
export const firstHolding = ({ rules, dispatch }: Candidates, frame: Frame, now: number): Chosen | undefined => {
  if (!dispatch) return firstOf(rules, frame, now)
  const at = frame.dataAt + 8 + 64 * dispatch.word
  const fixing = firstOf(dispatch.byWord.get(frame.text.slice(at, at + 64)) ?? [], frame, now)
  const other = firstOf(dispatch.rest, frame, now)
  return fixing && other && other.rule.index < fixing.rule.index ? other : (fixing ?? other)
}

const firstOf = (rules: readonly AllowRule[], frame: Frame, now: number): Chosen | undefined => {
  for (const rule of rules) {
    const judgement = judge(rule, frame, now)
    if (!isFailure(judgement)) return { rule, amounts: judgement }
  }
  return undefined
}

const dispatchOf = (rules: readonly AllowRule[]): Dispatch | undefined => {
  const counts = new Map<number, number>()
  for (const rule of rules)
    for (const word of new Set(rule.where.flatMap(fixedBy).map((fixed) => fixed.word)))
      counts.set(word, (counts.get(word) ?? 0) + 1)
  const [best] = [...counts].sort(([, a], [, b]) => b - a)
  if (!best || best[1] < WORTH_A_MAP) return undefined
  const [word] = best
  const byWord = new Map<string, AllowRule[]>()
  const rest: AllowRule[] = []
  for (const rule of rules) {
    const values = rule.where.flatMap(fixedBy).find((fixed) => fixed.word === word)?.values
    if (!values) rest.push(rule)
    for (const value of values ?? []) {
      const bucket = byWord.get(value)
      if (bucket) bucket.push(rule)
      else byWord.set(value, [rule])
    }
  }
  return { word, byWord, rest }
}

/** A word of the heads that the condition fixes to one of some constants. */
const fixedBy = (condition: Condition): { readonly word: number; readonly values: Iterable<string> }[] => {
  if (condition.kind === 'word' && condition.operator === '==' && condition.argument.argument < 0)
    return [{ word: condition.argument.word, values: [condition.word] }]
  if (condition.kind !== 'member' || condition.negated || condition.operands.length !== 1) return []
  const [operand] = condition.operands
  return operand?.kind === 'argument' && operand.argument < 0 ? [{ word: operand.word, values: condition.rows }] : []
}
