import type { Condition } from '../../policy/Condition.js'

/** `and` or `or` of the parts: none inside its own kind, and one part is itself. INVARIANT: parts is not empty. */
export function junction(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => members(kind, part))
  const [first, second] = flat
  if (first !== undefined && second === undefined) return first
  return kind === 'and' ? { kind, all: flat } : { kind, any: flat }
}

/** The members of a condition of that kind, or the condition alone. */
export function members(kind: 'and' | 'or', condition: Condition): readonly Condition[] {
  if (kind === 'and' && condition.kind === 'and') return condition.all
  if (kind === 'or' && condition.kind === 'or') return condition.any
  return [condition]
}
