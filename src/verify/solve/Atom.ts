import type { ComparisonOperator } from '../../policy/Condition.js'
import type { Variable } from './Variable.js'

/** One thing that must hold, over variables that can be chosen. */
export type Atom = Polynomial | Table | { readonly kind: 'never' }

/** `Σ coefficient * product of variables + constant` compared with zero, exactly. */
export type Polynomial = {
  readonly kind: 'polynomial'
  readonly operator: ComparisonOperator
  readonly constant: bigint
  readonly monomials: readonly { readonly coefficient: bigint; readonly variables: readonly Variable[] }[]
}

/** The columns equal (or, negated, equal none) of the rows. */
export type Table = {
  readonly kind: 'table'
  readonly negated: boolean
  readonly columns: readonly (Variable | bigint)[]
  readonly rows: readonly (readonly bigint[])[]
}

/** Numbers from `low` to `high`, both included; never empty. */
export type Range = { readonly low: bigint; readonly high: bigint }

/** The variables of an atom, each once. */
export const variablesOf = (atom: Atom): Variable[] => {
  switch (atom.kind) {
    case 'polynomial':
      return [...new Set(atom.monomials.flatMap(({ variables }) => variables))]
    case 'table':
      return [...new Set(atom.columns.filter((column) => typeof column !== 'bigint'))]
    case 'never':
      return []
    default:
      return atom satisfies never
  }
}

/** Whether `value operator 0`. */
export const comparesWithZero = (value: bigint, operator: ComparisonOperator): boolean => {
  switch (operator) {
    case '==':
      return value === 0n
    case '!=':
      return value !== 0n
    case '<':
      return value < 0n
    case '<=':
      return value <= 0n
    case '>':
      return value > 0n
    case '>=':
      return value >= 0n
    default:
      return operator satisfies never
  }
}

const valueOf = (column: Variable | bigint): bigint => (typeof column === 'bigint' ? column : column.value)

/** Whether the atom holds with the values that its variables have now. */
export const isTrue = (atom: Atom): boolean => {
  switch (atom.kind) {
    case 'polynomial': {
      const value = atom.monomials.reduce(
        (sum, { coefficient, variables }) =>
          sum + variables.reduce((product, variable) => product * variable.value, coefficient),
        atom.constant,
      )
      return comparesWithZero(value, atom.operator)
    }
    case 'table':
      return (
        atom.rows.some((row) => row.every((cell, index) => cell === valueOf(atom.columns[index] ?? 0n))) !==
        atom.negated
      )
    case 'never':
      return false
    default:
      return atom satisfies never
  }
}

const opposite: Record<ComparisonOperator, ComparisonOperator> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

/** What holds exactly where the atom does not. */
export const negationOf = (atom: Atom): Atom | 'always' => {
  switch (atom.kind) {
    case 'polynomial':
      return { ...atom, operator: opposite[atom.operator] }
    case 'table':
      return { ...atom, negated: !atom.negated }
    case 'never':
      return 'always'
    default:
      return atom satisfies never
  }
}
