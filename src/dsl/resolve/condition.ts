import { quote } from '../../diagnostic/quote.js'
import type { Condition, ComparisonOperator } from '../../policy/Condition.js'
import type { Comparison, Expression, Membership, Node, Range } from '../ast.js'
import { startsWith } from './bytes.js'
import { compare } from './compare.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { evaluate, sourceOf } from './expression.js'
import { junction, members } from './junction.js'
import { member } from './membership.js'
import { quantify } from './quantified.js'
import type { Value } from './Value.js'

/** The conjuncts of a `where`, in negation normal form; a part that has no meaning is reported and makes the whole undefined. */
export function conjuncts(node: Expression, env: Env, context: Context): readonly Condition[] | undefined {
  const condition = lower(node, { negated: false, top: true }, env, context)
  return condition && members('and', condition)
}

type Position = {
  /** Under an odd number of `not`. */
  readonly negated: boolean
  /** A conjunct of the rule itself. */
  readonly top: boolean
}

const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

function lower(node: Expression, position: Position, env: Env, context: Context): Condition | undefined {
  const { negated } = position
  switch (node.kind) {
    case 'and':
    case 'or': {
      const kind = (node.kind === 'and') === negated ? 'or' : 'and'
      const inner = { negated, top: position.top && kind === 'and' }
      const parts = node.operands.map((operand) => lower(operand, inner, env, context))
      return parts.every((part) => part !== undefined) ? junction(kind, parts) : undefined
    }
    case 'not':
      return lower(node.operand, { ...position, negated: !negated }, env, context)
    case 'comparison':
      return lowerComparison(node, position, env, context)
    case 'membership':
      return lowerMembership(node, position, env, context)
    case 'boolean':
      return at(node, { kind: node.value === negated ? 'false' : 'true' }, context)
    case 'starts with': {
      const [left, prefix] = [evaluate(node.left, env, context), evaluate(node.prefix, env, context)]
      const condition = left && prefix && startsWith(left, prefix, negated, node, context)
      return condition && at(node, condition, context)
    }
    case 'quantified':
      return quantify(node, negated, env, context, (inner) => lower(node.body, { negated, top: false }, inner, context))
    default:
      return lowerBoolean(node, position, env, context)
  }
}

function at(node: Node, condition: Condition, context: Context): Condition {
  context.spans.set(condition, node.span)
  return condition
}

function lowerComparison(
  node: Comparison,
  { negated, top }: Position,
  env: Env,
  context: Context,
): Condition | undefined {
  const [left, right] = [evaluate(node.left, env, context), evaluate(node.right, env, context)]
  return (
    left && right && compare(negated ? opposite[node.operator] : node.operator, left, right, node, top, env, context)
  )
}

function lowerMembership(
  node: Membership,
  { negated, top }: Position,
  env: Env,
  context: Context,
): Condition | undefined {
  const left = evaluate(node.left, env, context)
  const isNegated = node.negated !== negated
  if (node.set.kind === 'range') return lowerRange(node, node.set, left, isNegated, top, env, context)
  const set = evaluate(node.set, env, context)
  if (left === undefined || set === undefined) return undefined
  if (set.kind === 'list') return member(left, set.items, isNegated, node, env, context)
  context.report({
    code: 'W072',
    severity: 'error',
    span: node.set.span,
    message: `${quote(sourceOf(node.set, context))} is no list`,
    help:
      set.kind === 'array'
        ? `write \`any item in ${sourceOf(node.set, context)} (item == ${sourceOf(node.left, context)})\`${isNegated ? ', with `not` before it' : ''}`
        : 'write `in [a, b]`, `in a..b`, or `in` and a name for such a list',
  })
  return undefined
}

/** `x in a..b` is `x >= a and x <= b`, both ends included. */
function lowerRange(
  node: Membership,
  { first, last }: Range,
  left: Value | undefined,
  negated: boolean,
  top: boolean,
  env: Env,
  context: Context,
): Condition | undefined {
  const [low, high] = [evaluate(first, env, context), evaluate(last, env, context)]
  if (left === undefined || low === undefined || high === undefined) return undefined
  const lower = compare(negated ? '<' : '>=', left, low, node, top && !negated, env, context)
  const upper = compare(negated ? '>' : '<=', left, high, node, top && !negated, env, context)
  return lower && upper && junction(negated ? 'or' : 'and', [lower, upper])
}

/** A bool argument alone is a condition: `flag` is `flag == true`. */
function lowerBoolean(node: Expression, { negated }: Position, env: Env, context: Context): Condition | undefined {
  const value = evaluate(node, env, context)
  if (value === undefined) return undefined
  if (value.kind === 'word' && value.type.kind === 'bool') {
    const wanted: Value = {
      kind: 'word',
      type: { kind: 'bool' },
      operand: { kind: 'constant', constant: { kind: 'bool', value: true } },
      span: node.span,
    }
    return compare(negated ? '!=' : '==', value, wanted, node, false, env, context)
  }
  context.report({
    code: 'W070',
    severity: 'error',
    span: node.span,
    message: `${quote(sourceOf(node, context))} is no condition`,
    help: 'compare it with something: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`',
  })
  return undefined
}
