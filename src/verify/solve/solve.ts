import type { Choices } from '../Choices.js'
import { type Atom, isTrue, negationOf, type Range, type Table, variablesOf } from './Atom.js'
import type { Goal } from './flatten.js'
import { includes, intersection, rangesOf } from './ranges.js'
import { repairBytes } from './repairBytes.js'
import type { Variable } from './Variable.js'

const REPAIRS = 60

/** Which atoms speak of a variable. */
type Index = ReadonlyMap<Variable, readonly Atom[]>

const indexOf = (atoms: readonly Atom[]): Index => {
  const index = new Map<Variable, Atom[]>()
  for (const atom of atoms)
    for (const variable of variablesOf(atom)) {
      const known = index.get(variable)
      if (known) known.push(atom)
      else index.set(variable, [atom])
    }
  return index
}

/** Whether a variable is to have a value that no value can be: of all that speaks of it alone, nothing is left. */
const isContradictory = (index: Index): boolean =>
  [...index].some(([variable, atoms]) => {
    const alone = atoms.filter((atom) => variablesOf(atom).length === 1)
    return alone.length > 1 && feasible(alone, variable).length === 0
  })

const domain = ({ min, max }: Variable): Range[] => [{ low: min, high: max }]

/** Where all these atoms allow the variable to be. */
const feasible = (atoms: readonly Atom[], variable: Variable): Range[] =>
  atoms.reduce<Range[]>((ranges, atom) => {
    const own = rangesOf(atom, variable)
    return own === undefined ? ranges : intersection(ranges, own)
  }, domain(variable))

/** A number of the ranges: an end, or anything between. */
const within = (ranges: readonly Range[], choices: Choices): bigint => {
  const { low, high } = choices.pick(ranges)
  switch (choices.below(3)) {
    case 0:
      return low
    case 1:
      return high
    default:
      return low + choices.big(high - low)
  }
}

/** Puts a whole row into the table's columns (one column at a time could never leave the wrong row): one that the other atoms allow, if there is one. */
const serveRow = (table: Table, index: Index, choices: Choices): void => {
  const { columns, rows } = table
  const serves = (row: readonly bigint[]): boolean =>
    columns.every((column, at) => {
      const value = row[at]
      if (value === undefined) return false
      if (typeof column === 'bigint') return column === value
      const others = (index.get(column) ?? []).filter((atom) => atom !== table)
      return includes(feasible(others, column), value)
    })
  const serving = rows.filter(serves)
  const row = choices.pick(serving.length > 0 ? serving : rows)
  for (const [at, column] of columns.entries()) {
    const value = row[at]
    if (typeof column !== 'bigint' && value !== undefined) column.value = value
  }
}

/** Gives all columns of a table one of its rows; false where a column cannot have the row's value. */
const takeRow = ({ columns, rows }: Table, choices: Choices): boolean => {
  const row = choices.pick(rows)
  const fits = columns.every((column, index) => {
    const cell = row[index] ?? 0n
    return typeof column === 'bigint' ? column === cell : column.min <= cell && cell <= column.max
  })
  if (fits)
    for (const [index, column] of columns.entries()) if (typeof column !== 'bigint') column.value = row[index] ?? 0n
  return fits
}

/**
 * Gives the variables values with which every goal holds, repairing one failing goal after the other; false if that did not work out.
 * The values found are ends of what is possible as often as something between.
 */
export const solve = (goals: readonly Goal[], choices: Choices): boolean => {
  const atoms = goals.map(({ atom }) => atom)
  if (atoms.some(({ kind }) => kind === 'never')) return false
  const index = indexOf(atoms)
  if (isContradictory(index)) return false
  for (let repair = 0; repair < REPAIRS; repair++) {
    const failing = atoms.filter((atom) => !isTrue(atom))
    if (failing.length === 0) return true
    const atom = choices.pick(failing)
    if (atom.kind === 'bytes') {
      repairBytes(atom, choices)
      continue
    }
    if (atom.kind === 'table' && !atom.negated) {
      serveRow(atom, index, choices)
      continue
    }
    const variables = choices.shuffle(variablesOf(atom))
    const [first] = variables
    if (first === undefined) return false
    // One column at a time would never come to a row in which all are others.
    if (atom.kind === 'table' && !atom.negated && variables.length > 1 && takeRow(atom, choices)) continue
    let repaired = false
    for (const variable of variables) {
      const ranges = feasible(index.get(variable) ?? [], variable)
      if (ranges.length === 0) continue
      variable.value = within(ranges, choices)
      repaired = isTrue(atom)
      if (repaired) break
    }
    if (repaired) continue
    // No value serves all: serve this goal alone, the others get their turn.
    const own = rangesOf(atom, first) ?? []
    first.value = within(own.length > 0 ? own : domain(first), choices)
    // What has become too short for it does not grow again on its account.
    if (variables.every(({ readable }) => readable?.() === false)) return false
  }
  return false
}

/** A variable with a value for which everything holds, and one next to it (where there is one) for which one goal does not. */
export type Edge = { readonly variable: Variable; readonly inside: bigint; readonly outside: bigint }

/**
 * Where the goal alone decides: all other goals hold on both sides of the edge. Expects that every goal holds with the present values.
 * Edges of one unit come first; only where there is none, any other pair of values.
 */
export const edgesOf = (goal: Goal, goals: readonly Goal[]): Edge[] => {
  const negated = negationOf(goal.atom)
  if (negated === 'always') return []
  const others = indexOf(goals.filter((other) => other !== goal).map(({ atom }) => atom))
  const near: Edge[] = []
  const far: Edge[] = []
  for (const variable of variablesOf(goal.atom)) {
    const free = feasible(others.get(variable) ?? [], variable)
    const good = intersection(free, rangesOf(goal.atom, variable) ?? [])
    const bad = intersection(free, rangesOf(negated, variable) ?? [])
    for (const { low, high } of good) {
      if (includes(bad, low - 1n)) near.push({ variable, inside: low, outside: low - 1n })
      if (includes(bad, high + 1n)) near.push({ variable, inside: high, outside: high + 1n })
    }
    const [inside] = good
    const [outside] = bad
    if (inside && outside) far.push({ variable, inside: inside.low, outside: outside.low })
  }
  return near.length > 0 ? near : far
}

/**
 * Gives the variables values with which all goals hold but this one, starting from the present ones: for goals that hang together so that no
 * single variable can leave them. False if none were found; the values are then anything.
 */
export const solveBeyond = (goal: Goal, goals: readonly Goal[], choices: Choices): boolean => {
  const negated = negationOf(goal.atom)
  if (negated === 'always') return false
  return solve([{ atom: negated }, ...goals.filter((other) => other !== goal)], choices)
}
