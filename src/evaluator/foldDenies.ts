import { LIMIT } from '../compiler/layout.js'
import type { Reader } from './Reader.js'
import type { AllowRule, DenyRule, Rule } from './Rule.js'

/** Gives each allow rule, at every depth, the denies of its target that touch its action, as they are folded into its leaf. */
export const foldDenies = (
  reader: Reader,
  rules: readonly Rule[],
  allows: readonly AllowRule[],
  start: number,
): void => {
  const byTarget = new Map<string, DenyRule[]>()
  for (const rule of rules) {
    if (rule.effect === 'allow') continue
    const denies = byTarget.get(rule.target)
    if (denies) denies.push(rule)
    else byTarget.set(rule.target, [rule])
  }
  for (const allow of allows) fold(reader, allow, (target) => byTarget.get(target) ?? NONE, start)
}

const NONE: readonly never[] = []

/** The length of the leaf. `around`: the denies of a target that stand around the rule, from the outside in. */
const fold = (
  reader: Reader,
  allow: AllowRule,
  around: (target: string) => readonly DenyRule[],
  start: number,
): number => {
  const { selector, blocks, leafLength } = allow
  const denies = around(allow.target).filter((deny) => (deny.selector ?? selector) === selector)
  reader.must(denies.length <= LIMIT.denies, 'a rule has too many denies', start)
  if (denies.length > 0) allow.denies = denies
  let length = denies.reduce((sum, { clauseStart, clauseEnd }) => sum + clauseEnd - clauseStart, leafLength)
  if (blocks) length++
  for (const { rules, allows, headStart, headEnd } of blocks ?? NONE) {
    const own = rules.filter((rule) => rule.effect === 'deny')
    const inside = (target: string): readonly DenyRule[] => [
      ...around(target),
      ...own.filter((deny) => deny.target === target),
    ]
    length += headEnd - headStart + 2
    for (const inner of allows) length += 2 + fold(reader, inner, inside, start)
  }
  reader.must(length <= LIMIT.leafLength, 'a leaf is too long', start)
  return length
}
