import {
  BYTES_SIDE,
  COMPARE_BYTES,
  COMPARE_SIGNED,
  COMPARE_SUMS,
  COMPARE_UNSIGNED,
  CONDITION,
  LIMIT,
} from '../compiler/layout.js'
import type { ComparisonOperator } from '../policy/Condition.js'
import { type BytesComparison, type Comparison, type Condition, type SumComparison, TURNED } from './Condition.js'
import { flat } from './hex.js'
import { INTEGER, classOf, signOf } from './operandClass.js'
import type { Reader } from './Reader.js'
import { readBytes, readCollection } from './readCollection.js'
import { readMembership } from './readMembership.js'
import { readOperand } from './readOperand.js'
import type { Scope } from './readPlace.js'
import { isPlain, readComparedTerms } from './readSum.js'
import { wordOf } from './ValueType.js'

/** Reads `count1 ‖ condition*`, all of which must hold. */
export const readConditions = (reader: Reader, scope: Scope): Condition[] =>
  Array.from({ length: reader.byte() }, () => readCondition(reader, scope, CONDITION.and, 1))

const readCondition = (reader: Reader, scope: Scope, inside: number, depth: number): Condition => {
  const start = reader.at
  const form = reader.byte()
  reader.must(depth <= LIMIT.depth, 'conditions stand too deep inside each other', start)
  switch (form) {
    case CONDITION.and:
    case CONDITION.or: {
      const count = reader.byte()
      reader.must(form !== inside && count >= 2, 'a group stands in its own kind, or has under two members', start)
      const parts = Array.from({ length: count }, () => readCondition(reader, scope, form, depth + 1))
      return { kind: form === CONDITION.and ? 'and' : 'or', parts }
    }
    case CONDITION.every:
    case CONDITION.any: {
      const over = readCollection(reader, scope)
      const inside = { ...scope, elements: [over, ...scope.elements] }
      const count = reader.byte()
      reader.must(count > 0, 'a quantifier has no body', start)
      const body = Array.from({ length: count }, () => readCondition(reader, inside, CONDITION.and, depth + 1))
      return { kind: form === CONDITION.every ? 'every' : 'any', over, body }
    }
    case CONDITION.true:
      return { kind: 'true' }
    case CONDITION.false:
      return { kind: 'false' }
    case CONDITION.in:
    case CONDITION.notIn:
      return readMembership(reader, scope, form === CONDITION.notIn)
    case CONDITION.nowAtMost:
    case CONDITION.nowAtLeast: {
      reader.must(depth === 1 && scope.place === 'body', 'a bound on now stands where it may not', start)
      const operand = readOperand(reader, scope)
      const seconds = reader.uint(5)
      reader.must(seconds < LIMIT.untilBelow, 'a bound on now is too far', start)
      reader.must(classOf(operand) === INTEGER, 'a bound on now is no number', start)
      return { kind: 'now', atMost: form === CONDITION.nowAtMost, operand, seconds }
    }
    default:
      return (
        readBytesComparison(reader, scope, form) ??
        readSums(reader, scope, form, start) ??
        readComparison(reader, scope, form, start)
      )
  }
}

const readBytesComparison = (reader: Reader, scope: Scope, form: number): BytesComparison | undefined => {
  const comparison = form - COMPARE_BYTES['==']
  if (comparison < 0 || comparison > 3) return undefined
  const left = readBytes(reader, scope)
  const at = reader.at
  const side = reader.byte()
  reader.must(side <= BYTES_SIDE.bytes, 'bytes are compared with nothing known', at)
  const right = side === BYTES_SIDE.bytes ? readBytes(reader, scope) : flat(reader.hex(reader.uint(2)))
  return { kind: 'bytes', negated: comparison % 2 === 1, prefix: comparison > 1, left, right }
}

const OPERATORS: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=']

const readSums = (reader: Reader, scope: Scope, form: number, start: number): SumComparison | undefined => {
  const operator = OPERATORS.find((candidate) => COMPARE_SUMS[candidate] === form)
  if (operator === undefined) return undefined
  const terms = readComparedTerms(reader, scope)
  const [left, right] = terms.map(({ factors }) => factors[0])
  const short = isPlain(terms) && left && right && signOf(left, right) !== 'mixed'
  reader.must(!short, 'a comparison of two operands is written as one of sums', start)
  return { kind: 'sums', operator, terms }
}

const readComparison = (reader: Reader, scope: Scope, form: number, start: number): Condition => {
  const unsigned = OPERATORS.find((candidate) => COMPARE_UNSIGNED[candidate] === form)
  const operator = unsigned ?? OPERATORS.find((candidate) => COMPARE_SIGNED[candidate] === form)
  if (operator === undefined) return reader.fail('a condition is of no known kind', start)
  const left = readOperand(reader, scope)
  const right = readOperand(reader, scope)
  const alike = classOf(left)
  const equality = operator === '==' || operator === '!='
  reader.must(alike === classOf(right) && (equality || alike === INTEGER), 'unlike operands are compared', start)
  const sign = signOf(left, right)
  const fits = equality ? sign !== 'mixed' : sign === (unsigned ? 'unsigned' : 'signed')
  reader.must(fits, 'a comparison has the wrong sign', start)
  return prepare({ kind: 'compare', operator, left, right })
}

/** An argument against a constant of its type is compared as text, where text order serves. */
const prepare = (shown: Comparison): Condition => {
  const { operator, left, right } = shown
  const [argument, other, turned] = left.kind === 'argument' ? [left, right, operator] : [right, left, TURNED[operator]]
  if (argument.kind !== 'argument' || other.kind !== 'constant') return shown
  const word = wordOf(argument.type, other.value)
  const ordered = operator !== '==' && operator !== '!='
  if (word === undefined || (ordered && argument.type.signed)) return shown
  return { kind: 'word', operator: turned, argument, word, shown }
}
