import type { ComparisonOperator, Condition } from '../policy/Condition.js'
import { printConstant, printOperand, printSum, type Names } from './printOperand.js'
import { printDuration } from './printDuration.js'

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
  return condition.kind === 'and' || condition.kind === 'or' ? `(${text})` : text
}

const words: Record<ComparisonOperator, string> = {
  '==': 'is',
  '!=': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
}
