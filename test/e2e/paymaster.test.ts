import { concat, numberToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { compiled } from '../contracts/harness/compiled.js'
import type { Session } from './harness/Account.js'
import { deployPaymaster, paidBy, sponsor } from './harness/paymaster.js'
import { SwapWorld } from './harness/SwapWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n

describe.skipIf(anvilProgram() === undefined)(
  'a session whose fees a paymaster pays, swapping on the real Uniswap',
  () => {
    let world: SwapWorld
    let session: Session
    let paymaster: Address
    let other: Address

    beforeAll(async () => {
      compiled('TestPaymaster')
      world = await SwapWorld.start()
      paymaster = await deployPaymaster(world.anvil)
      other = await deployPaymaster(world.anvil)
      for (const each of [paymaster, other]) await sponsor(world.anvil, each, world.account.address)
      session = await world.grant({ fees: `fees sponsored by ${paymaster}` })
    }, 120_000)
    afterAll(() => world.stop())

    const swap = (paymasterAndData: Hex) => {
      const calls = [world.approve(ether), world.swap(ether)]
      return world.account.send(session, calls, [1, 0], { paymasterAndData })
    }
    const ethers = () => world.anvil.client().getBalance({ address: world.account.address })

    test('works with that paymaster, and the account pays nothing', async () => {
      const before = await ethers()
      expect(await swap(paidBy(paymaster))).toEqual({ kind: 'included', success: true })
      expect(await world.balance(world.uniswap.tokenA)).toBe(99n * ether)
      expect(await ethers()).toBe(before)
    })

    test.each<[string, () => Hex]>([
      ['another paymaster, though it would pay', () => paidBy(other)],
      ['no paymaster, so that the account would pay', () => '0x'],
      ['52 zero bytes, which EntryPoint 0.7 takes for no paymaster', () => `0x${'00'.repeat(52)}`],
      ['a paymaster of zeros with data', () => concat([`0x${'00'.repeat(20)}`, numberToHex(1, { size: 32 }), '0x01'])],
    ])('is refused with %s', async (_, paymasterAndData) => {
      const before = [await ethers(), await world.balance(world.uniswap.tokenA)]
      expect(await swap(paymasterAndData())).toEqual({
        kind: 'refused',
        reason: 'AA23 reverted',
        error: 'PaymasterNotAllowed',
      })
      expect([await ethers(), await world.balance(world.uniswap.tokenA)]).toEqual(before)
    })

    test('is refused by the paymaster itself where it does not pay for this account', async () => {
      const poor = await deployPaymaster(world.anvil)
      const sponsored = await world.grant({ entityId: 2, fees: `fees sponsored by ${poor}` })
      const calls = [world.approve(ether)]
      expect(await world.account.send(sponsored, calls, [1], { paymasterAndData: paidBy(poor) })).toMatchObject({
        kind: 'refused',
        reason: 'AA33 reverted',
      })
    })

    test('with fees that the account pays, no paymaster may come in, not even a zero one', async () => {
      const paying = await world.grant({ entityId: 3 })
      const calls = [world.approve(ether)]
      for (const paymasterAndData of [paidBy(paymaster), `0x${'00'.repeat(52)}`] as const)
        expect(await world.account.send(paying, calls, [1], { paymasterAndData })).toMatchObject({
          error: 'PaymasterNotAllowed',
        })
      expect(await world.account.send(paying, calls, [1])).toEqual({ kind: 'included', success: true })
    })

    test('with `or sponsored by`, either way works, and only the account’s own is counted', async () => {
      const either = await world.grant({ entityId: 4, fees: `fees 0.1 ETH/day or sponsored by ${paymaster}` })
      const calls = [world.approve(ether)]
      const before = await ethers()
      expect(await world.account.send(either, calls, [1], { paymasterAndData: paidBy(paymaster) })).toEqual({
        kind: 'included',
        success: true,
      })
      expect(await ethers()).toBe(before)
      expect(await world.account.send(either, calls, [1])).toEqual({ kind: 'included', success: true })
      expect(await world.account.send(either, calls, [1], { paymasterAndData: paidBy(other) })).toMatchObject({
        error: 'PaymasterNotAllowed',
      })
    })
  },
)
