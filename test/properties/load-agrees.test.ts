import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encode } from '../../src/compiler/encode.js'
import { InvalidGrantError, load } from '../../src/evaluator/index.js'
import type { Hex } from '../../src/policy/Hex.js'
import { bindings } from '../arbitraries/binding.js'
import { policies } from '../arbitraries/policy.js'

/** What load says of the bytes: nothing, or the reason; it must throw nothing else. */
const refusal = (grant: Hex): InvalidGrantError | undefined => {
  try {
    load(grant)
    return undefined
  } catch (error) {
    if (error instanceof InvalidGrantError) return error
    throw error
  }
}

type Harm = { readonly kind: number; readonly at: number; readonly byte: number; readonly count: number }

const harms = fc.array(
  fc.record({
    kind: fc.nat({ max: 3 }),
    at: fc.nat(),
    byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 255)),
    count: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 2 },
)

const harm = (grant: Hex, { kind, at, byte, count }: Harm): Hex => {
  const bytes = Buffer.from(grant.slice(2), 'hex')
  const place = at % bytes.length
  const inserted = Buffer.alloc(count, byte)
  const parts = [
    [bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place + 1)],
    [bytes.subarray(0, place), Buffer.from([(bytes[place] ?? 0) ^ (1 << (byte % 8))]), bytes.subarray(place + 1)],
    [bytes.subarray(0, place), inserted, bytes.subarray(place)],
    [bytes.subarray(0, place), bytes.subarray(place + count)],
  ]
  return `0x${Buffer.concat(parts[kind] ?? []).toString('hex')}`
}

describe('load', () => {
  test('accepts and refuses the same bytes as decode, however a grant was harmed', () => {
    let accepted = 0
    fc.assert(
      fc.property(policies(), bindings(), fc.array(harms, { minLength: 20, maxLength: 20 }), (policy, binding, all) => {
        const grant = encode(policy, binding)
        expect(refusal(grant)).toBeUndefined()
        for (const some of all) {
          const harmed = some.reduce(harm, grant)
          const decoded = decode(harmed)
          const refused = refusal(harmed)
          if (decoded.ok) accepted++
          const told = `load: ${refused?.message ?? 'accepted'}; decode: ${decoded.ok ? 'accepted' : `${decoded.reason} at ${decoded.offset}`}; ${harmed}`
          expect(refused === undefined, told).toBe(decoded.ok)
        }
      }),
      { numRuns: 100, endOnFailure: true },
    )
    expect(accepted).toBeGreaterThan(0)
  })
})
