import type { Rule } from '../policy/Rule.js'

/** A rule with its place: `3` at the top, `3.1` for the first rule about the calls that it carries. */
export type Labelled = { readonly rule: Rule; readonly label: string; readonly depth: number }

/** The rule, and all those nested in it, in the order in which they are printed. */
export function rulesWithin(rule: Rule, label: string, depth = 0): readonly Labelled[] {
  const own: Labelled = { rule, label, depth }
  return [own, ...nestedIn(rule, label).flatMap((inner) => rulesWithin(inner.rule, inner.label, depth + 1))]
}

/** The rules of the rule's own blocks, with the block's index; their numbers run on from block to block. */
export function nestedIn(
  rule: Rule,
  label: string,
): readonly { readonly rule: Rule; readonly block: number; readonly label: string }[] {
  const nested = rule.effect === 'allow' ? (rule.nested ?? []) : []
  return nested
    .flatMap(({ rules }, block) => rules.map((inner) => ({ rule: inner, block })))
    .map((inner, index) => ({ ...inner, label: `${label}.${index + 1}` }))
}
