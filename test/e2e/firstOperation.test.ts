import { encodeFunctionData, parseAbi } from 'viem'
import type { UserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryPointVersion } from '../../src/account/AccountKind.js'
import { ChainFault } from '../../src/account/ChainFault.js'
import { findSessions } from '../../src/account/readers/findSessions.js'
import type { SessionAccount } from '../../src/account/session/SessionAccount.js'
import { activation } from '../../src/compiler/activation.js'
import * as calldata from '../../src/compiler/calldata.js'
import { rootOf } from '../../src/compiler/root.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { deploy } from './harness/deploy.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n
const friend: Address = '0xa11ce00000000000000000000000000000000001'
const text = `fees 0.01 ETH/day\nallow send on ${friend} budget 1 ETH/day`
const pay = (value = 1n) => [{ to: friend, value }]
const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
const moduleAbi = parseAbi([
  'function activate(bytes data, bytes signature)',
  'function pin(address account, address token)',
  'function sessionWords(address account, bytes32 root, uint256 first, uint256 count) view returns (bytes32[])',
])

describe.skipIf(anvilProgram() === undefined).each(['0.7', '0.8'] as const)(
  'a session that its own first operation puts into force, EntryPoint %s',
  { timeout: 60_000 },
  (entryPoint: EntryPointVersion) => {
    let world: SessionWorld
    let entityId = 0

    beforeAll(async () => {
      world = await SessionWorld.start({ bundler: { mostOfSender: 2 } })
    }, 60_000)
    afterAll(() => world.stop())

    const signed = async (words = text) => {
      const made = await world.signed(words, { entityId: ++entityId })
      const session = await world.session(made.grant, { entryPoint, activation: made.activation })
      return { ...made, entityId, session, signature: made.activation.signature }
    }
    const bundler = (account: SessionAccount) => world.bundlerClient(account)
    const statusOf = async (grant: Hex): Promise<bigint> => {
      const args = [world.account.address, rootOf(grant), 0n, 1n] as const
      const request = { address: world.module, abi: moduleAbi, functionName: 'sessionWords', args } as const
      const [word = '0x0'] = await world.client().readContract(request)
      return BigInt(word) >> 254n
    }
    const transact = (data: Hex) => world.account.transact(7, world.module, data)
    const grantsOf = async (grant: Hex) => {
      const where = { module: world.module, account: world.account.address }
      return (await findSessions(world.client(), where)).sessions.filter(({ root }) => root === rootOf(grant))
    }

    test('works at once, with no transaction by anyone before; the operations after it carry nothing', async () => {
      const { session, grant } = await signed()
      expect(await statusOf(grant)).toBe(0n)
      const first = await session.send(bundler(session), { calls: pay() })
      expect(first).toMatchObject({ success: true, signatures: 1 })
      expect(await statusOf(grant)).toBe(1n)
      expect(await grantsOf(grant)).toHaveLength(1)
      const second = await session.send(bundler(session), { calls: pay() })
      expect(second).toMatchObject({ success: true, signatures: 1 })
      // The second one prints, recovers and stores nothing new.
      expect(second.actualGasCost * 2n).toBeLessThan(first.actualGasCost)
      const { input } = await world.client().getTransaction({ hash: second.transactionHash })
      expect(input).not.toContain(grant.slice(2))
    })

    test('needs the decimals of its tokens to be pinned, and says so before', async () => {
      const token = await deploy(world.anvil, contractArtifact('TestToken') as never, ['USD Coin', 'USDC', 6])
      const { session, grant } = await signed(
        `fees 0.01 ETH/day\ntoken USDC = ${token} decimals 6\nallow transfer on USDC where to == ${friend} budget 5 USDC/day`,
      )
      const data = encodeFunctionData({
        abi: parseAbi(['function transfer(address to, uint256 amount)', 'function mint(address to, uint256 amount)']),
        functionName: 'transfer',
        args: [friend, 5n],
      })
      const calls = [{ to: token, data }]
      const fault = await faultOf(session.send(bundler(session), { calls }))
      expect(fault).toBeInstanceOf(ChainFault)
      expect(fault).toMatchObject({ code: 'activation-refused', message: /does not know the decimals of USDC/ })
      const args = [world.account.address, token] as const
      await transact(encodeFunctionData({ abi: moduleAbi, functionName: 'pin', args }))
      await world.account.transact(
        7,
        token,
        encodeFunctionData({
          abi: parseAbi(['function mint(address to, uint256 amount)']),
          functionName: 'mint',
          args: [world.account.address, 5n],
        }),
      )
      expect(await session.send(bundler(session), { calls })).toMatchObject({ success: true })
      expect(await statusOf(grant)).toBe(1n)
    })

    test('two operations in one bundle both carry it: the first puts it into force, the second skips it', async () => {
      const { session, grant } = await signed()
      world.bundler.fault = { kind: 'hold' }
      const hashes: Hex[] = []
      for (const value of [ether / 2n, ether / 4n])
        hashes.push(await bundler(session).sendUserOperation({ calls: pay(value) }))
      const before = await world.client().getBalance({ address: friend })
      world.bundler.fault = undefined
      const receipts = []
      for (const hash of hashes) receipts.push(await bundler(session).waitForUserOperationReceipt({ hash }))
      expect(receipts.map(({ success }) => success)).toEqual([true, true])
      expect(new Set(receipts.map(({ receipt }) => receipt.transactionHash)).size).toBe(1)
      expect(await world.client().getBalance({ address: friend })).toBe(before + (3n * ether) / 4n)
      const transactionHash = receipts[0]?.receipt.transactionHash ?? '0x'
      const { input } = await world.client().getTransaction({ hash: transactionHash })
      expect(input.split(grant.slice(2))).toHaveLength(3)
      expect(await grantsOf(grant)).toHaveLength(1)
    })

    test('a stranger who activates while it is in flight takes nothing away', async () => {
      const { session, grant, signature } = await signed()
      world.bundler.fault = { kind: 'hold' }
      const hash = await bundler(session).sendUserOperation({ calls: pay() })
      await transact(encodeFunctionData({ abi: moduleAbi, functionName: 'activate', args: [grant, signature] }))
      expect(await statusOf(grant)).toBe(1n)
      world.bundler.fault = undefined
      expect((await bundler(session).waitForUserOperationReceipt({ hash })).success).toBe(true)
    })

    test('a kill or a revocation while it is in flight wins', async () => {
      const { session, grant } = await signed()
      world.bundler.fault = { kind: 'hold' }
      const hash = await bundler(session).sendUserOperation({ calls: pay() })
      const revoke = calldata.revoke(rootOf(grant))
      await world.account.asOwner(executeCalldata([{ to: world.module, value: 0n, data: revoke }]))
      world.bundler.fault = undefined
      while (world.bundler.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(world.bundler.dropped.some((each) => each.hash === hash)).toBe(true)
      expect(await statusOf(grant)).toBe(2n)
      expect(await faultOf(session.send(bundler(session), { calls: pay() }))).toMatchObject({
        denials: [{ code: 'session-not-active' }],
      })
    })

    test('by a plain transaction of the key too', async () => {
      const { session, grant } = await signed()
      expect((await session.sendDirect(pay())).receipt.status).toBe('success')
      expect(await statusOf(grant)).toBe(1n)
      expect((await session.sendDirect(pay())).receipt.status).toBe('success')
    })

    test('and where the key did not sign, the EntryPoint refuses it and nothing stays', async () => {
      const { grant, signature, entityId: id } = await signed()
      const shape = { entryPoint, activation: activation({ grant, signature }) }
      const call = { to: friend, value: 1n, data: '0x' } as const
      const session = { module: world.module, entityId: id, grant }
      expect(await world.account.send({ ...session, key: 6 }, [call], [0], shape)).toEqual({
        kind: 'refused',
        reason: 'AA24 signature error',
      })
      expect(await statusOf(grant)).toBe(0n)
      expect(await world.account.send({ ...session, key: 5 }, [call], [0], shape)).toEqual({
        kind: 'included',
        success: true,
      })
    })

    test('with a verification gas limit that is tight, and below what bundlers take', async () => {
      const { session } = await signed()
      const prepared = (await bundler(session).prepareUserOperation({ calls: pay() } as never)) as UserOperation
      expect(prepared.verificationGasLimit).toBeLessThan(250_000n)
      const less = { calls: pay(), verificationGasLimit: (prepared.verificationGasLimit * 90n) / 100n }
      expect(await faultOf(session.send(bundler(session), less as never))).toBeInstanceOf(ChainFault)
      expect(await session.send(bundler(session), { calls: pay() })).toMatchObject({ success: true })
    })
  },
)
