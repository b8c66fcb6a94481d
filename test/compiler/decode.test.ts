import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { bindings } from '../arbitraries/binding.js'
import { policies, widePolicies } from '../arbitraries/policy.js'
import { SIZE, type Size } from '../arbitraries/Source.js'

const inputs = (size: Size = SIZE.medium): fc.Arbitrary<readonly [Policy, Binding]> =>
  fc.tuple(policies(size), bindings())

/** The bytes after one change; never the same bytes. */
type Change = {
  readonly kind: 'flip' | 'set' | 'insert' | 'delete' | 'repeat' | 'cut'
  readonly at: number
  readonly byte: number
}

const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'set', 'insert', 'delete', 'repeat', 'cut'),
  at: fc.nat({ max: 100_000 }),
  byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 2, 255)),
})

const changed = (grant: Hex, { kind, at, byte }: Change): Hex => {
  const bytes = Array.from({ length: grant.length / 2 - 1 }, (_, i) => parseInt(grant.slice(2 + 2 * i, 4 + 2 * i), 16))
  const index = at % bytes.length
  switch (kind) {
    case 'flip':
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (byte % 8))
      break
    case 'set':
      bytes[index] = byte
      break
    case 'insert':
      bytes.splice(index, 0, byte)
      break
    case 'delete':
      bytes.splice(index, 1)
      break
    case 'repeat':
      bytes.splice(index, 0, ...bytes.slice(index, index + 1 + (byte % 40)))
      break
    case 'cut':
      bytes.splice(index)
      break
    default:
      return kind satisfies never
  }
  return `0x${bytes.map((b) => b.toString(16).padStart(2, '0')).join('')}`
}

describe('decode', () => {
  it('gives back what encode was given', () => {
    fc.assert(
      fc.property(inputs(), ([policy, binding]) => {
        expect(encodable(policy)).toEqual([])
        expect(decode(encode(policy, binding))).toStrictEqual({ ok: true, policy, binding })
      }),
      { numRuns: 300 },
    )
  })

  it('gives back policies that no writ says', () => {
    fc.assert(
      fc.property(fc.tuple(widePolicies(), bindings()), ([policy, binding]) => {
        expect(encodable(policy)).toEqual([])
        expect(decode(encode(policy, binding))).toStrictEqual({ ok: true, policy, binding })
      }),
      { numRuns: 300 },
    )
  })

  it('gives back a policy of many rules and deep conditions', () => {
    fc.assert(
      fc.property(inputs(SIZE.large), ([policy, binding]) => {
        expect(decode(encode(policy, binding))).toStrictEqual({ ok: true, policy, binding })
      }),
      { numRuns: 20 },
    )
  })

  it('rejects changed bytes, or they are the one form of another policy', () => {
    let rejected = 0
    let accepted = 0
    fc.assert(
      fc.property(inputs(), fc.array(changes, { minLength: 60, maxLength: 60 }), ([policy, binding], list) => {
        const grant = encode(policy, binding)
        for (const change of list) {
          const other = changed(grant, change)
          const result = decode(other)
          if (!result.ok) {
            if (other !== grant) rejected += 1
            expect(result.offset).toBeGreaterThanOrEqual(0)
            expect(result.offset).toBeLessThanOrEqual(other.length / 2 - 1)
            expect(other).not.toBe(grant)
            continue
          }
          if (other !== grant) accepted += 1
          expect(encode(result.policy, result.binding)).toBe(other)
          if (other !== grant) expect(result).not.toEqual({ ok: true, policy, binding })
        }
      }),
      { numRuns: 100 },
    )
    // Both happen, else the property says nothing.
    expect(rejected).toBeGreaterThan(1000)
    expect(accepted).toBeGreaterThan(100)
  })

  it('answers to any bytes and any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => `01${Buffer.from(bytes).toString('hex')}`),
          fc.string(),
        ),
        (text) => {
          expect(decode(`0x${text}`).ok).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
    for (const text of ['', '0', '0x', '0x0', '0xg0', '0x02', '0x01'] as Hex[]) expect(decode(text).ok).toBe(false)
  })

  it('reads upper-case digits as the bytes they are', () => {
    fc.assert(
      fc.property(inputs(SIZE.small), ([policy, binding]) => {
        const upper: Hex = `0x${encode(policy, binding).slice(2).toUpperCase()}`
        expect(decode(upper)).toStrictEqual({ ok: true, policy, binding })
      }),
      { numRuns: 20 },
    )
  })
})
