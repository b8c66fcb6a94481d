import type { BytesComparison, Comparison, Condition, Membership, Quantified, Sum } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { Bytes } from '../../policy/Place.js'
import { LIMIT } from '../layout.js'
import { elementOf } from '../reach.js'
import { signOf } from '../signOf.js'
import { sliceWidth } from '../sliceWidth.js'
import { type Sort, sortOf, sortOfConstant } from '../sortOf.js'
import { constantLaws, operandLaws, type LawScope } from './operandLaws.js'
import { bytesLaws, collectionLaws } from './placeLaws.js'
import type { Report } from './Report.js'
import { coefficientLaws, termLaws } from './sumLaws.js'

/** The conditions of one place, all of which must hold. */
export const conditionsLaws = (conditions: readonly Condition[], scope: LawScope, report: Report): void => {
  if (conditions.length > LIMIT.conditions) report(`${conditions.length} conditions are more than ${LIMIT.conditions}`)
  for (const condition of conditions) {
    if (condition.kind === 'and') report('an `and` at the top stands for its members')
    else conditionLaws(condition, scope, report, 1)
  }
}

const conditionLaws = (condition: Condition, scope: LawScope, report: Report, depth: number): void => {
  if (depth > LIMIT.depth) return report(`conditions are nested more than ${LIMIT.depth} deep`)
  switch (condition.kind) {
    case 'and':
      membersLaws('and', condition.all, scope, report, depth)
      return
    case 'or':
      membersLaws('or', condition.any, scope, report, depth)
      return
    case 'true':
    case 'false':
      return
    case 'compare':
      comparisonLaws(condition, scope, report)
      return
    case 'member':
      membershipLaws(condition, scope, report)
      return
    case 'bytes':
      bytesComparisonLaws(condition, scope, report)
      return
    case 'every':
    case 'any':
      quantifiedLaws(condition, scope, report, depth)
      return
    case 'now':
      if (!scope.now || depth > 1) report('`now` is bounded only by a condition of its own in an allow rule')
      operandLaws(condition.operand, scope, report)
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
  scope: LawScope,
  report: Report,
  depth: number,
): void => {
  if (members.length < 2 || members.length > LIMIT.conditions) {
    report(`an \`${kind}\` has 2 to ${LIMIT.conditions} members, not ${members.length}`)
  }
  for (const member of members) {
    if (member.kind === kind) report(`an \`${kind}\` directly inside an \`${kind}\` stands for its members`)
    conditionLaws(member, scope, report, depth + 1)
  }
}

const quantifiedLaws = ({ kind, over, body }: Quantified, scope: LawScope, report: Report, depth: number): void => {
  collectionLaws(over, scope, report)
  const element = elementOf(over, scope)
  if (element === undefined) return
  if (body.length < 1 || body.length > LIMIT.conditions)
    report(`the body of an \`${kind}\` has 1 to ${LIMIT.conditions} conditions, not ${body.length}`)
  const inside = { ...scope, elements: [element, ...scope.elements] }
  for (const condition of body) {
    if (condition.kind === 'and') report('an `and` at the top of a body stands for its members')
    conditionLaws(condition, inside, report, depth + 1)
  }
}

const bytesComparisonLaws = ({ operator, left, right }: BytesComparison, scope: LawScope, report: Report): void => {
  bytesLaws(left, scope, report)
  if (typeof right !== 'string') bytesLaws(right, scope, report)
  else if (right.length / 2 - 1 > LIMIT.bytesLength) report(`a constant has more than ${LIMIT.bytesLength} bytes`)
  if (operator !== '==' && operator !== '!=') return
  const size = widthOf(left)
  const other = typeof right === 'string' ? right.length / 2 - 1 : widthOf(right)
  // As words they would be printed just so: of one text there would be two grants, each with meters of its own.
  if (size !== undefined && size === other && size >= 1 && size <= LIMIT.integerBytes)
    report(`${size} bytes are compared with as many otherwise than as words`)
}

const widthOf = ({ slice }: Bytes): number | undefined => slice && sliceWidth(slice)

const comparisonLaws = ({ operator, left, right }: Comparison, scope: LawScope, report: Report): void => {
  if (left.length === 0 || right.length === 0) report('a side of a comparison is empty')
  const terms = [...left, ...right]
  if (terms.length > LIMIT.terms) report(`a comparison of ${terms.length} terms has more than ${LIMIT.terms}`)
  for (const term of terms) termLaws(term, scope, report)
  const sorts = [sortOfSum(left), sortOfSum(right)]
  if (sorts[0] !== sorts[1] || sorts[0] === undefined)
    report(`${sorts[0] ?? 'arithmetic'} is compared with ${sorts[1] ?? 'arithmetic'}`)
  if (sorts[0] !== 'integer' && operator !== '==' && operator !== '!=') report(`\`${operator}\` compares integers only`)
  coefficientLaws(terms, scope, report)
}

/** Arithmetic makes integers; `undefined` where it is done with something else. */
const sortOfSum = (sum: Sum): Sort | undefined => {
  const sorts = sum.flatMap(({ factors }) => factors.map(sortOf))
  if (sorts.every((sort) => sort === 'integer')) return 'integer'
  const [term] = sum
  return sorts.length === 1 && term?.scales.length === 0 && !term.negative ? sorts[0] : undefined
}

const membershipLaws = ({ operands, rows }: Membership, scope: LawScope, report: Report): void => {
  if (operands.length < 1 || operands.length > LIMIT.columns)
    report(`${operands.length} columns are not 1 to ${LIMIT.columns}`)
  if (rows.length < 1 || rows.length > LIMIT.rows) report(`${rows.length} rows are not 1 to ${LIMIT.rows}`)
  if (rows.some((row) => row.length !== operands.length)) return report('a row has not one value for each operand')
  for (const [column, operand] of operands.entries()) columnLaws(operand, column, rows, scope, report)
  const keys = rows.map((row) => row.map(keyOf).join())
  const [first] = rows
  if (keys.some((key, index) => index > 0 && !(String(keys[index - 1]) < key)) && first !== undefined) {
    report('rows do not ascend, or one stands twice')
  }
}

const columnLaws = (
  operand: Operand,
  column: number,
  rows: Membership['rows'],
  scope: LawScope,
  report: Report,
): void => {
  operandLaws(operand, scope, report)
  const sort = sortOf(operand)
  const sign = signOf(operand)
  const first = rows[0]?.[column]
  for (const row of rows) {
    const constant = row[column]
    if (constant === undefined) continue
    constantLaws(constant, scope, report)
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
