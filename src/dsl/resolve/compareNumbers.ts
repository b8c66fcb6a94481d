import { quote } from '../../diagnostic/quote.js'
import type { ComparisonOperator, Condition } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { Asset } from '../../policy/Units.js'
import type { Node } from '../ast.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { namer, sourceOf } from './expression.js'
import { finishSides } from './finishSum.js'
import { junction } from './junction.js'
import { rangeOf } from './range.js'
import { plainOperand, plainSum, type DraftTerm, type NumberValue, type Value } from './Value.js'

/** Two sums as a comparison; units that differ, and what cannot be compared exactly, are reported. */
export function compareNumbers(
  operator: ComparisonOperator,
  left: NumberValue & Value,
  right: NumberValue & Value,
  node: Node,
  env: Env,
  context: Context,
): Condition | undefined {
  const show = namer(context)
  if (left.unit !== undefined && right.unit !== undefined && left.unit !== right.unit)
    return refuse(
      context,
      node,
      'W064',
      `an amount of ${quote(show(left.unit))} is compared with one of ${quote(show(right.unit))}`,
      `turn one into the other with a price: \`x at P ${show(left.unit)} per ${show(right.unit)}\``,
    )
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const amount = plainOperand(other)
    if (isPlainCount(value) && amount?.kind === 'constant' && amount.constant.kind === 'amount')
      return countAndAmount(value, amount.constant.asset, node, context)
    if (!constantFits(value, other, node, context)) return undefined
  }
  const { sides, divisors } = multiplyOut([left.terms, right.terms])
  const [a, b] = finishSides(sides, context) ?? []
  if (a === undefined || b === undefined) return tooComplex([left, right], node, context)
  const comparison: Condition = { kind: 'compare', operator, left: a, right: b }
  context.spans.set(comparison, node.span)
  if (divisors.length === 0) return comparison
  // A division by zero is a fault: false in an allow, true in a deny.
  const guards = divisors.map((divisor): Condition => ({
    kind: 'compare',
    operator: env.effect === 'allow' ? '!=' : '==',
    left: plainSum(divisor),
    right: plainSum({ kind: 'constant', constant: { kind: 'number', value: 0n } }),
  }))
  return junction(env.effect === 'allow' ? 'and' : 'or', [...guards, comparison])
}

/** Lengths and masked bits are amounts of nothing: it is a slip to compare one with an amount. */
export function isPlainCount(value: Value): boolean {
  const operand = plainOperand(value)
  return operand?.kind === 'length' || operand?.kind === 'masked'
}

/** Says that a plain number is compared with an amount. */
export function countAndAmount(value: Value, unit: Asset, node: Node, context: Context): undefined {
  return refuse(
    context,
    node,
    'W064',
    `${quote(sourceOf(value, context))} is a plain number, and is compared with an amount of ${quote(namer(context)(unit))}`,
    'compare it with a number',
  )
}

/** A literal that the type of the argument cannot hold is a slip of the pen. */
function constantFits(value: Value & NumberValue, other: Value & NumberValue, node: Node, context: Context): boolean {
  const [operand, constant] = [plainOperand(value), plainOperand(other)]
  if (operand === undefined || operand.kind === 'constant' || constant?.kind !== 'constant') return true
  const range = rangeOf(operand)
  if (range === undefined || (constant.constant.kind !== 'number' && constant.constant.kind !== 'amount')) return true
  const number = constant.constant.value
  if (number >= range.min && number <= range.max) return true
  refuse(
    context,
    node,
    'W065',
    `${quote(sourceOf(value, context))} is ${range.name}, which is never ${quote(sourceOf(other, context))}`,
    `it holds ${range.text}`,
  )
  return false
}

/** Multiplies both sides by every operand that something is divided by. */
function multiplyOut(sides: readonly (readonly DraftTerm[])[]): {
  readonly sides: readonly (readonly DraftTerm[])[]
  readonly divisors: readonly Operand[]
} {
  const found = new Map<string, Operand>()
  let current = sides
  for (;;) {
    const divisor = current.flat().flatMap((term) => term.divisors)[0]
    if (divisor === undefined) return { sides: current, divisors: [...found.values()] }
    const key = JSON.stringify(divisor)
    found.set(key, divisor)
    current = current.map((terms) =>
      terms.map((term) => {
        const at = term.divisors.findIndex((other) => JSON.stringify(other) === key)
        return at < 0
          ? { ...term, factors: [...term.factors, divisor] }
          : { ...term, divisors: term.divisors.filter((_, index) => index !== at) }
      }),
    )
  }
}

function tooComplex(values: readonly (Value & NumberValue)[], node: Node, context: Context): undefined {
  const fraction = values.find(
    (value) =>
      value.terms.length === 1 &&
      value.terms[0]?.factors.length === 1 &&
      value.terms[0].factors[0]?.kind === 'fraction',
  )
  if (fraction)
    return refuse(
      context,
      node,
      'W066',
      `${quote(sourceOf(fraction, context))} is no whole number`,
      'arguments are whole numbers of base units: write an amount with its unit, such as `0.5 ETH`',
    )
  return refuse(
    context,
    node,
    'W068',
    'this comparison multiplies too much to be decided exactly on the chain',
    'multiply at most two arguments, without a percentage, a price or a division in the same comparison',
  )
}

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}
