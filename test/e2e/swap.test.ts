import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Session } from './harness/Account.js'
import { SwapWorld } from './harness/SwapWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)(
  'a session on a real node, with the real EntryPoint and the real Uniswap',
  () => {
    let world: SwapWorld
    let session: Session

    beforeAll(async () => {
      world = await SwapWorld.start()
      session = await world.grant()
    }, 60_000)

    afterAll(() => world.stop())

    test('the agent approves and swaps in one batch, and what it bought is the account’s', async () => {
      const sent = await world.account.send(session, [world.approve(), world.swap(6n * ether)], [1, 0])
      expect(sent).toEqual({ kind: 'included', success: true })
      expect(await world.balance(world.uniswap.tokenA)).toBe(94n * ether)
      expect(await world.balance(world.uniswap.tokenB)).toBeGreaterThan((6n * ether * 9n) / 10n)
    })

    test('a swap to somebody else is refused in validation', async () => {
      const thief: Address = '0x00000000000000000000000000000000000bad00'
      const sent = await world.account.send(session, [world.swap(ether, thief)], [0])
      expect(sent).toEqual({ kind: 'refused', reason: 'AA23 reverted', error: 'ConditionFailed' })
    })

    test('a swap beyond the day’s budget is refused, the rest of it is not', async () => {
      const { account } = world
      const beyond = await account.send(session, [world.swap(4n * ether + 1n)], [0])
      expect(beyond).toEqual({ kind: 'refused', reason: 'AA23 reverted', error: 'MeterExceeded' })
      expect(await account.send(session, [world.swap(4n * ether)], [0])).toEqual({ kind: 'included', success: true })
      expect(await account.send(session, [world.swap(1n)], [0])).toMatchObject({ error: 'MeterExceeded' })
    })

    test('a day later there is a new budget', async () => {
      const client = world.anvil.client()
      await client.increaseTime({ seconds: 86_400 })
      await client.mine({ blocks: 1 })
      expect(await world.account.send(session, [world.approve(), world.swap(ether)], [1, 0])).toEqual({
        kind: 'included',
        success: true,
      })
    })

    test('revoked is revoked, and the same grant does not revive it', async () => {
      const { account, module } = world
      const call = (data: Hex): Hex => executeCalldata([{ to: module, value: 0n, data }])
      await account.asOwner(call(calldata.revoke(rootOf(session.grant))))
      expect(await account.send(session, [world.swap(ether)], [0])).toMatchObject({ error: 'SessionNotActive' })
      await expect(account.asOwner(call(calldata.grant(session.grant)))).rejects.toThrow()
      expect(await account.send(session, [world.swap(ether)], [0])).toMatchObject({ error: 'SessionNotActive' })
    })
  },
)
