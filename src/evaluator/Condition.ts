import type { ComparisonOperator } from '../policy/Condition.js'
import { type Bytes, spanOf } from './Bytes.js'
import { type Collection, everyElement } from './Collection.js'
import type { Frame } from './Frame.js'
import { type ArgumentOperand, type Operand, locate, read } from './Operand.js'
import { placeOf } from './Place.js'
import { type Term, compareSums } from './Sum.js'
import { toWord } from './hex.js'
import { isInRange, wordOf } from './ValueType.js'

/** What must hold, in negation normal form, prepared for fast reading. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'true' | 'false' }
  | WordComparison
  | WordMembership
  | Comparison
  | Membership
  | SumComparison
  | BytesComparison
  | Quantified
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

/** An argument that is (or, negated, is not) one of some constants. */
export type WordMembership = {
  readonly kind: 'words'
  readonly negated: boolean
  readonly argument: ArgumentOperand
  /** The constants' words: a few stand in one text and are tried one after another. */
  readonly few: string
  readonly many: ReadonlySet<string>
  /** The set in words, once a denial has told it. */
  told?: string
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

/** A byte string against a constant, as digits, or against another one. */
export type BytesComparison = {
  readonly kind: 'bytes'
  readonly negated: boolean
  /** Only the beginning is compared. */
  readonly prefix: boolean
  readonly left: Bytes
  readonly right: string | Bytes
}

/** The body holds of every element, or of any. */
export type Quantified = {
  readonly kind: 'every' | 'any'
  readonly over: Collection
  readonly body: readonly Condition[]
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
    case 'word':
      return holdsOfWord(condition, frame, onFault)
    case 'words': {
      const { argument, negated } = condition
      const at = placeOf(argument, frame)
      if (at < 0) return onFault
      // The constants are in range, so a word that equals one is.
      if (isOneOf(condition, frame.text.slice(at, at + 64))) return !negated
      return isInRange(argument.type, frame.text, at) ? negated : onFault
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
    case 'bytes': {
      const left = digitsOf(condition.left, frame)
      const right = digitsOf(condition.right, frame)
      if (left === undefined || right === undefined) return onFault
      return (condition.prefix ? left.startsWith(right) : left === right) !== condition.negated
    }
    case 'every':
    case 'any': {
      const every = condition.kind === 'every'
      const test = (): boolean => condition.body.every((part) => holds(part, frame, now, onFault)) === every
      const throughout = everyElement(condition.over, frame, test)
      return throughout === undefined ? onFault : throughout === every
    }
    case 'now': {
      const edge = edgeOf(condition, frame)
      if (edge === undefined) return onFault
      return condition.atMost ? now >= edge : now < edge
    }
    default:
      return condition satisfies never
  }
}

/** What stands there, as digits; undefined is a fault. */
export const digitsOf = (bytes: string | Bytes, frame: Frame): string | undefined => {
  if (typeof bytes === 'string') return bytes
  const span = spanOf(bytes, frame)
  return span && frame.text.slice(span.from, span.until)
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

const holdsOfWord = ({ operator, argument, word }: WordComparison, frame: Frame, onFault: boolean): boolean => {
  const at = placeOf(argument, frame)
  if (at < 0) return onFault
  const found = frame.text.slice(at, at + 64)
  // The constant is in range, so a word that equals it is.
  if (operator === '==' && found === word) return true
  return isInRange(argument.type, frame.text, at) ? compare(operator, found, word) : onFault
}

const isOneOf = ({ few, many }: WordMembership, word: string): boolean => {
  // Looking through a short text is faster than hashing.
  for (let at = 0; at < few.length; at += 64) if (few.slice(at, at + 64) === word) return true
  return few === '' && many.has(word)
}

const compare = <T extends bigint | string>(operator: ComparisonOperator, left: T, right: T): boolean => {
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

/** The constants of a set of words. */
export const constantsOf = ({ few, many }: WordMembership): readonly string[] =>
  few === '' ? [...many] : Array.from({ length: few.length / 64 }, (_, at) => few.slice(64 * at, 64 * (at + 1)))

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
