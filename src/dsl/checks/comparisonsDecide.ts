import type { Span } from '../../diagnostic/Diagnostic.js'
import type { BytesComparison, Comparison, Condition, Sum } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import { rangeOf } from '../resolve/range.js'
import type { Check } from './Check.js'

/** A comparison that the types alone decide says nothing, and its author meant something else. */
export const comparisonsDecide: Check = ({ context, drafts }) => {
  for (const { where } of drafts) {
    // The two comparisons of a range `0..5` stand in one place: one of them may say nothing.
    const verdicts = new Map<Span, Set<boolean | undefined>>()
    const visit = (condition: Condition): void => {
      if (condition.kind === 'and') condition.all.forEach(visit)
      if (condition.kind === 'or') condition.any.forEach(visit)
      if (condition.kind === 'every' || condition.kind === 'any') condition.body.forEach(visit)
      const span = context.spans.get(condition)
      if ((condition.kind !== 'compare' && condition.kind !== 'bytes') || span === undefined) return
      const found = verdicts.get(span) ?? new Set()
      verdicts.set(span, found.add(condition.kind === 'bytes' ? beginsAnyway(condition) : verdictOf(condition)))
    }
    where.forEach(visit)
    for (const [span, found] of verdicts) {
      const [holds] = found
      if (holds === undefined || found.size > 1) continue
      context.report({
        code: 'W101',
        severity: 'warning',
        span,
        message: `this ${holds ? 'always' : 'never'} holds`,
        help: 'leave it out, or compare with another constant',
      })
    }
  }
}

type Operator = Comparison['operator']

const verdictOf = ({ operator, left, right }: Comparison): boolean | undefined =>
  alwaysHolds(operator, left, right) ?? masksMiss(operator, left, right) ?? masksMiss(operator, right, left)

/** Everything begins with no bytes at all. */
function beginsAnyway({ operator, right }: BytesComparison): boolean | undefined {
  if (right !== '0x' || operator === '==' || operator === '!=') return undefined
  return operator === 'starts with'
}

/** A constant with a bit that the mask leaves out is never met. */
function masksMiss(operator: Operator, left: Sum, right: Sum): boolean | undefined {
  const [masked, other] = [plain(left), plain(right)]
  if (masked?.kind !== 'masked' || other?.kind !== 'constant' || (operator !== '==' && operator !== '!='))
    return undefined
  const { value } = other.constant
  if (typeof value === 'boolean' || (BigInt(value) & ~masked.mask) === 0n) return undefined
  return operator === '!='
}

/** True or false where every value of the operand gives the same answer. */
function alwaysHolds(operator: Operator, leftSum: Sum, rightSum: Sum): boolean | undefined {
  const [left, right] = [limits(leftSum), limits(rightSum)]
  if (left === undefined || right === undefined) return undefined
  switch (operator) {
    case '<':
      return below(left, right)
    case '>=':
      return opposite(below(left, right))
    case '>':
      return below(right, left)
    case '<=':
      return opposite(below(right, left))
    case '==':
    case '!=': {
      const apart = left.max < right.min || right.max < left.min
      const equal = left.min === left.max && right.min === right.max && left.min === right.min
      const same = apart ? false : equal ? true : undefined
      return operator === '==' ? same : opposite(same)
    }
    default:
      return operator satisfies never
  }
}

type Limits = { readonly min: bigint; readonly max: bigint }

const opposite = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)

function below(a: Limits, b: Limits): boolean | undefined {
  return a.max < b.min ? true : a.min >= b.max ? false : undefined
}

/** The sum as the one factor that it is. */
function plain(sum: Sum): Operand | undefined {
  const [term, other] = sum
  if (term === undefined || other !== undefined || term.negative || term.scales.length > 0 || term.factors.length > 1)
    return undefined
  return term.factors[0]
}

/** The least and greatest value of one plain factor that is a number. */
function limits(sum: Sum): Limits | undefined {
  const operand = plain(sum)
  if (operand === undefined) return undefined
  if (operand.kind === 'masked') {
    const range = rangeOf(operand)
    return range && { min: 0n, max: operand.mask }
  }
  if (operand.kind !== 'constant') return rangeOf(operand)
  const { constant } = operand
  return constant.kind === 'number' || constant.kind === 'amount'
    ? { min: constant.value, max: constant.value }
    : undefined
}
