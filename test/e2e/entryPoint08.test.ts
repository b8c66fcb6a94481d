import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Session } from './harness/Account.js'
import { deployPaymaster, paidBy, sponsor } from './harness/paymaster.js'
import { SwapWorld } from './harness/SwapWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n
const entryPoint = '0.8'

describe.skipIf(anvilProgram() === undefined)('a session through EntryPoint 0.8, on the real Uniswap', () => {
  let world: SwapWorld
  let session: Session

  beforeAll(async () => {
    world = await SwapWorld.start()
    session = await world.grant()
    // EntryPoint 0.8 includes nothing in the very second in which a session begins.
    await world.anvil.client().increaseTime({ seconds: 2 })
    await world.anvil.client().mine({ blocks: 1 })
  }, 120_000)
  afterAll(() => world.stop())

  test('approves and swaps in one batch, within its budget and not beyond', async () => {
    const { account } = world
    const calls = [world.approve(), world.swap(6n * ether)]
    expect(await account.send(session, calls, [1, 0], { entryPoint })).toEqual({ kind: 'included', success: true })
    expect(await world.balance(world.uniswap.tokenA)).toBe(94n * ether)
    expect(await account.send(session, [world.swap(4n * ether + 1n)], [0], { entryPoint })).toEqual({
      kind: 'refused',
      reason: 'AA23 reverted',
      error: 'MeterExceeded',
    })
  })

  test('shares its budget with operations through EntryPoint 0.7', async () => {
    const { account } = world
    expect(await account.send(session, [world.swap(3n * ether)], [0])).toEqual({ kind: 'included', success: true })
    expect(await account.send(session, [world.swap(ether + 1n)], [0], { entryPoint })).toMatchObject({
      error: 'MeterExceeded',
    })
    expect(await account.send(session, [world.swap(ether)], [0], { entryPoint })).toEqual({
      kind: 'included',
      success: true,
    })
  })

  test('an operation that was signed for one EntryPoint is none for the other', async () => {
    const { account } = world
    const calls = [world.approve(0n)]
    const signed = await account.sign(session, calls, [1])
    expect(await account.bundle(signed, entryPoint)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/AA2[45]/) as string,
    })
    const nonce = (await account.sign(session, calls, [1], { entryPoint })).nonce
    expect(await account.bundle({ ...signed, nonce }, entryPoint)).toMatchObject({ reason: 'AA24 signature error' })
    expect(await account.bundle(signed)).toEqual({ kind: 'included', success: true })
  })

  test('waits for the next window, and begins it no earlier than the window does', async () => {
    const { account, anvil } = world
    const { timestamp } = await anvil.client().getBlock()
    const claimed = Number(timestamp) + 86_400
    const early = await account.sign(session, [world.approve(ether)], [1], { entryPoint, time: claimed })
    expect(await account.bundle(early, entryPoint)).toMatchObject({ reason: 'AA22 expired or not due' })
    await anvil.client().increaseTime({ seconds: 86_400 })
    await anvil.client().mine({ blocks: 1 })
    const calls = [world.approve(ether), world.swap(ether)]
    expect(await account.send(session, calls, [1, 0], { entryPoint })).toEqual({ kind: 'included', success: true })
  })

  test('is sponsored there too', async () => {
    const { account, anvil } = world
    const paymaster = await deployPaymaster(anvil, { version: entryPoint })
    await sponsor(anvil, paymaster, account.address)
    const sponsored = await world.grant({ entityId: 2, fees: `fees sponsored by ${paymaster}` })
    await world.anvil.client().increaseTime({ seconds: 2 })
    await world.anvil.client().mine({ blocks: 1 })
    const calls = [world.approve(ether)]
    const paymasterAndData = paidBy(paymaster)
    expect(await account.send(sponsored, calls, [1], { entryPoint, paymasterAndData })).toEqual({
      kind: 'included',
      success: true,
    })
    expect(
      await account.send(sponsored, calls, [1], { entryPoint, paymasterAndData: `0x${'00'.repeat(52)}` }),
    ).toMatchObject({ kind: 'refused' })
  })

  test('the owner’s own operation goes through it as well', async () => {
    const { account } = world
    const op = await account.signAsOwner(executeCalldata([world.approve(5n)]), { entryPoint })
    expect(await account.bundle(op, entryPoint)).toEqual({ kind: 'included', success: true })
  })
})
