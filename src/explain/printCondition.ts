import type { BytesComparison, ComparisonOperator, Condition } from '../policy/Condition.js'
import type { Hex } from '../policy/Hex.js'
import { printConstant, printOperand, printSum, type Names } from './printOperand.js'
import { printDuration } from './printDuration.js'
import { insideOf, printBytes, printCollection, typeAt } from './printPlace.js'

/** A condition as a clause: `` `to` is one of 0x11…, 0x22… ``. Whatever it says stands in it, in full. */
export function printCondition(condition: Condition, names: Names): string {
  switch (condition.kind) {
    case 'and':
      return condition.all.map((part) => printPart(part, names)).join(' and ')
    case 'or':
      return condition.any.map((part) => printPart(part, names)).join(' or ')
    case 'true':
      return 'always'
    case 'false':
      return 'never'
    case 'compare':
      return `${printSum(condition.left, names)} ${words[condition.operator]} ${printSum(condition.right, names)}`
    case 'member': {
      const { operands, rows, negated } = condition
      const tuple = (parts: readonly string[]): string =>
        operands.length === 1 ? parts.join() : `(${parts.join(', ')})`
      const subject = tuple(operands.map((operand) => printOperand(operand, names)))
      const members = rows.map((row) => tuple(row.map((constant) => printConstant(constant, names.policy))))
      if (members.length === 1) return `${subject} ${negated ? 'is not' : 'is'} ${members.join()}`
      return `${subject} is ${negated ? 'none' : 'one'} of ${members.join(', ')}`
    }
    case 'bytes':
      return printBytesComparison(condition, names)
    case 'every':
    case 'any': {
      const { name, inside } = insideOf(condition.over, names)
      const body = condition.body.map((part) => printPart(part, inside)).join(' and ')
      const which = condition.kind === 'every' ? 'for every' : 'for at least one'
      const empty = condition.kind === 'every' ? ' (an empty list passes)' : ''
      return `${which} \`${name}\` of ${printCollection(condition.over, names)}${empty} it is so that ${body}`
    }
    case 'now': {
      const subject = printOperand(condition.operand, names)
      const distance = condition.seconds === 0 ? '' : `${printDuration(condition.seconds)} `
      return condition.bound === 'at most'
        ? `${subject} is at most ${distance === '' ? '' : `${distance}after `}the time of execution`
        : `${subject} is at least ${distance === '' ? '' : `${distance}before `}the time of execution`
    }
    default:
      return condition satisfies never
  }
}

function printPart(condition: Condition, names: Names): string {
  const text = printCondition(condition, names)
  const isLong = ['and', 'or', 'every', 'any'].includes(condition.kind)
  return isLong ? `(${text})` : text
}

function printBytesComparison({ operator, left, right }: BytesComparison, names: Names): string {
  const isText = typeAt(left.place, names)?.kind === 'string'
  const other = typeof right === 'string' ? printByteConstant(right, isText) : printBytes(right, names)
  return `${printBytes(left, names)} ${byteWords[operator]} ${other}`
}

/** A string as text where all of it can be shown, other bytes as they are. */
function printByteConstant(bytes: Hex, isText: boolean): string {
  if (bytes === '0x') return 'empty'
  const characters = bytes.slice(2).match(/../g) ?? []
  const text = characters.map((digits) => String.fromCharCode(parseInt(digits, 16))).join('')
  return isText && /^[ !#-[\]-~]+$/.test(text) ? `"${text}"` : bytes
}

const byteWords: Record<BytesComparison['operator'], string> = {
  '==': 'is',
  '!=': 'is not',
  'starts with': 'starts with',
  'does not start with': 'does not start with',
}

const words: Record<ComparisonOperator, string> = {
  '==': 'is',
  '!=': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
}
