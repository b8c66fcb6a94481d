import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PolicyDeniedError } from '../../src/account/PolicyDeniedError.js'
import type { SessionAccount } from '../../src/account/session/SessionAccount.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { compiled } from '../contracts/harness/compiled.js'
import { hookConfig, hooksAbi } from '../contracts/harness/hooks.js'
import { deploy } from './harness/deploy.js'
import { deployPaymaster, sponsor } from './harness/paymaster.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'
const calls = [{ to: friend, value: 1n }] as const
const allow = `allow send on ${friend} budget 1 ETH/day`

describe.skipIf(anvilProgram() === undefined).each(['0.7', '0.8'] as const)(
  'a session account that is sponsored, EntryPoint %s',
  (version) => {
    let world: SessionWorld
    let paymaster: Address
    let account: SessionAccount

    beforeAll(async () => {
      world = await SessionWorld.start()
      paymaster = await deployPaymaster(world.anvil, { version })
      await sponsor(world.anvil, paymaster, world.account.address)
      account = await world.session(await world.grant(`fees sponsored by ${paymaster}\n${allow}`), {
        entryPoint: version,
      })
    })
    afterAll(() => world.stop())

    /** A paymaster service: fields for the estimate, and then for sending. */
    const service = () => {
      const fields = { paymaster, paymasterData: '0x1234' as Hex, paymasterPostOpGasLimit: 10_000n }
      return {
        getPaymasterStubData: async () => ({ ...fields, paymasterVerificationGasLimit: 100_000n }),
        getPaymasterData: async () => ({ ...fields, paymasterVerificationGasLimit: 100_000n }),
      }
    }

    test('the estimate runs with the sponsor, and the account pays nothing', async () => {
      const before = await world.client().getBalance({ address: world.account.address })
      const sent = await account.send(world.bundlerClient(account), { calls, paymaster: service() } as never)
      expect(sent.success).toBe(true)
      expect(await world.client().getBalance({ address: world.account.address })).toBe(before - 1n)
    })

    test('without the sponsor nothing is signed', async () => {
      const error = await account.send(world.bundlerClient(account), { calls }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(PolicyDeniedError)
      expect((error as PolicyDeniedError).denials).toMatchObject([{ code: 'paymaster-not-allowed' }])
    })
  },
)

describe.skipIf(anvilProgram() === undefined)('a session account whose validation has hooks of another module', () => {
  let world: SessionWorld
  let hooks: Address
  let account: SessionAccount

  beforeAll(async () => {
    world = await SessionWorld.start()
    hooks = await deploy(world.anvil, compiled('TestHooks'))
    const grant = await world.compile(`fees 0.01 ETH/day\n${allow}`)
    const on = [hookConfig(8, 'validation', '0x', hooks), hookConfig(9, 'around', '0x', hooks)]
    await world.account.install(world.module, 1, grant, on)
    await world.moveTo((await world.time()) + 10)
    account = await world.session(grant, { hooks: { execution: true, segments: [{ index: 0, data: '0xfeed' }] } })
  })
  afterAll(() => world.stop())

  const ran = async (entityId: number): Promise<bigint> => {
    const args = [entityId, world.account.address] as const
    const [asked] = await world.client().readContract({ address: hooks, abi: hooksAbi, functionName: 'records', args })
    return asked
  }

  test('goes through executeUserOp with a segment for each hook, and gas for them', async () => {
    expect(await account.encodeCalls(calls)).toMatch(/^0x8dd7712fb61d27f6/)
    expect(await account.send(world.bundlerClient(account), { calls })).toMatchObject({ success: true })
    expect([await ran(8), await ran(9)]).toEqual([1n, 2n])
  })

  test('and on the runtime path without the prefix', async () => {
    expect((await account.sendDirect(calls)).receipt.status).toBe('success')
    expect(await ran(8)).toBe(2n)
  })
})
