import type { Comparison, Condition, Membership, Sum } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import { LIMIT } from '../layout.js'
import { signOf } from '../signOf.js'
import { type Sort, sortOf, sortOfConstant } from '../sortOf.js'
import { constantLaws, operandLaws, type Place } from './operandLaws.js'
import type { Report } from './Report.js'
import { coefficientLaws, termLaws } from './sumLaws.js'

/** The conditions of one place, all of which must hold. */
export const conditionsLaws = (conditions: readonly Condition[], place: Place, report: Report): void => {
  if (conditions.length > LIMIT.conditions) report(`${conditions.length} conditions are more than ${LIMIT.conditions}`)
  for (const condition of conditions) {
    if (condition.kind === 'and') report('an `and` at the top stands for its members')
    else conditionLaws(condition, place, report, 1)
  }
}

const conditionLaws = (condition: Condition, place: Place, report: Report, depth: number): void => {
  if (depth > LIMIT.depth) return report(`conditions are nested more than ${LIMIT.depth} deep`)
  switch (condition.kind) {
    case 'and':
      membersLaws('and', condition.all, place, report, depth)
      return
    case 'or':
      membersLaws('or', condition.any, place, report, depth)
      return
    case 'true':
    case 'false':
      return
    case 'compare':
      comparisonLaws(condition, place, report)
      return
    case 'member':
      membershipLaws(condition, place, report)
      return
    case 'now':
      if (!place.now || depth > 1) report('`now` is bounded only by a condition of its own in an allow rule')
      operandLaws(condition.operand, place, report)
      if (sortOf(condition.operand) !== 'integer') report('a time is an integer')
      if (!Number.isInteger(condition.seconds) || condition.seconds < 0 || condition.seconds >= LIMIT.untilBelow) {
        report(`${condition.seconds} seconds are not 0 to 2^38`)
      }
      return
    default:
      condition satisfies never
  }
}

const membersLaws = (
  kind: 'and' | 'or',
  members: readonly Condition[],
  place: Place,
  report: Report,
  depth: number,
): void => {
  if (members.length < 2 || members.length > LIMIT.conditions) {
    report(`an \`${kind}\` has 2 to ${LIMIT.conditions} members, not ${members.length}`)
  }
  for (const member of members) {
    if (member.kind === kind) report(`an \`${kind}\` directly inside an \`${kind}\` stands for its members`)
    conditionLaws(member, place, report, depth + 1)
  }
}

const comparisonLaws = ({ operator, left, right }: Comparison, place: Place, report: Report): void => {
  if (left.length === 0 || right.length === 0) report('a side of a comparison is empty')
  const terms = [...left, ...right]
  if (terms.length > LIMIT.terms) report(`a comparison of ${terms.length} terms has more than ${LIMIT.terms}`)
  for (const term of terms) termLaws(term, place, report)
  const sorts = [sortOfSum(left), sortOfSum(right)]
  if (sorts[0] !== sorts[1]) report(`${sorts[0] ?? 'arithmetic'} is compared with ${sorts[1] ?? 'arithmetic'}`)
  if (sorts[0] !== 'integer' && operator !== '==' && operator !== '!=') report(`\`${operator}\` compares integers only`)
  coefficientLaws(terms, place, report)
}

/** Arithmetic makes integers; `undefined` where it is done with something else. */
const sortOfSum = (sum: Sum): Sort | undefined => {
  const sorts = sum.flatMap(({ factors }) => factors.map(sortOf))
  if (sorts.every((sort) => sort === 'integer')) return 'integer'
  const [term] = sum
  return sorts.length === 1 && term?.scales.length === 0 && !term.negative ? sorts[0] : undefined
}

const membershipLaws = ({ operands, rows }: Membership, place: Place, report: Report): void => {
  if (operands.length < 1 || operands.length > LIMIT.columns)
    report(`${operands.length} columns are not 1 to ${LIMIT.columns}`)
  if (rows.length < 1 || rows.length > LIMIT.rows) report(`${rows.length} rows are not 1 to ${LIMIT.rows}`)
  if (rows.some((row) => row.length !== operands.length)) return report('a row has not one value for each operand')
  for (const [column, operand] of operands.entries()) columnLaws(operand, column, rows, place, report)
  const keys = rows.map((row) => row.map(keyOf).join())
  const [first] = rows
  if (keys.some((key, index) => index > 0 && !(String(keys[index - 1]) < key)) && first !== undefined) {
    report('rows do not ascend, or one stands twice')
  }
}

const columnLaws = (operand: Operand, column: number, rows: Membership['rows'], place: Place, report: Report): void => {
  operandLaws(operand, place, report)
  const sort = sortOf(operand)
  const sign = signOf(operand)
  const first = rows[0]?.[column]
  for (const row of rows) {
    const constant = row[column]
    if (constant === undefined) continue
    constantLaws(constant, place, report)
    const found = sortOfConstant(constant)
    if (found !== sort) report(`${sort} is compared with ${found}`)
    if (constant.kind !== first?.kind) report('a column mixes numbers and amounts')
    if (constant.kind === 'amount' && first?.kind === 'amount' && constant.asset !== first.asset) {
      report('a column mixes amounts of two assets')
    }
    if (constant.kind !== 'number' && constant.kind !== 'amount') continue
    if (sign !== 'signed' && constant.value < 0n)
      report('an operand that is never negative is compared with a negative number')
    // As words of 256 bits such a number and a negative one look the same.
    if (sign === 'signed' && constant.value >= 1n << 255n)
      report('a signed operand is compared with a number of 2^255 or more')
  }
}

/** Sorts as the bytes of a column do: all its values have one width, negative ones in two's complement. */
const keyOf = (constant: Membership['rows'][number][number]): string => {
  switch (constant.kind) {
    case 'number':
    case 'amount':
      return BigInt.asUintN(256, constant.value).toString(16).padStart(64, '0')
    case 'bool':
      return constant.value ? '1' : '0'
    case 'address':
    case 'bytes':
      return constant.value
    default:
      return constant satisfies never
  }
}
