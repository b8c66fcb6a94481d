import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { canonical } from '../../src/compiler/canonical.js'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import { format } from '../../src/dsl/format.js'
import type { Policy } from '../../src/policy/Policy.js'
import { BINDING } from '../compiler/samples.js'
import { policies } from '../arbitraries/policy.js'
import { SIZE } from '../arbitraries/Source.js'

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
    fc.assert(fc.property(policies(), roundTrip), { numRuns: 200 })
  })

  it('means a policy of many rules again', () => {
    fc.assert(fc.property(policies(SIZE.large), roundTrip), { numRuns: 10 })
  })

  it('is laid out as fmt lays it out', () => {
    fc.assert(
      fc.property(policies(), (policy) => {
        expect(format(canonical(policy))).toBe(canonical(policy))
      }),
      { numRuns: 200 },
    )
  })

  const folder = new URL('../../policies/', import.meta.url)
  it.each(readdirSync(folder).filter((name) => name.endsWith('.writ')))('and the bytes mean %s again', (name) => {
    const readFile = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
    const { policy, diagnostics } = checkWrit(readFile(name), { readFile })
    if (policy === undefined) throw new Error(`${name}: ${diagnostics[0]?.message}`)
    roundTrip(policy)
    expect(encodable(policy)).toEqual([])
    expect(decode(encode(policy, BINDING))).toStrictEqual({ ok: true, policy, binding: BINDING })
  })
})
