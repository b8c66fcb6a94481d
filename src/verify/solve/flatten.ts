import type { Condition, Quantified } from '../../policy/Condition.js'
import { bytesOf } from '../bytes.js'
import type { Choices } from '../Choices.js'
import { type Atom, negationOf } from './Atom.js'
import { polynomialOf } from './polynomial.js'
import { type Element, elementsOf, partAt, resolve, type Scope } from './Scope.js'

/** An atom of a problem, and the condition that it was made of, if any. */
export type Goal = { readonly atom: Atom; readonly of?: object }

type Wish = {
  readonly scope: Scope
  readonly choices: Choices
  /** The condition that must be the one that decides: beside it, no member of an `or` may hold. */
  readonly decisive?: Condition
}

const contains = (condition: Condition, sought: Condition | undefined): boolean => {
  if (sought === undefined) return false
  if (condition === sought) return true
  return partsOf(condition).some((part) => contains(part, sought))
}

/** The conditions directly inside one. */
export const partsOf = (condition: Condition): readonly Condition[] => {
  switch (condition.kind) {
    case 'and':
      return condition.all
    case 'or':
      return condition.any
    case 'every':
    case 'any':
      return condition.body
    default:
      return []
  }
}

const atomOf = (condition: Condition, scope: Scope): Atom => {
  switch (condition.kind) {
    case 'compare':
      return polynomialOf(
        [
          { sum: condition.left, scope },
          { sum: condition.right, scope, minus: true },
        ],
        condition.operator,
      )
    case 'member': {
      const columns = condition.operands.map((operand) => resolve(operand, scope))
      const known = columns.filter((column) => column !== undefined)
      if (known.length < columns.length) return { kind: 'never' }
      const rows = condition.rows.map((row) => row.map(({ value }) => BigInt(value)))
      return { kind: 'table', negated: condition.negated, columns: known, rows }
    }
    case 'bytes': {
      const left = partAt(condition.left, scope)
      const right = typeof condition.right === 'string' ? bytesOf(condition.right) : partAt(condition.right, scope)
      return left && right ? { kind: 'bytes', operator: condition.operator, left, right } : { kind: 'never' }
    }
    case 'now': {
      const sum = [{ negative: false, scales: [], factors: [condition.operand] as const }]
      const bound = condition.bound === 'at most' ? scope.now + condition.seconds : scope.now - condition.seconds
      return polynomialOf([{ sum, scope }], condition.bound === 'at most' ? '<=' : '>=', BigInt(bound))
    }
    default:
      return { kind: 'never' }
  }
}

/**
 * Atoms that make the condition true (or, `wanted` false, not true): one way of several, chosen. Where it cannot be made so, `never`.
 */
export const flatten = (condition: Condition, wanted: boolean, wish: Wish): Goal[] => {
  switch (condition.kind) {
    case 'true':
    case 'false':
      return (condition.kind === 'true') === wanted ? [] : [{ atom: { kind: 'never' }, of: condition }]
    case 'and':
    case 'or': {
      const parts = condition.kind === 'and' ? condition.all : condition.any
      // All of `and` for true, all of `or` for false; otherwise one will do.
      if ((condition.kind === 'and') === wanted) return parts.flatMap((part) => flatten(part, wanted, wish))
      const decisive = parts.find((part) => contains(part, wish.decisive))
      if (decisive === undefined) return flatten(wish.choices.pick(parts), wanted, wish)
      return parts.flatMap((part) => flatten(part, part === decisive ? wanted : !wanted, wish))
    }
    case 'every':
    case 'any':
      return flattenElements(condition, wanted, wish)
    default: {
      const atom = atomOf(condition, wish.scope)
      if (wanted) return [{ atom, of: condition }]
      const negated = negationOf(atom)
      return negated === 'always' ? [] : [{ atom: negated, of: condition }]
    }
  }
}

/** Of every element, or of one that is chosen; the others must then not decide. */
const flattenElements = (condition: Quantified, wanted: boolean, wish: Wish): Goal[] => {
  const elements = elementsOf(condition.over, wish.scope)
  if (elements === undefined) return [{ atom: { kind: 'never' }, of: condition }]
  const inside = (element: Element): Wish => ({
    ...wish,
    scope: { ...wish.scope, elements: [element, ...(wish.scope.elements ?? [])] },
  })
  const all = (element: Element): Goal[] => condition.body.flatMap((part) => flatten(part, true, inside(element)))
  const notAll = (element: Element): Goal[] => flattenNotAll(condition.body, inside(element))
  const each = wanted ? all : notAll
  if ((condition.kind === 'every') === wanted) return elements.flatMap(each)
  if (elements.length === 0) return [{ atom: { kind: 'never' }, of: condition }]
  const chosen = wish.choices.pick(elements)
  if (!contains(condition, wish.decisive)) return each(chosen)
  const others = wanted ? notAll : all
  return elements.flatMap((element) => (element === chosen ? each(element) : others(element)))
}

/** Atoms that make at least one of the conditions not true; `never` if there is none to choose. */
export const flattenNotAll = (conditions: readonly Condition[], wish: Wish): Goal[] => {
  const decisive = conditions.find((condition) => contains(condition, wish.decisive))
  if (decisive !== undefined) return conditions.flatMap((condition) => flatten(condition, condition !== decisive, wish))
  return conditions.length === 0 ? [{ atom: { kind: 'never' } }] : flatten(wish.choices.pick(conditions), false, wish)
}
