import { LIMIT } from '../compiler/layout.js'
import type { Reader } from './Reader.js'
import type { AllowRule, DenyRule, Rule } from './Rule.js'

/** Gives each allow rule the denies of its target that touch its action, as they are folded into its leaf. */
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
  for (const allow of allows) {
    const { selector } = allow
    const denies = byTarget.get(allow.target)?.filter((deny) => (deny.selector ?? selector) === selector) ?? []
    reader.must(denies.length <= LIMIT.denies, 'a rule has too many denies', start)
    if (denies.length > 0) allow.denies = denies
    const length = denies.reduce((sum, { clauseStart, clauseEnd }) => sum + clauseEnd - clauseStart, allow.leafLength)
    reader.must(length <= LIMIT.leafLength, 'a leaf is too long', start)
  }
}
