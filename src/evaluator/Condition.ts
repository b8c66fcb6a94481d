import type { ComparisonOperator } from '../policy/Condition.js'
import type { Frame } from './Frame.js'
import { type ArgumentOperand, type Operand, locate, read } from './Operand.js'
import { type Term, compareSums } from './Sum.js'
import { toWord } from './hex.js'
import { wordOf } from './ValueType.js'

/** What must hold, in negation normal form, prepared for fast reading. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'true' | 'false' }
  | WordComparison
  | Comparison
  | Membership
  | SumComparison
  | NowBound

/** An unsigned argument against a constant of its type: the words are compared as text. */
export type WordComparison = {
  readonly kind: 'word'
  /** As if the argument stood on the left. */
  readonly operator: ComparisonOperator
  readonly argument: ArgumentOperand
  readonly word: string
  readonly shown: Comparison
}

export type Comparison = {
  readonly kind: 'compare'
  readonly operator: ComparisonOperator
  readonly left: Operand
  readonly right: Operand
}

export type Membership = {
  readonly kind: 'member'
  readonly negated: boolean
  readonly operands: readonly Operand[]
  /** The rows that can be met at all, as the operands' words side by side. */
  readonly rows: ReadonlySet<string>
  readonly values: readonly (readonly bigint[])[]
}

export type SumComparison = {
  readonly kind: 'sums'
  readonly operator: ComparisonOperator
  readonly terms: readonly Term[]
}

/** `operand <= now + seconds` (at most) or `operand >= now - seconds`. */
export type NowBound = {
  readonly kind: 'now'
  readonly atMost: boolean
  readonly operand: Operand
  readonly seconds: number
}

/** Tells whether the condition holds at `now`; a comparison with an operand that cannot be read gives `onFault` (false in an allow, true in a deny). */
export const holds = (condition: Condition, frame: Frame, now: number, onFault: boolean): boolean => {
  switch (condition.kind) {
    case 'word': {
      const at = locate(condition.argument, frame)
      return at < 0 ? onFault : compareText(condition.operator, frame.text, at, condition.word)
    }
    case 'member':
      return isMember(condition, frame) ?? onFault
    case 'compare': {
      const left = read(condition.left, frame)
      const right = read(condition.right, frame)
      return left === undefined || right === undefined ? onFault : compare(condition.operator, left, right)
    }
    case 'sums': {
      const difference = compareSums(condition.terms, frame)
      return difference === undefined ? onFault : compare(condition.operator, difference, 0n)
    }
    case 'and':
      return condition.parts.every((part) => holds(part, frame, now, onFault))
    case 'or':
      return condition.parts.some((part) => holds(part, frame, now, onFault))
    case 'true':
      return true
    case 'false':
      return false
    case 'now': {
      const edge = edgeOf(condition, frame)
      if (edge === undefined) return onFault
      return condition.atMost ? now >= edge : now < edge
    }
    default:
      return condition satisfies never
  }
}

/** The moment from which (at most) or until which (at least) the bound holds, as a finite number; undefined is a fault. */
export const edgeOf = ({ atMost, operand, seconds }: NowBound, frame: Frame): number | undefined => {
  const value = read(operand, frame)
  if (value === undefined) return undefined
  const edge = atMost ? value - BigInt(seconds) : value + BigInt(seconds) + 1n
  // Whatever lies beyond the policy's whole life does so as well after this; numbers stay exact.
  if (edge > FAR) return Number(FAR)
  return edge < 0n ? 0 : Number(edge)
}

const FAR = 1n << 39n

/** The operator that says the same with the sides exchanged. */
export const TURNED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

const compareText = (operator: ComparisonOperator, text: string, at: number, word: string): boolean => {
  switch (operator) {
    case '==':
      return text.startsWith(word, at)
    case '!=':
      return !text.startsWith(word, at)
    case '<':
      return text.slice(at, at + 64) < word
    case '<=':
      return text.slice(at, at + 64) <= word
    case '>':
      return text.slice(at, at + 64) > word
    case '>=':
      return text.slice(at, at + 64) >= word
    default:
      return operator satisfies never
  }
}

const compare = (operator: ComparisonOperator, left: bigint, right: bigint): boolean => {
  switch (operator) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return operator satisfies never
  }
}

const isMember = ({ operands, rows, negated }: Membership, frame: Frame): boolean | undefined => {
  let key = ''
  for (const operand of operands) {
    const word = readWord(operand, frame)
    if (word === undefined) return undefined
    key += word
  }
  return rows.has(key) !== negated
}

/** The 64 digits that membership is decided by: the argument's word, or the value as a word. */
const readWord = (operand: Operand, frame: Frame): string | undefined => {
  if (operand.kind === 'argument') {
    const at = locate(operand, frame)
    return at < 0 ? undefined : frame.text.slice(at, at + 64)
  }
  const value = read(operand, frame)
  return value === undefined ? undefined : toWord(value)
}

/** The word that the operand has where its value is this one; undefined where it never can be. */
export const wordFor = (operand: Operand, value: bigint): string | undefined =>
  operand.kind === 'argument' ? wordOf(operand.type, value) : toWord(value)
