import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Session } from './harness/Account.js'
import { SwapWorld } from './harness/SwapWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n
const included = { kind: 'included', success: true }

describe.skipIf(anvilProgram() === undefined)('two sessions at once on one account, on the real Uniswap', () => {
  let world: SwapWorld
  let first: Session
  let second: Session

  beforeAll(async () => {
    world = await SwapWorld.start()
    first = await world.grant({ entityId: 1, key: 5, perDay: 10 })
    second = await world.grant({ entityId: 2, key: 6, perDay: 4 })
  }, 120_000)
  afterAll(() => world.stop())

  test('each has its own budget, which the other does not use up', async () => {
    const { account } = world
    expect(await account.send(first, [world.approve(), world.swap(6n * ether)], [1, 0])).toEqual(included)
    expect(await account.send(second, [world.approve(4n * ether), world.swap(4n * ether)], [1, 0])).toEqual(included)
    expect(await account.send(second, [world.swap(ether)], [0])).toMatchObject({ error: 'MeterExceeded' })
    const owners = executeCalldata([world.approve(10n * ether)])
    await account.asOwner(owners)
    expect(await account.send(first, [world.swap(4n * ether)], [0])).toEqual(included)
    expect(await account.send(first, [world.swap(ether)], [0])).toMatchObject({ error: 'MeterExceeded' })
  })

  test('operations of both, signed before either was included, are both included', async () => {
    const { account } = world
    await world.anvil.client().increaseTime({ seconds: 86_400 })
    await world.anvil.client().mine({ blocks: 1 })
    const ops = [
      await account.sign(first, [world.swap(ether)], [0]),
      await account.sign(second, [world.swap(ether)], [0]),
    ]
    for (const op of ops) expect(await account.bundle(op)).toEqual(included)
  })

  test('neither key serves for the other session, nor one session’s proof under the other entity id', async () => {
    const { account } = world
    const calls = [world.swap(ether)]
    expect(await account.send({ ...first, key: second.key }, calls, [0])).toMatchObject({
      reason: 'AA24 signature error',
    })
    expect(await account.send({ ...first, entityId: 2 }, calls, [0])).toMatchObject({ reason: 'AA23 reverted' })
    expect(await account.send({ ...first, entityId: 2, key: second.key }, calls, [0])).toMatchObject({
      reason: 'AA23 reverted',
    })
  })

  test('one is revoked, and the other goes on; then all are', async () => {
    const { account, module } = world
    const revoke = calldata.revoke(rootOf(first.grant))
    await account.asOwner(executeCalldata([{ to: module, value: 0n, data: revoke }]))
    expect(await account.send(first, [world.swap(ether)], [0])).toMatchObject({ error: 'SessionNotActive' })
    expect(await account.send(second, [world.swap(ether)], [0])).toEqual(included)
    await account.asOwner(executeCalldata([{ to: module, value: 0n, data: calldata.revokeAll() }]))
    expect(await account.send(second, [world.swap(ether)], [0])).toMatchObject({ error: 'SessionNotActive' })
  })
})
