import type { Span } from '../../diagnostic/Diagnostic.js'
import type { Condition, Sum } from '../../policy/Condition.js'
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
      const span = context.spans.get(condition)
      if (condition.kind !== 'compare' || span === undefined) return
      const found = verdicts.get(span) ?? new Set()
      verdicts.set(span, found.add(alwaysHolds(condition.operator, condition.left, condition.right)))
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

type Operator = Extract<Condition, { kind: 'compare' }>['operator']

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

/** The least and greatest value of one plain factor that is a number. */
function limits(sum: Sum): Limits | undefined {
  const [term, other] = sum
  if (term === undefined || other !== undefined || term.negative || term.scales.length > 0 || term.factors.length > 1)
    return undefined
  const operand: Operand = term.factors[0]
  if (operand.kind !== 'constant') return rangeOf(operand)
  const { constant } = operand
  return constant.kind === 'number' || constant.kind === 'amount'
    ? { min: constant.value, max: constant.value }
    : undefined
}
