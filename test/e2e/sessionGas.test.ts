import { BaseError, encodeFunctionData } from 'viem'
import { entryPoint07Abi, toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryPoints } from '../../src/account/entryPoints.js'
import type { SessionAccount } from '../../src/account/session/SessionAccount.js'
import type { Address } from '../../src/policy/Hex.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'
const calls = (count: number) => Array.from({ length: count }, () => ({ to: friend, value: 1n }))

describe.skipIf(anvilProgram() === undefined).each(['0.7', '0.8'] as const)(
  'the gas limits that a session account asks for, EntryPoint %s',
  (version) => {
    let world: SessionWorld
    let account: SessionAccount

    beforeAll(async () => {
      world = await SessionWorld.start()
      const grant = await world.grant(`fees 0.01 ETH/day\nallow send on ${friend} budget 1 ETH/day`)
      account = await world.session(grant, { entryPoint: version, gasMarginPercent: 0, lanes: 1 })
    })
    afterAll(() => world.stop())

    /** What the EntryPoint says of the operation signed with these limits. */
    async function outcome(prepared: UserOperation, limits: Partial<UserOperation>): Promise<string> {
      const operation = { ...prepared, ...limits } as UserOperation
      const signature = await account.signUserOperation(operation)
      const packed = toPackedUserOperation({ ...operation, signature })
      const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args: [[packed], friend] })
      const { address: to } = entryPoints[version]
      return world
        .client()
        .call({ account: world.bundler.executor, to, data })
        .then(
          () => 'passes',
          (error: unknown) => (error instanceof BaseError ? error.details + error.message : String(error)),
        )
    }

    test.each([
      ['the first operation of a lane', 1],
      ['a later one', 1],
      ['a batch of five', 5],
    ])('%s passes with exactly what was asked for, which is at most 3 % more than it needs', async (_, count) => {
      const bundler = world.bundlerClient(account)
      const prepared = (await bundler.prepareUserOperation({ calls: calls(count) })) as unknown as UserOperation
      expect(await outcome(prepared, {})).toBe('passes')
      const least = async (): Promise<bigint> => {
        let [low, high] = [0n, prepared.verificationGasLimit]
        while (high - low > 100n) {
          const middle = (low + high) / 2n
          if ((await outcome(prepared, { verificationGasLimit: middle })) === 'passes') high = middle
          else low = middle
        }
        return high
      }
      const needed = await least()
      expect(prepared.verificationGasLimit).toBeLessThan((needed * 103n) / 100n)
      const { success } = await account.send(bundler, { calls: calls(count) })
      expect(success).toBe(true)
    })
  },
)
