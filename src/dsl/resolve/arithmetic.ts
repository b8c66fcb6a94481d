import { quote } from '../../diagnostic/quote.js'
import type { Scale } from '../../policy/Condition.js'
import type { Arithmetic, Node } from '../ast.js'
import type { Context } from './Context.js'
import { namer, number, sourceOf } from './expression.js'
import { numberValue, plainOperand, type DraftTerm, type NumberValue, type Value } from './Value.js'

type Number = Value & NumberValue

/** The sum with every term scaled: `98% of (a + b)` is `98% of a + 98% of b`. */
export function scale(value: Number, by: Scale): Number {
  return { ...value, terms: value.terms.map((term) => ({ ...term, scales: [by, ...term.scales] })) }
}

/** The value with its sign changed; a plain whole number becomes a negative constant. */
export function negate(value: Number): Number {
  const plain = plainOperand(value)
  if (plain?.kind === 'constant' && plain.constant.kind === 'number')
    return numberValue({ kind: 'constant', constant: { kind: 'number', value: -plain.constant.value } }, value.span)
  return { ...value, terms: value.terms.map((term) => ({ ...term, negative: !term.negative })) }
}

/** The value of `left operator right`; a mixture of units and a product of amounts are reported. */
export function arithmetic(node: Arithmetic, left: Value, right: Value, context: Context): Value | undefined {
  if (left.kind === 'now' || right.kind === 'now') return shiftedNow(node, left, right, context)
  const [a, b] = [number(left, context), number(right, context)]
  if (a === undefined || b === undefined) return undefined
  switch (node.operator) {
    case '+':
    case '-':
      return add(
        node,
        a,
        node.operator === '-' ? { ...b, terms: b.terms.map((term) => ({ ...term, negative: !term.negative })) } : b,
        context,
      )
    case '*':
      return multiply(node, a, b, context)
    case '/':
      return divide(node, a, b, context)
    default:
      return node.operator satisfies never
  }
}

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}

function shiftedNow(node: Arithmetic, left: Value, right: Value, context: Context): Value | undefined {
  const [now, other] = left.kind === 'now' ? [left, right] : [right, left]
  const operand = plainOperand(other)
  const swapped = now === right
  const seconds =
    operand?.kind === 'constant' && operand.constant.kind === 'number' ? operand.constant.value : undefined
  if (now.kind !== 'now' || seconds === undefined || (node.operator !== '+' && (node.operator !== '-' || swapped)))
    return refuse(context, node, 'W069', '`now` goes with a duration only', 'write `now + 20m` or `now - 1h`')
  return {
    kind: 'now',
    seconds: node.operator === '+' ? now.seconds + seconds : now.seconds - seconds,
    span: node.span,
  }
}

function add(node: Arithmetic, a: Number, b: Number, context: Context): Number | undefined {
  const show = namer(context)
  if (a.unit !== undefined && b.unit !== undefined && a.unit !== b.unit)
    return refuse(
      context,
      node,
      'W064',
      `an amount of ${quote(show(a.unit))} and one of ${quote(show(b.unit))} have no sum`,
      `turn one into the other with a price: \`x at P ${show(a.unit)} per ${show(b.unit)}\``,
    )
  return withUnit({ kind: 'number', terms: [...a.terms, ...b.terms], span: node.span }, a.unit ?? b.unit)
}

const withUnit = (value: Number, unit: NumberValue['unit']): Number => (unit === undefined ? value : { ...value, unit })

function multiply(node: Arithmetic, a: Number, b: Number, context: Context): Number | undefined {
  if (a.unit !== undefined && b.unit !== undefined)
    return refuse(
      context,
      node,
      'W064',
      'an amount times an amount is no amount',
      'multiply an amount by a plain number',
    )
  if (a.terms.length * b.terms.length > 64)
    return refuse(
      context,
      node,
      'W068',
      'a product of so many terms cannot be compared',
      'write it as several conditions',
    )
  const terms = a.terms.flatMap((x) =>
    b.terms.map((y): DraftTerm => ({
      negative: x.negative !== y.negative,
      scales: [...x.scales, ...y.scales],
      factors: [...x.factors, ...y.factors],
      divisors: [...x.divisors, ...y.divisors],
    })),
  )
  return withUnit({ kind: 'number', terms, span: node.span }, a.unit ?? b.unit)
}

function divide(node: Arithmetic, a: Number, b: Number, context: Context): Number | undefined {
  const by = plainOperand(b)
  const text = quote(sourceOf(node.right, context))
  if (by?.kind === 'constant' && by.constant.kind === 'number') {
    const { value } = by.constant
    if (value === 0n)
      return refuse(context, node.right, 'W068', 'nothing can be divided by 0', 'divide by another number')
    const scaled = scale(a, { kind: 'divide', by: value < 0n ? -value : value })
    return value < 0n ? { ...negate(scaled), span: node.span } : { ...scaled, span: node.span }
  }
  if (b.unit !== undefined)
    return refuse(
      context,
      node.right,
      'W064',
      `${text} is an amount, and nothing can be divided by an amount`,
      'multiply the other side of the comparison by it',
    )
  if (by === undefined || by.kind === 'constant')
    return refuse(
      context,
      node.right,
      'W068',
      `only a whole number or a single argument can be divided by, not ${text}`,
      'multiply the other side of the comparison by it, or write a percentage',
    )
  if ((by.kind === 'argument' || by.kind === 'element') && by.type.kind !== 'uint')
    return refuse(
      context,
      node.right,
      'W068',
      `${text} may be negative, and then a division turns the comparison round`,
      'multiply instead, with one rule for each sign',
    )
  return { ...a, terms: a.terms.map((term) => ({ ...term, divisors: [...term.divisors, by] })), span: node.span }
}
