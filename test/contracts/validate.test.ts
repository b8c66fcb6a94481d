import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { ALICE, BOB, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { Chain, unpack } from './harness/Chain.js'
import { binding, DAY, FROM, transferPolicy } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

const grant = encode(transferPolicy, binding)

describe('a granted transfer', () => {
  test('is allowed, within the day of its meters, under the root that the compiler gave', async () => {
    const chain = await Chain.create()
    expect(await chain.begin(grant)).toBe(rootOf(grant))
    const { value } = await chain.validate({
      callData: execute(transferOf(USDC, ALICE, 60_000_000n)),
      witness: witnessFor(grant, FROM + 10, [0]),
    })
    expect(unpack(value)).toEqual({ authorizer: 0n, validAfter: FROM, validUntil: FROM + DAY - 1 })
  })

  test('counts: what is left of the budget is less', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    const spend = (amount: bigint, to = ALICE) =>
      chain.validate({
        callData: execute(transferOf(USDC, to, amount)),
        witness: witnessFor(grant, FROM + 10, [0]),
      })
    expect((await spend(60_000_000n)).error).toBeUndefined()
    expect(await spend(40_000_001n)).toMatchObject({ error: 'MeterExceeded', args: [1n, 40_000_001n, 40_000_000n] })
    expect((await spend(40_000_000n)).error).toBeUndefined()
    expect(await spend(0n, BOB)).toMatchObject({ error: 'ConditionFailed', args: [0n, 0n] })
  })
})
