import type { Diagnostic, Span } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import type { AmountLiteral, Comparison, Expression, Name, NumberLiteral, Range } from './ast.js'

/** A value with the operators that stand directly before and behind it, as the grammar reads it. */
export type Operand = {
  readonly prefixes: readonly Prefix[]
  readonly value: Expression
  readonly prices: readonly Price[]
  /** At least the depth of `value`. */
  readonly depth: number
}
export type Prefix =
  | { readonly operator: 'not' | '-'; readonly span: Span }
  | { readonly operator: '% of'; readonly percent: NumberLiteral; readonly span: Span }
export type Price = {
  readonly direction: 'at' | 'sold at'
  readonly price: AmountLiteral
  readonly per: Name
  readonly end: number
}
export type Infix = { readonly operator: InfixOperator; readonly span: Span }
export type InfixOperator =
  Comparison['operator'] | 'and' | 'or' | 'in' | 'not in' | 'starts with' | '&' | '+' | '-' | '*' | '/' | '..'

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const isComparison = (operator: string): operator is Comparison['operator'] => comparisons.has(operator)
const relations: ReadonlySet<string> = new Set([...comparisons, 'in', 'not in', 'starts with', '..'])

/** No expression is deeper, so that whatever walks one may recurse. */
export const deepestTree = 400

/**
 * Makes a tree of a chain `operand { infix operand }`. From tightest: `-` and `% of`, then `* /` and prices, `+ -`, `&`,
 * comparisons, `not`, `and`, `or`. Faults are reported and a tree is made all the same. `depth` is at least the depth of the tree.
 */
export const arrange = (
  first: Operand,
  rest: readonly { readonly infix: Infix; readonly operand: Operand }[],
  report: (fault: Diagnostic) => void,
): { readonly value: Expression; readonly depth: number } => {
  if (rest.length === 0 && first.prefixes.length === 0 && first.prices.length === 0) return first
  const chain = [first, ...rest.map(({ operand }) => operand)]
  let at = 0
  let prefix = 0
  let longest = 0
  const infix = (): Infix | undefined => rest[at]?.infix
  const next = () => {
    at++
    prefix = 0
  }
  const operand = (): Operand => chain[at] ?? first
  const error = (code: string, span: Span, message: string, help: string) =>
    report({ code, severity: 'error', span, message, help })

  const junction = (kind: 'and' | 'or', member: () => Expression): Expression => {
    const head = member()
    if (infix()?.operator !== kind) return head
    const operands = [head]
    while (infix()?.operator === kind) {
      next()
      operands.push(member())
    }
    return { kind, operands, span: { start: head.span.start, end: operands.at(-1)?.span.end ?? 0 } }
  }
  const disjunction = (): Expression => junction('or', conjunction)
  const conjunction = (): Expression => junction('and', negation)

  const negation = (): Expression => {
    const found = operand().prefixes[prefix]
    if (found?.operator !== 'not') return relation()
    prefix++
    const inner = negation()
    return { kind: 'not', operand: inner, span: { start: found.span.start, end: inner.span.end } }
  }

  const misplacedRange = (span: Span) => error('W019', span, 'a range stands only behind `in`', 'write `x in 1..9`')
  const relation = (): Expression => {
    const left = mask()
    const found = infix()
    if (!found || !relations.has(found.operator)) return left
    const made = related(left, found)
    let chained = false
    for (let more = infix(); more && relations.has(more.operator); more = infix()) {
      next()
      mask()
      if (more.operator !== '..')
        error('W019', more.span, 'a comparison cannot follow another', 'write `and` between them: `a < b and b < c`')
      else if (!chained) misplacedRange(more.span)
      chained = true
    }
    return made
  }
  const related = (left: Expression, found: Infix): Expression => {
    const { operator } = found
    next()
    const right = mask()
    const span = { start: left.span.start, end: right.span.end }
    if (isComparison(operator)) return { kind: 'comparison', operator, left, right, span }
    if (operator === 'starts with') return { kind: 'starts with', left, prefix: right, span }
    if (operator === '..') {
      misplacedRange(found.span)
      return { kind: 'comparison', operator: '==', left, right, span }
    }
    const set = infix()?.operator === '..' ? range(right) : right
    const negated = operator === 'not in'
    return { kind: 'membership', negated, left, set, span: { start: left.span.start, end: set.span.end } }
  }
  const range = (start: Expression): Range => {
    next()
    const last = mask()
    return { kind: 'range', first: start, last, span: { start: start.span.start, end: last.span.end } }
  }

  const chained = (operators: string, member: () => Expression, tail = (left: Expression) => left): Expression => {
    let left = tail(member())
    let length = 0
    for (let found = infix(); found && operators.includes(found.operator); found = infix()) {
      next()
      const right = member()
      longest = Math.max(longest, ++length)
      const span = { start: left.span.start, end: right.span.end }
      const { operator } = found
      if (operator === '&') left = { kind: 'mask', left, right, span }
      else if (operator === '+' || operator === '-' || operator === '*' || operator === '/')
        left = { kind: 'arithmetic', operator, left, right, span }
      left = tail(left)
    }
    return left
  }
  const mask = (): Expression => chained('&', sum)
  const sum = (): Expression => chained('+-', product)
  const product = (): Expression => chained('*/', unary, priced)

  const priced = (left: Expression): Expression =>
    operand().prices.reduce<Expression>(
      (amount, { direction, price, per, end }) => ({
        kind: 'priced',
        direction,
        amount,
        price,
        per,
        span: { start: amount.span.start, end },
      }),
      left,
    )

  const unary = (): Expression => {
    const found = operand().prefixes[prefix]
    if (!found) return operand().value
    prefix++
    const inner = unary()
    const span = { start: found.span.start, end: inner.span.end }
    switch (found.operator) {
      case '-':
        return { kind: 'negative', operand: inner, span }
      case '% of':
        return { kind: 'percentage', percent: found.percent, of: inner, span }
      case 'not':
        error(
          'W019',
          found.span,
          `${quote('not')} stands before a whole condition`,
          'put parentheses round what it denies: `not (a == b)`',
        )
        return { kind: 'not', operand: inner, span }
      default:
        return found satisfies never
    }
  }

  const value = disjunction()
  // INVARIANT: every operator is of one of the levels above; one left over would be a condition that is not enforced.
  if (infix()) throw new Error(`operator ${infix()?.operator} was not arranged`)
  const marks = chain.map(({ prefixes, prices, depth }) => depth + prefixes.length + prices.length)
  // Masks, sums and products nest in one another; a junction, a negation and a comparison add one each.
  const depth = marks.reduce((a, b) => Math.max(a, b)) + 3 * longest + 4
  if (depth <= deepestTree) return { value, depth }
  error('W009', value.span, 'this expression is too deep', 'name parts of it with `let`')
  return { value: { kind: 'boolean', value: false, span: value.span }, depth: 0 }
}
