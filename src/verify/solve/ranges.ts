import type { ComparisonOperator } from '../../policy/Condition.js'
import { type Atom, comparesWithZero, type Polynomial, type Range, type Table } from './Atom.js'
import type { Variable } from './Variable.js'

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

const clip = (ranges: readonly { low: bigint; high: bigint }[], { min, max }: Variable): Range[] =>
  ranges
    .map(({ low, high }) => ({ low: low > min ? low : min, high: high < max ? high : max }))
    .filter(({ low, high }) => low <= high)

/** Where `slope * x + offset` compares with zero as the operator says; slope is not 0. */
const solveLine = (slope: bigint, offset: bigint, operator: ComparisonOperator, variable: Variable): Range[] => {
  const { min, max } = variable
  const root = floorDivide(-offset, slope)
  const exact = slope * root + offset === 0n
  // x <= root is where the line has not passed zero; which side is wanted depends on its slope.
  const ascending = slope > 0n
  const below = { low: min, high: exact ? root - 1n : root }
  const upTo = { low: min, high: root }
  const above = { low: root + 1n, high: max }
  const from = { low: exact ? root : root + 1n, high: max }
  switch (operator) {
    case '==':
      return exact ? clip([{ low: root, high: root }], variable) : []
    case '!=':
      return exact ? clip([below, above], variable) : clip([{ low: min, high: max }], variable)
    case '<':
      return clip([ascending ? below : above], variable)
    case '<=':
      return clip([ascending ? upTo : from], variable)
    case '>':
      return clip([ascending ? above : below], variable)
    case '>=':
      return clip([ascending ? from : upTo], variable)
    default:
      return operator satisfies never
  }
}

const solvePolynomial = (atom: Polynomial, variable: Variable): Range[] | undefined => {
  let slope = 0n
  let offset = atom.constant
  for (const { coefficient, variables } of atom.monomials) {
    const others = variables.filter((other) => other !== variable)
    const product = others.reduce((value, other) => value * other.value, coefficient)
    const power = variables.length - others.length
    if (power > 1) return undefined
    if (power === 1) slope += product
    else offset += product
  }
  if (slope !== 0n) return solveLine(slope, offset, atom.operator, variable)
  // The variable does not matter: everywhere or nowhere, as the offset alone says.
  return comparesWithZero(offset, atom.operator) ? [{ low: variable.min, high: variable.max }] : []
}

const complement = (points: readonly bigint[], variable: Variable): Range[] => {
  const ranges: { low: bigint; high: bigint }[] = []
  let low = variable.min
  for (const point of points) {
    ranges.push({ low, high: point - 1n })
    low = point + 1n
  }
  ranges.push({ low, high: variable.max })
  return clip(ranges, variable)
}

const solveTable = ({ columns, rows, negated }: Table, variable: Variable): Range[] => {
  const rest = rows.filter((row) =>
    columns.every(
      (column, index) => column === variable || (typeof column === 'bigint' ? column : column.value) === row[index],
    ),
  )
  const own = columns.flatMap((column, index) => (column === variable ? [index] : []))
  const values = rest.flatMap((row) => {
    const [first, ...others] = own.map((index) => row[index])
    return first !== undefined && others.every((other) => other === first) ? [first] : []
  })
  const points = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
  return negated
    ? complement(points, variable)
    : clip(
        points.map((point) => ({ low: point, high: point })),
        variable,
      )
}

/**
 * The values of the variable with which the atom holds, all others as they are: ranges that ascend and do not touch each other's numbers.
 * Undefined where the variable appears squared.
 */
export const rangesOf = (atom: Atom, variable: Variable): readonly Range[] | undefined => {
  switch (atom.kind) {
    case 'polynomial':
      return solvePolynomial(atom, variable)
    case 'table':
      return solveTable(atom, variable)
    case 'bytes':
      // It has no variables.
      return undefined
    case 'never':
      return []
    default:
      return atom satisfies never
  }
}

/** The numbers in both. */
export const intersection = (left: readonly Range[], right: readonly Range[]): Range[] => {
  const both: Range[] = []
  let i = 0
  let j = 0
  while (i < left.length && j < right.length) {
    const a = left[i]
    const b = right[j]
    if (a === undefined || b === undefined) break
    const low = a.low > b.low ? a.low : b.low
    const high = a.high < b.high ? a.high : b.high
    if (low <= high) both.push({ low, high })
    if (a.high < b.high) i++
    else j++
  }
  return both
}

/** Whether a number lies in one of the ranges. */
export const includes = (ranges: readonly Range[], value: bigint): boolean =>
  ranges.some(({ low, high }) => low <= value && value <= high)
