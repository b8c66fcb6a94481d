import type { Condition, ComparisonOperator } from '../../policy/Condition.js'
import type { Node } from '../ast.js'
import { compareBytes } from './bytes.js'
import { compareNumbers } from './compareNumbers.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { namer, number } from './expression.js'
import { junction } from './junction.js'
import { meet, mismatch } from './meet.js'
import { nowBound } from './nowBound.js'
import { describe, plainSum, type Value, type WordValue } from './Value.js'
import { elementsOf } from './valueAt.js'

/** A comparison as a condition; what cannot be compared is reported. `top`: a conjunct of the rule itself, where `now` may stand. */
export function compare(
  operator: ComparisonOperator,
  left: Value,
  right: Value,
  node: Node,
  top: boolean,
  env: Env,
  context: Context,
): Condition | undefined {
  const condition = compareKinds(operator, left, right, node, top, env, context)
  if (condition) context.spans.set(condition, node.span)
  return condition
}

function compareKinds(
  operator: ComparisonOperator,
  left: Value,
  right: Value,
  node: Node,
  top: boolean,
  env: Env,
  context: Context,
): Condition | undefined {
  if (left.kind === 'now' || right.kind === 'now') return nowBound(operator, left, right, node, top, env, context)
  const items = itemsOf(left, right)
  if (items) return compareTuples(operator, items[0], items[1], node, env, context)
  if (left.kind === 'bytes' || right.kind === 'bytes')
    return operator === '==' || operator === '!='
      ? compareBytes(operator, left, right, node, context)
      : unordered(left.kind === 'bytes' ? left : right, node, context)
  if (left.kind === 'word' || right.kind === 'word') {
    const [a, b] = asWords(left, right, context) ?? []
    if (a === undefined || b === undefined) return mismatch(left, right, node, context)
    if (operator !== '==' && operator !== '!=') return unordered({ ...a, span: node.span }, node, context)
    return { kind: 'compare', operator, left: plainSum(a.operand), right: plainSum(b.operand) }
  }
  const sums = [left, right].every((value) => value.kind === 'number' || value.kind === 'hex')
  if (!sums) return mismatch(left, right, node, context)
  const [a, b] = [number(left, context), number(right, context)]
  return a && b && compareNumbers(operator, a, b, node, env, context)
}

function unordered(value: Value, node: Node, context: Context): undefined {
  return refuse(
    context,
    node,
    'W063',
    `${describe(value, namer(context))} is not less or more than another`,
    'compare with `==`, `!=` or `in`',
  )
}

/** The members of two tuples, or of an array of fixed length and what is written for it. */
function itemsOf(left: Value, right: Value): readonly [readonly Value[], readonly Value[]] | undefined {
  if (left.kind === 'tuple' && right.kind === 'tuple') return [left.items, right.items]
  if (left.kind !== 'array' && right.kind !== 'array') return undefined
  const sides = [left, right].map((value) => (value.kind === 'array' ? elementsOf(value) : listed(value)))
  return sides[0] && sides[1] && [sides[0], sides[1]]
}

const listed = (value: Value): readonly Value[] | undefined =>
  value.kind === 'list' || value.kind === 'tuple' ? value.items : undefined

/** Both as words of one type: a literal on either side takes the type of what it meets. */
function asWords(left: Value, right: Value, context: Context): readonly [WordValue, WordValue] | undefined {
  const second = left.kind === 'word' ? meet(right, left, context) : undefined
  if (left.kind === 'word' && second !== undefined) return [left, second]
  const first = right.kind === 'word' ? meet(left, right, context) : undefined
  return right.kind === 'word' && first !== undefined ? [first, right] : undefined
}

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}

function compareTuples(
  operator: ComparisonOperator,
  left: readonly Value[],
  right: readonly Value[],
  node: Node,
  env: Env,
  context: Context,
): Condition | undefined {
  if (left.length !== right.length)
    return refuse(
      context,
      node,
      'W063',
      `a tuple of ${left.length} and one of ${right.length} are never alike`,
      'write as many items on both sides',
    )
  if (operator !== '==' && operator !== '!=')
    return refuse(context, node, 'W063', 'a tuple is not less or more than another', 'compare its items one by one')
  const parts = left.map((item, index) => {
    const other = right[index]
    return other && compare(operator, item, other, node, false, env, context)
  })
  return parts.every((part) => part !== undefined) ? junction(operator === '==' ? 'and' : 'or', parts) : undefined
}
