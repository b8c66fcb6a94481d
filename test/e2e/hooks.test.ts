import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Address } from '../../src/policy/Hex.js'
import { compiled } from '../contracts/harness/compiled.js'
import { hookConfig, hooksAbi } from '../contracts/harness/hooks.js'
import type { Session } from './harness/Account.js'
import { deploy } from './harness/deploy.js'
import { SwapWorld } from './harness/SwapWorld.js'
import { anvilProgram } from './harness/tools.js'
import { send } from './harness/uniswap.js'

const ether = 10n ** 18n
const included = { kind: 'included', success: true }
/** Entity ids of the hooks: before the validation, around the execution. */
const [before, around] = [8, 9]

describe.skipIf(anvilProgram() === undefined)(
  'a session on a validation with hooks of another module, on the real Uniswap',
  () => {
    let world: SwapWorld
    let hooks: Address
    let session: Session

    beforeAll(async () => {
      compiled('TestHooks')
      world = await SwapWorld.start()
      hooks = await deploy(world.anvil, compiled('TestHooks'))
      const on = [hookConfig(before, 'validation', '0x', hooks), hookConfig(around, 'around', '0x', hooks)]
      session = await world.grant({ hooks: on })
    }, 120_000)
    afterAll(() => world.stop())

    const tell = (entityId: number, answer: bigint, refuses: boolean): Promise<void> => {
      const args = [world.account.address, entityId, answer, refuses] as const
      return send(world.anvil, hooks, encodeFunctionData({ abi: hooksAbi, functionName: 'set', args }))
    }
    const ran = async (entityId: number): Promise<bigint> => {
      const args = [entityId, world.account.address] as const
      const [asked] = await world.anvil
        .client()
        .readContract({ address: hooks, abi: hooksAbi, functionName: 'records', args })
      return asked
    }
    const calls = (amount: bigint) => [world.approve(amount), world.swap(amount)]
    const shape = { prefixed: true, hooks: [{ index: 0, data: '0xfeed' }] } as const

    test('swaps behind the prefix of executeUserOp, and every hook runs', async () => {
      expect(await world.account.send(session, calls(2n * ether), [1, 0], shape)).toEqual(included)
      expect(await world.balance(world.uniswap.tokenA)).toBe(98n * ether)
      expect([await ran(before), await ran(around)]).toEqual([1n, 2n])
    })

    test('is refused by the account without the prefix', async () => {
      expect(await world.account.send(session, calls(ether), [1, 0])).toEqual({
        kind: 'refused',
        reason: 'AA23 reverted',
        error: 'ExecuteUserOpRequired',
      })
    })

    test('is refused by the policy behind the prefix just as without it', async () => {
      const thief: Address = '0x00000000000000000000000000000000000bad00'
      const stolen = await world.account.send(session, [world.swap(ether, thief)], [0], shape)
      expect(stolen).toMatchObject({ error: 'ConditionFailed' })
      expect(await world.account.send(session, [world.swap(9n * ether)], [0], shape)).toMatchObject({
        error: 'MeterExceeded',
      })
    })

    test('is refused where the hook refuses, or says that the time is over', async () => {
      await tell(before, 0n, true)
      expect(await world.account.send(session, calls(ether), [1, 0], shape)).toMatchObject({ reason: 'AA23 reverted' })
      const { timestamp } = await world.anvil.client().getBlock()
      await tell(before, (timestamp - 1n) << 160n, false)
      expect(await world.account.send(session, calls(ether), [1, 0], shape)).toMatchObject({
        reason: 'AA22 expired or not due',
      })
      await tell(before, (timestamp + 3_600n) << 160n, false)
      expect(await world.account.send(session, calls(ether), [1, 0], shape)).toEqual(included)
    })

    test('is bound by the hooks when its key calls directly', async () => {
      const segment = { hooks: shape.hooks }
      await tell(around, 0n, true)
      expect(await world.account.direct(session, calls(ether), [1, 0], segment)).toMatchObject({ kind: 'refused' })
      await tell(around, 0n, false)
      expect(await world.account.direct(session, calls(ether), [1, 0], segment)).toEqual(included)
    })

    test('is charged, and swaps nothing, where the hook around the execution refuses', async () => {
      const held = await world.balance(world.uniswap.tokenA)
      await tell(around, 0n, true)
      expect(await world.account.send(session, calls(6n * ether), [1, 0], shape)).toEqual({
        kind: 'included',
        success: false,
      })
      await tell(around, 0n, false)
      expect(await world.balance(world.uniswap.tokenA)).toBe(held)
      expect(await world.account.send(session, calls(ether), [1, 0], shape)).toMatchObject({ error: 'MeterExceeded' })
    })
  },
)
