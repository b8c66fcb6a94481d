import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Session } from './harness/Account.js'
import { SwapWorld } from './harness/SwapWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n
const included = { kind: 'included', success: true }
const refused = (error: string) => ({ kind: 'refused', reason: 'reverted', error })

describe.skipIf(anvilProgram() === undefined)('a session by plain transactions of its key, on the real Uniswap', () => {
  let world: SwapWorld
  let session: Session

  beforeAll(async () => {
    world = await SwapWorld.start()
    session = await world.grant()
  }, 120_000)
  afterAll(() => world.stop())

  test('approves and swaps in one batch; the key pays the gas', async () => {
    const { account, anvil } = world
    const before = await anvil.client().getBalance({ address: account.address })
    expect(await account.direct(session, [world.approve(), world.swap(6n * ether)], [1, 0])).toEqual(included)
    expect(await world.balance(world.uniswap.tokenA)).toBe(94n * ether)
    expect(await world.balance(world.uniswap.tokenB)).toBeGreaterThan((6n * ether * 9n) / 10n)
    expect(await anvil.client().getBalance({ address: account.address })).toBe(before)
  })

  test('is bound by the same budget as its operations', async () => {
    const { account } = world
    expect(await account.send(session, [world.swap(3n * ether)], [0])).toEqual(included)
    expect(await account.direct(session, [world.swap(ether + 1n)], [0])).toEqual(refused('MeterExceeded'))
    expect(await account.direct(session, [world.swap(ether)], [0])).toEqual(included)
    expect(await account.send(session, [world.swap(ether)], [0])).toMatchObject({ error: 'MeterExceeded' })
  })

  test('is bound by the same conditions', async () => {
    const thief: Address = '0x00000000000000000000000000000000000bad00'
    expect(await world.account.direct(session, [world.swap(ether, thief)], [0])).toEqual(refused('ConditionFailed'))
    const stranger = { to: thief, value: 1n, data: '0x' } as const
    expect(await world.account.direct(session, [stranger], [0])).toEqual(refused('NoRule'))
  })

  test('is of use to nobody but the key, and carries no value', async () => {
    const { account } = world
    const calls = [world.approve(0n)]
    for (const from of [1, 6, 11])
      expect(await account.direct(session, calls, [1], { from })).toEqual(refused('NotTheKey'))
    expect(await account.direct(session, calls, [1], { value: 1n })).toEqual(refused('ValueSent'))
  })

  test('has a new budget in the next window', async () => {
    const { account, anvil } = world
    await anvil.client().increaseTime({ seconds: 86_400 })
    await anvil.client().mine({ blocks: 1 })
    expect(await account.direct(session, [world.approve(), world.swap(10n * ether)], [1, 0])).toEqual(included)
    expect(await account.direct(session, [world.swap(ether)], [0])).toEqual(refused('MeterExceeded'))
  })

  test('ends with the session', async () => {
    const { account, module } = world
    const revoke = calldata.revoke(rootOf(session.grant))
    await account.asOwner(executeCalldata([{ to: module, value: 0n, data: revoke }]))
    expect(await account.direct(session, [world.approve(0n)], [1])).toEqual(refused('SessionNotActive'))
  })
})
