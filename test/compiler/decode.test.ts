import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import { bindings } from '../arbitraries/binding.js'
import { policies } from '../arbitraries/policy.js'
import { SIZE } from '../arbitraries/Source.js'

const grants = (size = SIZE.medium) => fc.tuple(policies(size), bindings())

describe('decode', () => {
  it('gives back what encode was given', () => {
    fc.assert(
      fc.property(grants(), ([policy, binding]) => {
        expect(encodable(policy)).toEqual([])
        expect(decode(encode(policy, binding))).toEqual({ ok: true, policy, binding })
      }),
      { numRuns: 300 },
    )
  })
})
