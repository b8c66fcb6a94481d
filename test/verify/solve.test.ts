import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparisonOperator } from '../../src/policy/Condition.js'
import { choicesArbitrary } from '../../src/verify/choicesArbitrary.js'
import { type Atom, isTrue, negationOf } from '../../src/verify/solve/Atom.js'
import { includes, intersection, rangesOf } from '../../src/verify/solve/ranges.js'
import { edgesOf, solve, solveBeyond } from '../../src/verify/solve/solve.js'
import type { Variable } from '../../src/verify/solve/Variable.js'

const operators: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=']
const variable = (name: string): Variable => ({ name, value: 0n, min: -12n, max: 12n })
const small = fc.bigInt({ min: -15n, max: 15n })

/** An atom over two variables, small enough to try every value. */
const atoms = (x: Variable, y: Variable): fc.Arbitrary<Atom> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('polynomial' as const),
      operator: fc.constantFrom(...operators),
      constant: small,
      monomials: fc.array(fc.record({ coefficient: small, variables: fc.constantFrom([x], [y], [x, y]) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.constantFrom<(Variable | bigint)[]>([x], [x, y], [y, 3n, x]).chain((columns) =>
      fc.record({
        kind: fc.constant('table' as const),
        negated: fc.boolean(),
        columns: fc.constant(columns),
        rows: fc.array(fc.tuple(...columns.map(() => fc.bigInt({ min: 0n, max: 4n }))), { minLength: 1, maxLength: 4 }),
      }),
    ),
  )

const values = Array.from({ length: 25 }, (_, index) => BigInt(index - 12))

describe('solving for values', () => {
  it('the ranges of a variable are exactly the values with which an atom holds', () => {
    const [x, y] = [variable('x'), variable('y')]
    fc.assert(
      fc.property(atoms(x, y), small, (atom, other) => {
        y.value = other
        const ranges = rangesOf(atom, x)
        for (const value of values) {
          x.value = value
          expect(includes(ranges ?? [], value)).toBe(isTrue(atom))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a negation holds exactly where the atom does not', () => {
    const [x, y] = [variable('x'), variable('y')]
    fc.assert(
      fc.property(atoms(x, y), small, small, (atom, one, other) => {
        x.value = one
        y.value = other
        const negated = negationOf(atom)
        expect(negated !== 'always' && isTrue(negated)).toBe(!isTrue(atom))
      }),
      { numRuns: 300 },
    )
  })

  it('an intersection holds what both ranges hold', () => {
    const ranges = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 6 }).map((ends) => {
      const sorted = ends.sort((a, b) => a - b).map(BigInt)
      return sorted.flatMap((low, index) => {
        const high = sorted[index + 1]
        return index % 2 === 0 && high !== undefined ? [{ low, high }] : []
      })
    })
    fc.assert(
      fc.property(ranges, ranges, (left, right) => {
        const both = intersection(left, right)
        for (let value = 0n; value <= 30n; value++)
          expect(includes(both, value)).toBe(includes(left, value) && includes(right, value))
      }),
    )
  })

  it('what is solved holds, and it is solved where some values would do', () => {
    const [x, y] = [variable('x'), variable('y')]
    let solvable = 0
    let missed = 0
    fc.assert(
      fc.property(fc.array(atoms(x, y), { minLength: 1, maxLength: 3 }), choicesArbitrary(), (all, choices) => {
        const possible = values.some((one) =>
          values.some((other) => {
            x.value = one
            y.value = other
            return all.every(isTrue)
          }),
        )
        const solved = solve(
          all.map((atom) => ({ atom })),
          choices,
        )
        if (solved) expect(all.every(isTrue)).toBe(true)
        if (possible) {
          solvable += 1
          if (!solved) missed += 1
        } else expect(solved).toBe(false)
      }),
      { numRuns: 400, seed: 5 },
    )
    expect(missed / solvable).toBeLessThan(0.05)
  })

  it('on both sides of an edge all other goals hold, and the goal itself on one', () => {
    const [x, y] = [variable('x'), variable('y')]
    fc.assert(
      fc.property(fc.array(atoms(x, y), { minLength: 1, maxLength: 3 }), choicesArbitrary(), (all, choices) => {
        const goals = all.map((atom) => ({ atom }))
        const [goal] = goals
        if (goal === undefined || !solve(goals, choices)) return
        const [before, beside] = [x.value, y.value]
        for (const { variable: moved, inside, outside } of edgesOf(goal, goals)) {
          x.value = before
          y.value = beside
          moved.value = inside
          expect(all.every(isTrue)).toBe(true)
          moved.value = outside
          expect(goals.map(({ atom }) => isTrue(atom))).toEqual(goals.map((each) => each !== goal))
        }
        x.value = before
        y.value = beside
        if (solveBeyond(goal, goals, choices))
          expect(goals.map(({ atom }) => isTrue(atom))).toEqual(goals.map((each) => each !== goal))
      }),
      { numRuns: 300 },
    )
  })
})
