import type { BytesComparison, Condition, Membership, NowBound, Sum, Term } from '../../policy/Condition.js'
import type { Hex } from '../../policy/Hex.js'
import type { Place } from '../../policy/Place.js'
import type { Asset, Token } from '../../policy/Units.js'
import { typeAt } from '../reach.js'
import { tokenOf } from '../text/numberText.js'
import type { Lines } from './Lines.js'
import { decimalNumber, numberText } from './numbers.js'
import { type PrintScope, printScopeInside } from './PrintScope.js'
import { printConstant, printNumber, printOperand } from './printOperand.js'
import { printBytes, printCollection } from './printPlace.js'
import { durationWords } from './times.js'

/** Conditions all of which must hold, with `and` between them. */
export const printConjuncts = (lines: Lines, conditions: readonly Condition[], scope: PrintScope): void => {
  for (const [index, condition] of conditions.entries()) {
    if (index > 0) lines.word('and')
    if (conditions.length > 1) printPart(lines, condition, scope)
    else printCondition(lines, condition, scope)
  }
}

/** One condition, which nothing stands beside. */
export const printCondition = (lines: Lines, condition: Condition, scope: PrintScope): void => {
  switch (condition.kind) {
    case 'and':
      printConjuncts(lines, condition.all, scope)
      return
    case 'or':
      for (const [index, member] of condition.any.entries()) {
        if (index > 0) lines.word('or')
        printPart(lines, member, scope)
      }
      return
    case 'true':
    case 'false':
      lines.word(condition.kind)
      return
    case 'compare':
      printSum(lines, condition.left, scope)
      lines.word(condition.operator)
      printSum(lines, condition.right, scope)
      return
    case 'member':
      printMembership(lines, condition, scope)
      return
    case 'bytes':
      printBytesComparison(lines, condition, scope)
      return
    case 'every':
    case 'any':
      lines.word(condition.kind)
      lines.word(itemNameInside(scope))
      if (condition.over.kind === 'packed') lines.word('of')
      else lines.word('in')
      printCollection(lines, condition.over, scope)
      lines.open()
      printConjuncts(lines, condition.body, printScopeInside(condition.over, scope))
      lines.glue(')')
      return
    case 'now':
      printNow(lines, condition, scope)
      return
    default:
      condition satisfies never
  }
}

const itemNameInside = ({ elements }: PrintScope): string =>
  elements.length === 0 ? 'item' : `item${elements.length + 1}`

/** A condition among others: what is itself made of several stands in parentheses. */
const printPart = (lines: Lines, condition: Condition, scope: PrintScope): void => {
  const several = condition.kind === 'and' || condition.kind === 'or'
  if (several) lines.open()
  printCondition(lines, condition, scope)
  if (several) lines.glue(')')
}

const printMembership = (lines: Lines, { negated, operands, rows }: Membership, scope: PrintScope): void => {
  printTuple(lines, operands, (operand) => printOperand(lines, operand, scope))
  if (negated) lines.word('not')
  lines.word('in')
  for (const [index, row] of rows.entries()) {
    if (index > 0) lines.glue(',')
    printTuple(lines, row, (constant) => printConstant(lines, constant, scope))
  }
}

const printTuple = <T>(lines: Lines, members: readonly T[], print: (member: T) => void): void => {
  if (members.length > 1) lines.open()
  for (const [index, member] of members.entries()) {
    if (index > 0) lines.glue(',')
    print(member)
  }
  if (members.length > 1) lines.glue(')')
}

const OPERATOR_WORDS: Readonly<Record<BytesComparison['operator'], readonly string[]>> = {
  '==': ['=='],
  '!=': ['!='],
  'starts with': ['starts', 'with'],
  'does not start with': ['does', 'not', 'start', 'with'],
}

const printBytesComparison = (lines: Lines, { operator, left, right }: BytesComparison, scope: PrintScope): void => {
  printBytes(lines, left, scope)
  for (const word of OPERATOR_WORDS[operator]) lines.word(word)
  if (typeof right === 'string') printByteConstant(lines, right, left.place, scope)
  else printBytes(lines, right, scope)
}

const QUOTABLE = /^[A-Za-z0-9:/._?=&-]*$/

/** Bytes in quotes where the calldata has a `string` and all of them are harmless characters, else in hex. */
const printByteConstant = (lines: Lines, value: Hex, place: Place, scope: PrintScope): void => {
  const text = (value.slice(2).match(/../g) ?? []).map((digits) => String.fromCharCode(parseInt(digits, 16))).join('')
  if (typeAt(place, scope)?.kind === 'string' && QUOTABLE.test(text)) lines.word(`"${text}"`)
  else lines.hex(value)
}

const printNow = (lines: Lines, { bound, operand, seconds }: NowBound, scope: PrintScope): void => {
  printOperand(lines, operand, scope)
  lines.word(bound === 'at most' ? '<=' : '>=')
  lines.word('now')
  if (seconds === 0) return
  lines.word(bound === 'at most' ? '+' : '-')
  const [count, unit] = durationWords(seconds)
  lines.word(count)
  lines.more(unit)
}

/** A sum: `amount@1 - 98% of arg@2`. A term that is taken away has its sign before it, also the first. */
export const printSum = (lines: Lines, sum: Sum, scope: PrintScope): void => {
  for (const [index, term] of sum.entries()) {
    if (term.negative) lines.word('-')
    else if (index > 0) lines.word('+')
    printTerm(lines, term, scope)
  }
}

/** Scales stand outermost first. A percentage stands before what it is of, in parentheses where that is more than one factor or percentage; the others stand behind. */
const printTerm = (lines: Lines, { scales, factors }: Term, scope: PrintScope): void => {
  const isAtom = (index: number): boolean =>
    index < scales.length ? scales[index]?.kind === 'percent' : factors.length === 1
  for (const [index, scale] of scales.entries()) {
    if (scale.kind !== 'percent') continue
    const [first = '', ...rest] = decimalNumber(scale.percent)
    printNumber(lines, [first, ...rest])
    lines.glue('%')
    lines.word('of')
    if (!isAtom(index + 1)) lines.open()
  }
  for (const [index, factor] of factors.entries()) {
    if (index > 0) lines.word('*')
    printOperand(lines, factor, scope)
  }
  for (let index = scales.length - 1; index >= 0; index -= 1) {
    const scale = scales[index]
    if (scale === undefined) continue
    switch (scale.kind) {
      case 'percent':
        if (!isAtom(index + 1)) lines.glue(')')
        break
      case 'at':
      case 'sold at':
        for (const word of scale.kind.split(' ')) lines.word(word)
        printNumber(lines, decimalNumber(scale.price))
        for (const word of unitWords(scale.quote, scope.tokens)) lines.more(word)
        lines.word('per')
        for (const word of unitWords(scale.base, scope.tokens)) lines.word(word)
        break
      case 'divide':
        lines.word('/')
        printNumber(lines, numberText(scale.by))
        break
      default:
        scale satisfies never
    }
  }
}

/** What a price counts: an asset, or base units of a token without decimals. */
const unitWords = (asset: Asset, tokens: readonly Token[]): readonly string[] => {
  const token = asset === 'ETH' ? undefined : tokenOf(asset, tokens)
  const symbol = token?.symbol ?? 'ETH'
  return token?.decimals === 'base units' ? ['units', symbol] : [symbol]
}
