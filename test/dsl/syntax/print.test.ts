import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from '../../../src/dsl/parse.js'
import { print } from '../../../src/dsl/print.js'
import { arbitraryWrit } from './arbitraryWrit.js'
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
})
