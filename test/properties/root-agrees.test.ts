import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { bindings } from '../arbitraries/binding.js'
import { policies } from '../arbitraries/policy.js'
import { Chain } from '../contracts/harness/Chain.js'

describe('the module and the compiler give one grant one root', () => {
  let chain: Chain
  beforeAll(async () => {
    chain = await Chain.create()
  })

  test('for every policy and binding', async () => {
    await fc.assert(
      fc.asyncProperty(policies(), bindings(), async (policy, binding) => {
        const grant = encode(policy, binding)
        const { value, error, args } = await chain.ask('rootOf', [grant])
        expect([error, args, value]).toEqual([undefined, undefined, rootOf(grant)])
      }),
      { numRuns: 100, endOnFailure: true },
    )
  })
})
