import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { canonical } from '../../src/compiler/canonical.js'
import type { Policy } from '../../src/policy/Policy.js'
import { policies } from '../arbitraries/policy.js'

const roundTrip = (policy: Policy): void => {
  const text = canonical(policy)
  const { policy: again, open, diagnostics } = checkWrit(text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors, text).toEqual([])
  expect(open).toEqual([])
  expect(again, text).toStrictEqual(policy)
}

describe('the canonical text of a policy', () => {
  it('means the policy again', () => {
    fc.assert(fc.property(policies(), roundTrip), { numRuns: 300 })
  })
})
