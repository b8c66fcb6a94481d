import type { BytesComparison, ComparisonOperator } from '../../policy/Condition.js'
import { contentOf } from '../calldata/encode.js'
import { selected } from '../calldata/views.js'
import type { Part } from './Scope.js'
import type { Variable } from './Variable.js'

/** One thing that must hold, over variables that can be chosen. */
export type Atom = Polynomial | Table | BytesAtom | { readonly kind: 'never' }

/** A byte string, or a part of it, compared with a constant or another one. */
export type BytesAtom = {
  readonly kind: 'bytes'
  readonly operator: BytesComparison['operator']
  readonly left: Part
  readonly right: Uint8Array | Part
}

/** The bytes of a part; undefined where it lies outside. */
export const bytesIn = (part: Uint8Array | Part): Uint8Array | undefined => {
  if (part instanceof Uint8Array) return part
  const { bytes } = contentOf(part.value)
  const range = selected(part.range, bytes.length)
  return range && bytes.subarray(...range)
}

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

const knownVariables = new WeakMap<Atom, readonly Variable[]>()

/** The variables of an atom, each once; remembered, for the solver asks at each step. */
export const variablesOf = (atom: Atom): readonly Variable[] => {
  const known = knownVariables.get(atom)
  if (known !== undefined) return known
  const found = seekVariables(atom)
  knownVariables.set(atom, found)
  return found
}

const seekVariables = (atom: Atom): readonly Variable[] => {
  switch (atom.kind) {
    case 'polynomial':
      return [...new Set(atom.monomials.flatMap(({ variables }) => variables))]
    case 'table':
      return [...new Set(atom.columns.filter((column) => typeof column !== 'bigint'))]
    case 'bytes':
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

const startsWith = (whole: Uint8Array, start: Uint8Array): boolean =>
  start.length <= whole.length && start.every((byte, index) => byte === whole[index])

const holdsOfBytes = ({ operator, left, right }: BytesAtom): boolean => {
  const [one, other] = [bytesIn(left), bytesIn(right)]
  if (one === undefined || other === undefined) return false
  switch (operator) {
    case '==':
      return one.length === other.length && startsWith(one, other)
    case '!=':
      return one.length !== other.length || !startsWith(one, other)
    case 'starts with':
      return startsWith(one, other)
    case 'does not start with':
      return !startsWith(one, other)
    default:
      return operator satisfies never
  }
}

const isThere = ({ readable }: Variable): boolean => readable?.() !== false

/** Whether all that the atom speaks of can be read now. */
const isReadable = (atom: Atom): boolean => {
  switch (atom.kind) {
    case 'polynomial':
      return atom.monomials.every(({ variables }) => variables.every(isThere))
    case 'table':
      return atom.columns.every((column) => typeof column === 'bigint' || isThere(column))
    case 'bytes':
    case 'never':
      return true
    default:
      return atom satisfies never
  }
}

/** Whether the atom holds with the values that its variables have now. */
export const isTrue = (atom: Atom): boolean => {
  if (!isReadable(atom)) return false
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
    case 'bytes':
      return holdsOfBytes(atom)
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

const oppositeOfBytes: Record<BytesComparison['operator'], BytesComparison['operator']> = {
  '==': '!=',
  '!=': '==',
  'starts with': 'does not start with',
  'does not start with': 'starts with',
}

/** What holds exactly where the atom does not, as far as what it speaks of can be read. */
export const negationOf = (atom: Atom): Atom | 'always' => {
  switch (atom.kind) {
    case 'polynomial':
      return { ...atom, operator: opposite[atom.operator] }
    case 'table':
      return { ...atom, negated: !atom.negated }
    case 'bytes':
      return { ...atom, operator: oppositeOfBytes[atom.operator] }
    case 'never':
      return 'always'
    default:
      return atom satisfies never
  }
}
