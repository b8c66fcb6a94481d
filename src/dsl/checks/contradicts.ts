import type { ComparisonOperator, Condition } from '../../policy/Condition.js'
import { junction, members } from '../resolve/junction.js'

/** The conditions of an allow rule, all of which hold where it does, as keys. */
export type Held = ReadonlySet<string>

/** The keys of conditions that hold together. */
export const heldBy = (where: readonly Condition[]): Held => new Set(where.map(keyOf))

/**
 * Whether a condition cannot hold in an allow rule where all of `held` do, because they say the opposite of it word for word. (A comparison with a
 * fault holds neither way there.) `step` is called for each part that is looked at.
 */
export function contradicts(condition: Condition, held: Held, step: () => void): boolean {
  step()
  switch (condition.kind) {
    case 'false':
      return true
    case 'true':
    case 'now':
      return false
    case 'and':
      return condition.all.some((part) => contradicts(part, held, step)) || isDenied(condition, held)
    case 'or':
      return condition.any.every((part) => contradicts(part, held, step)) || isDenied(condition, held)
    case 'compare':
    case 'member':
    case 'bytes':
    case 'every':
    case 'any':
      return isDenied(condition, held)
    default:
      return condition satisfies never
  }
}

function isDenied(condition: Condition, held: Held): boolean {
  const negation = negate(condition)
  return negation !== undefined && members('and', negation).every((part) => held.has(keyOf(part)))
}

const keyOf = (condition: Condition): string =>
  JSON.stringify(condition, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))

const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}
const oppositeOfBytes = {
  '==': '!=',
  '!=': '==',
  'starts with': 'does not start with',
  'does not start with': 'starts with',
} as const

/** What `not` makes of a condition; undefined for a bound of `now`, which has no opposite. */
function negate(condition: Condition): Condition | undefined {
  switch (condition.kind) {
    case 'true':
      return { kind: 'false' }
    case 'false':
      return { kind: 'true' }
    case 'and':
      return negateAll('or', condition.all)
    case 'or':
      return negateAll('and', condition.any)
    case 'compare':
      return { ...condition, operator: opposite[condition.operator] }
    case 'member':
      return { ...condition, negated: !condition.negated }
    case 'bytes':
      return { ...condition, operator: oppositeOfBytes[condition.operator] }
    case 'every':
    case 'any': {
      const body = negateAll('or', condition.body)
      return body && { ...condition, kind: condition.kind === 'every' ? 'any' : 'every', body: members('and', body) }
    }
    case 'now':
      return undefined
    default:
      return condition satisfies never
  }
}

function negateAll(kind: 'and' | 'or', parts: readonly Condition[]): Condition | undefined {
  const negated = parts.map(negate)
  return negated.every((part) => part !== undefined) ? junction(kind, negated) : undefined
}
