import type { ComparisonOperator, NowBound } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { Node } from '../ast.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { plainOperand, type Value } from './Value.js'

const flipped: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** `X <= now + D` and `X >= now - D`: they bound the interval in which the operation may be included. */
export function nowBound(
  operator: ComparisonOperator,
  left: Value,
  right: Value,
  node: Node,
  top: boolean,
  env: Env,
  context: Context,
): NowBound | undefined {
  if (left.kind === 'now')
    return right.kind === 'now'
      ? misplacedNow(node, context)
      : nowBound(flipped[operator], right, left, node, top, env, context)
  if (right.kind !== 'now') return undefined
  const operand = plainOperand(left)
  const unsigned = operand?.kind === 'argument' && operand.type.kind === 'uint'
  if (!top || env.place !== 'rule' || env.effect !== 'allow' || !unsigned) return misplacedNow(node, context)
  const strict = operator === '<' || operator === '>' ? 1n : 0n
  if (operator === '<' || operator === '<=') return bound('at most', operand, right.seconds - strict, node, context)
  if (operator === '>' || operator === '>=') return bound('at least', operand, -(right.seconds + strict), node, context)
  return misplacedNow(node, context)
}

function bound(
  kind: NowBound['bound'],
  operand: Operand,
  seconds: bigint,
  node: Node,
  context: Context,
): NowBound | undefined {
  if (seconds < 0n || seconds >= 1n << 38n)
    return refuse(
      context,
      node,
      'W069',
      'this bound would leave no moment, or too distant ones',
      'write `X <= now + 20m` or `X >= now - 20m`',
    )
  return { kind: 'now', bound: kind, operand, seconds: Number(seconds) }
}

function misplacedNow(node: Node, context: Context): undefined {
  return refuse(
    context,
    node,
    'W069',
    '`now` does not stand here',
    'in an allow rule, join `X <= now + 20m` or `X >= now - 20m` (X an unsigned argument) to the rest with `and`',
  )
}

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}
