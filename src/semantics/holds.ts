import type { BytesComparison, ComparisonOperator, Condition, NowBound } from '../policy/Condition.js'
import type { Hex } from '../policy/Hex.js'
import type { Context } from './Context.js'
import { type Interval, always, contains, intersect } from './Interval.js'
import { readBytes, readElements } from './readList.js'
import { constantValue, sumOf, valueOf } from './valueOf.js'

/** Whether the condition holds now; `onFault` is what a comparison is that cannot be made: false in an allow rule, true in a deny rule. */
export function holds(condition: Condition, context: Context, onFault: boolean): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.every((part) => holds(part, context, onFault))
    case 'or':
      return condition.any.some((part) => holds(part, context, onFault))
    case 'true':
      return true
    case 'false':
      return false
    case 'compare': {
      const left = sumOf(condition.left, context)
      const right = sumOf(condition.right, context)
      if (left === undefined || right === undefined) return onFault
      return compare(left.numerator * right.denominator, condition.operator, right.numerator * left.denominator)
    }
    case 'member': {
      const values = condition.operands.map((operand) => valueOf(operand, context))
      if (values.includes(undefined)) return onFault
      const found = condition.rows.some((row) => row.every((constant, i) => constantValue(constant) === values[i]))
      return found !== condition.negated
    }
    case 'bytes': {
      const left = readBytes(condition.left, context)
      const right = typeof condition.right === 'string' ? condition.right : readBytes(condition.right, context)
      return left === undefined || right === undefined ? onFault : compareBytes(left, condition.operator, right)
    }
    case 'every':
    case 'any': {
      const elements = readElements(condition.over, context)
      if (elements === undefined) return onFault
      const bodies = elements.map((element) => {
        const inside = { ...context, elements: [element, ...context.elements] }
        return condition.body.every((part) => holds(part, inside, onFault))
      })
      return condition.kind === 'every' ? !bodies.includes(false) : bodies.includes(true)
    }
    case 'now': {
      const moments = momentsOf(condition, context)
      return moments === undefined ? onFault : contains(moments, context.now)
    }
    default:
      return condition satisfies never
  }
}

/** The moments at which every bound on `now` among these conditions holds; a bound that cannot be read excludes none. */
export function momentsOfAll(conditions: readonly Condition[], context: Context): Interval {
  return conditions.reduce<Interval>(
    (moments, condition) =>
      condition.kind === 'now' ? intersect(moments, momentsOf(condition, context) ?? always) : moments,
    always,
  )
}

function momentsOf({ operand, bound, seconds }: NowBound, context: Context): Interval | undefined {
  const value = valueOf(operand, context)
  if (value === undefined) return undefined
  // Past 2^53 a number is no longer exact, but then it lies centuries past every moment that a policy has.
  if (bound === 'at most') return { from: Number(value - BigInt(seconds)), until: Infinity }
  return { from: -Infinity, until: Number(value + BigInt(seconds) + 1n) }
}

function compareBytes(left: Hex, operator: BytesComparison['operator'], right: Hex): boolean {
  switch (operator) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case 'starts with':
      return left.startsWith(right)
    case 'does not start with':
      return !left.startsWith(right)
    default:
      return operator satisfies never
  }
}

function compare(left: bigint, operator: ComparisonOperator, right: bigint): boolean {
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
