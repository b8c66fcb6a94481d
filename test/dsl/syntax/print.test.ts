import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from '../../../src/dsl/parse.js'
import { print } from '../../../src/dsl/print.js'
import { arbitraryExpression, arbitraryWrit } from './arbitraryWrit.js'
import { withoutSpans } from './withoutSpans.js'

describe('print', () => {
  test('parse(print(x)) equals x, for any tree', () => {
    fc.assert(
      fc.property(arbitraryWrit, (writ) => {
        const text = print(writ)
        const { writ: back, diagnostics } = parse(text)
        expect(diagnostics).toEqual([])
        expect(withoutSpans(back)).toEqual(withoutSpans(writ))
      }),
      { numRuns: 300 },
    )
  })

  test('parse(print(x)) equals x, for any expression', () => {
    const span = { start: 0, end: 0 }
    fc.assert(
      fc.property(arbitraryExpression, (value) => {
        const name = { kind: 'name' as const, text: 'X', span }
        const text = print({
          kind: 'writ',
          header: [{ kind: 'let', name, value, span }],
          rules: [],
          incomplete: false,
          span,
        })
        const [line] = parse(text).writ.header
        expect(withoutSpans(line)).toEqual(withoutSpans({ kind: 'let', name, value, span }))
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    'a - (b - c) - d + e',
    'a / (b * c) * (d + e)',
    '-(a + b) - -c',
    '98% of (a + b) + 2% of c',
    '(a + b) at 3000 USDC per WETH',
    '98% of a at 3000 USDC per WETH sold at 1 ETH per DAI',
    'a & (b & c) & d + e',
    'not (a and b) and (c or d) or e',
    'a and (b and c)',
    '(a == b) == c',
    'a in b + c..(d in e)',
    '(a in [b]) in [c, (d, e)]',
    'every t in path (t == a or not (b and c))',
    'any p in slices(data[4:], 20, 3) (p == a and every q in p.list[:] (q in 1..2))',
    'sum(list[:][0]) + len(data[:-20])',
    // Arguments of these names.
    'every not in 1..5',
    'any not in [a] and every in 1..2',
    'every and in in 1..2',
    'any or in == 1',
    'every in in..5',
  ])('%s needs its parentheses and no others', (expression) => {
    const text = `let X = ${expression}\n`
    expect(print(parse(text).writ)).toBe(text)
  })

  test('a rule that is too wide has its clauses and conjuncts on lines of their own', () => {
    const equal = (n: number) => `argument${n} == 0x222222222222222222222222222222222222222${n}`
    const text = `allow swap on X where ${[1, 2].map(equal).join(' and ')} budget 1 ETH/day`
    expect(print(parse(text).writ)).toBe(
      `allow swap on X\n  where ${equal(1)}\n    and ${equal(2)}\n  budget 1 ETH/day\n`,
    )
  })
})
