import { type Condition, constantsOf } from './Condition.js'
import type { Frame } from './Frame.js'
import type { ArgumentOperand } from './Operand.js'
import type { AllowRule } from './Rule.js'

/** Several allow rules of one function of one target, in the policy's order. */
export type Candidates = {
  /** 8 digits, '' of native transfers. */
  readonly selector: string
  readonly rules: readonly AllowRule[]
  /** Where many rules fix the same word of the heads to constants, that word tells which of them can hold at all. */
  readonly dispatch: Dispatch | undefined
}

type Dispatch = {
  readonly argument: ArgumentOperand
  readonly byWord: ReadonlyMap<string, readonly AllowRule[]>
  /** Rules that do not fix the word. */
  readonly rest: readonly AllowRule[]
}

/** One rule stands for itself, since every object on the way costs time where there are many. */
export type SomeRules = AllowRule | Candidates

/** The functions of one target; most targets have one, which needs no map. */
export type TargetRules = SomeRules | ReadonlyMap<string, SomeRules>

/** The rules of all targets, by their 40 digits. */
export type Targets = ReadonlyMap<string, TargetRules>

/** Sorts allow rules by target and selector. */
export const targetsOf = (allows: readonly AllowRule[]): Targets => {
  const groups = new Map<string, Map<string, AllowRule[]>>()
  for (const rule of allows) {
    const { selector } = rule
    const ofTarget = groups.get(rule.target) ?? new Map<string, AllowRule[]>()
    groups.set(rule.target, ofTarget)
    const ofSelector = ofTarget.get(selector)
    if (ofSelector) ofSelector.push(rule)
    else ofTarget.set(selector, [rule])
  }
  const targets = new Map<string, TargetRules>()
  for (const [target, ofTarget] of groups) {
    const all = [...ofTarget].flatMap(([selector, rules]) => candidatesOf(selector, rules) ?? [])
    const [only, second] = all
    if (only) targets.set(target, second ? new Map(all.map((some) => [some.selector, some])) : only)
  }
  return targets
}

/** The allow rules that speak of the call's target and selector, or command. Calldata of 1 to 3 bytes has no selector, and no rule. */
export const candidatesFor = ({ rules, text, dataAt, dataEnd, command }: Frame): SomeRules | undefined => {
  if (!rules) return undefined
  const selector = command || text.slice(dataAt, Math.min(dataAt + 8, dataEnd))
  if (rules instanceof Map) return rules.get(selector)
  return 'selector' in rules && rules.selector === selector ? rules : undefined
}

/** The same, as a list. */
export const rulesFor = (frame: Frame): readonly AllowRule[] => {
  const some = candidatesFor(frame)
  return some ? ('rules' in some ? some.rules : [some]) : []
}

/** Fewer rules are tried one after another. */
const WORTH_A_MAP = 4

const candidatesOf = (selector: string, rules: readonly AllowRule[]): SomeRules | undefined =>
  rules.length <= 1
    ? rules[0]
    : { selector, rules, dispatch: rules.length < WORTH_A_MAP ? undefined : dispatchOf(rules) }

/** The rules that fix the word as the call has it, and none that fixes it otherwise. */
export const fixingRules = (
  { argument: { word }, byWord }: Dispatch,
  { text, dataAt }: Frame,
): readonly AllowRule[] => {
  const at = dataAt + 8 + 64 * word
  return byWord.get(text.slice(at, at + 64)) ?? []
}

/** Rules whose reasons are told at most, for one call: nobody plans from a thousand. */
const MOST_TOLD = 32

/** The rules to tell of where none holds, in the policy's order; of very many first those that the word which tells them apart does not rule out. */
export const rulesToTell = (some: SomeRules, frame: Frame): readonly AllowRule[] => {
  if (!('rules' in some)) return [some]
  const { rules, dispatch } = some
  if (rules.length <= MOST_TOLD) return rules
  const near = dispatch ? [...fixingRules(dispatch, frame), ...dispatch.rest] : []
  return [...new Set([...near, ...rules.slice(0, MOST_TOLD)])].slice(0, MOST_TOLD).sort((a, b) => a.index - b.index)
}

const dispatchOf = (rules: readonly AllowRule[]): Dispatch | undefined => {
  const counts = new Map<ArgumentOperand, number>()
  for (const rule of rules)
    for (const argument of new Set(rule.where.flatMap((condition) => fixedBy(condition) ?? [])))
      counts.set(argument, (counts.get(argument) ?? 0) + 1)
  const [best] = [...counts].sort(([, a], [, b]) => b - a)
  if (!best || best[1] < WORTH_A_MAP) return undefined
  const [argument] = best
  const byWord = new Map<string, AllowRule[]>()
  const rest: AllowRule[] = []
  for (const rule of rules) {
    const fixing = rule.where.find((condition) => fixedBy(condition) === argument)
    if (!fixing) rest.push(rule)
    for (const word of fixing ? wordsOf(fixing) : []) {
      const bucket = byWord.get(word)
      if (bucket) bucket.push(rule)
      else byWord.set(word, [rule])
    }
  }
  return { argument, byWord, rest }
}

/** The word of the heads that the condition fixes to one of some constants. */
const fixedBy = (condition: Condition): ArgumentOperand | undefined => {
  const fixes =
    (condition.kind === 'word' && condition.operator === '==') || (condition.kind === 'words' && !condition.negated)
  const inHeads = fixes && condition.argument.argument < 0 && condition.argument.depth < 0
  return inHeads ? condition.argument : undefined
}

const wordsOf = (condition: Condition): readonly string[] => {
  if (condition.kind === 'words') return constantsOf(condition)
  return condition.kind === 'word' ? [condition.word] : []
}
