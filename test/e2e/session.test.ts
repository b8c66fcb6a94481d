import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryPointVersion } from '../../src/account/AccountKind.js'
import { PolicyDeniedError } from '../../src/account/PolicyDeniedError.js'
import type { SessionAccount } from '../../src/account/session/SessionAccount.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n
const friend: Address = '0xa11ce00000000000000000000000000000000001'
const stranger: Address = '0x00000000000000000000000000000000000bad00'

describe.skipIf(anvilProgram() === undefined).each(['0.7', '0.8'] as const)(
  'a session account with viem’s bundler client, EntryPoint %s',
  (entryPoint: EntryPointVersion) => {
    let world: SessionWorld
    let grant: Hex
    let account: SessionAccount

    beforeAll(async () => {
      world = await SessionWorld.start()
      grant = await world.grant(`fees 0.01 ETH/day\nallow send on ${friend} budget 1 ETH/day`)
      account = await world.session(grant, { entryPoint })
    })
    afterAll(() => world.stop())

    const pay = (value: bigint, to: Address = friend) =>
      world.bundlerClient(account).sendUserOperation({ calls: [{ to, value }] })

    test('an operation that the writ allows is included', async () => {
      const hash = await pay(ether / 4n)
      const { success } = await world.bundlerClient(account).waitForUserOperationReceipt({ hash })
      expect(success).toBe(true)
      expect(await world.client().getBalance({ address: friend })).toBe(ether / 4n)
    })

    test('one that it does not allow is never signed, and says why as data', async () => {
      const error = await pay(ether, stranger).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(PolicyDeniedError)
      expect((error as PolicyDeniedError).denials).toMatchObject([{ code: 'no-rule', callIndex: 0 }])
    })
  },
)
