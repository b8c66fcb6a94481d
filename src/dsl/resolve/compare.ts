import { quote } from '../../diagnostic/quote.js'
import type { Condition, ComparisonOperator, NowBound } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { Asset } from '../../policy/Units.js'
import type { Node } from '../ast.js'
import { compareBytes } from './bytes.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { hexBytes, namer, number, sourceOf } from './expression.js'
import { finishSides } from './finishSum.js'
import { junction } from './junction.js'
import { rangeOf } from './range.js'
import { elementsOf } from './walk.js'
import {
  describe,
  plainOperand,
  type DraftTerm,
  type NumberValue,
  type Value,
  type WordType,
  type WordValue,
} from './Value.js'

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
    return { kind: 'compare', operator, left: one(a.operand), right: one(b.operand) }
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

const one = (operand: Operand) => [{ negative: false, scales: [], factors: [operand] as const }] as const

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}

/** Says what two things are that cannot be compared. */
export function mismatch(left: Value, right: Value, node: Node, context: Context): undefined {
  const show = namer(context)
  const sizes = [left, right].map((value) =>
    value.kind === 'word' && value.type.kind === 'fixedBytes' ? value.type.size : undefined,
  )
  const other = sizes[0] === undefined ? left : right
  const size = sizes[0] ?? sizes[1]
  const literal =
    other.kind === 'hex' || other.kind === 'text' || (other.kind === 'word' && other.type.kind === 'fixedBytes')
  const code = size !== undefined && literal ? 'W067' : 'W063'
  const isAddress = other.kind === 'word' && other.type.kind === 'address'
  const list = left.kind === 'array' ? left : right.kind === 'array' ? right : undefined
  const help = list
    ? `compare length and elements: \`len(${sourceOf(list, context)}) == 1 and ${sourceOf(list, context)}[0] == …\``
    : code === 'W067'
      ? `write all ${size} bytes: \`0x\` and ${(size ?? 0) * 2} hex digits`
      : size === 32 && isAddress
        ? `write \`bytes32(${sourceOf(other, context)})\`: an address as 32 bytes`
        : 'compare things of one kind: numbers, addresses, bytes of one length, or true and false'
  return refuse(
    context,
    node,
    code,
    `${quote(sourceOf(left, context))} is ${describe(left, show)}, and ${quote(sourceOf(right, context))} is ${describe(right, show)}`,
    help,
  )
}

/** The value as a word of the other's type, if it can be one: literals take the type of what they meet. */
export function meet(
  value: Value,
  other: { readonly type: WordType; readonly operand?: Operand },
  context: Context,
): WordValue | undefined {
  const { type } = other
  // Twenty bytes of the calldata are an address, and a text of twenty bytes can be one too.
  const isPart = other.operand?.kind === 'slice' || other.operand?.kind === 'packed element'
  if (value.kind === 'text' && type.kind === 'address' && isPart && value.bytes.length === 42)
    return { kind: 'word', type, operand: { kind: 'constant', constant: { kind: 'address', value: value.bytes } } }
  if (value.kind === 'hex') {
    const bytes = hexBytes(value)
    return type.kind === 'fixedBytes' && bytes?.length === 2 + 2 * type.size ? constantBytes(bytes, type) : undefined
  }
  if (value.kind === 'text')
    return type.kind === 'fixedBytes' && value.bytes.length === 2 + 2 * type.size
      ? constantBytes(value.bytes, type)
      : undefined
  if (value.kind !== 'word') return undefined
  if (
    value.type.kind === type.kind &&
    (type.kind !== 'fixedBytes' || (value.type.kind === 'fixedBytes' && value.type.size === type.size))
  )
    return value
  const { operand } = value
  const literal =
    operand.kind === 'constant' && operand.constant.kind === 'address' && sourceOf(value, context).startsWith('0x')
  return type.kind === 'fixedBytes' && type.size === 20 && literal && operand.constant.kind === 'address'
    ? constantBytes(operand.constant.value, type)
    : undefined
}

const constantBytes = (value: `0x${string}`, type: WordType): WordValue => ({
  kind: 'word',
  type,
  operand: { kind: 'constant', constant: { kind: 'bytes', value } },
})

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

function compareNumbers(
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
    left: one(divisor),
    right: one({ kind: 'constant', constant: { kind: 'number', value: 0n } }),
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

const flipped: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** `X <= now + D` and `X >= now - D`: they bound the interval in which the operation may be included. */
function nowBound(
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
