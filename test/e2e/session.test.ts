import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryPointVersion } from '../../src/account/AccountKind.js'
import { ChainFault } from '../../src/account/ChainFault.js'
import { PolicyDeniedError } from '../../src/account/PolicyDeniedError.js'
import type { SessionAccount } from '../../src/account/session/SessionAccount.js'
import * as calldata from '../../src/compiler/calldata.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../src/policy/Hex.js'

import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const ether = 10n ** 18n
const friend: Address = '0xa11ce00000000000000000000000000000000001'
const other: Address = '0xa11ce00000000000000000000000000000000002'
const stranger: Address = '0x00000000000000000000000000000000000bad00'
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )

// Each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined).each(['0.7', '0.8'] as const)(
  'a session account with viem’s bundler client, EntryPoint %s',
  (entryPoint: EntryPointVersion) => {
    let world: SessionWorld
    let grant: Hex
    let account: SessionAccount

    beforeAll(async () => {
      world = await SessionWorld.start()
      grant = await world.grant(
        `fees 0.01 ETH/day\nallow send on ${friend} budget 1 ETH/day\nallow send on ${other} budget 1 ETH/day`,
      )
      account = await world.session(grant, { entryPoint })
    })
    afterAll(() => world.stop())

    const bundler = () => world.bundlerClient(account)
    const pay = (value: bigint, to: Address = friend) => [{ to, value }]
    const has = (address: Address) => world.client().getBalance({ address })
    const left = async () => (await account.remaining())[1]?.remaining

    test('an operation that the writ allows is included', async () => {
      const hash = await bundler().sendUserOperation({ calls: pay(ether / 10n) })
      const { success } = await bundler().waitForUserOperationReceipt({ hash })
      expect(success).toBe(true)
      expect(await has(friend)).toBe(ether / 10n)
    })

    test('several calls go as one batch, and calldata may have a suffix', async () => {
      const calls = [...pay(ether / 10n), ...pay(ether / 10n, other)]
      const hash = await bundler().sendUserOperation({ calls, dataSuffix: '0xc0ffee' })
      const { success } = await bundler().waitForUserOperationReceipt({ hash })
      expect([success, await has(friend), await has(other)]).toEqual([true, ether / 5n, ether / 10n])
    })

    test('one that the writ does not allow is never signed, and says why as data', async () => {
      const error = await caught(bundler().sendUserOperation({ calls: pay(ether, stranger) }))
      expect(error).toBeInstanceOf(PolicyDeniedError)
      expect((error as PolicyDeniedError).denials).toMatchObject([{ code: 'no-rule', callIndex: 0 }])
    })

    test('decide, remaining and nextAllowedAt answer from the chain', async () => {
      expect(await left()).toBe((ether * 8n) / 10n)
      expect(await account.decide(pay(ether))).toMatchObject({ outcome: 'deny', denials: [{ code: 'meter-exceeded' }] })
      const windowEnd = (await account.remaining())[1]?.windowEnd
      expect(await account.nextAllowedAt(pay(ether))).toBe(windowEnd)
      expect(await account.decide(pay(ether / 2n))).toMatchObject({ outcome: 'allow' })
    })

    test('operations in flight are counted before they are included, each in its own lane', async () => {
      world.bundler.fault = { kind: 'hold' }
      const hashes: Hex[] = []
      for (let count = 0; count < 3; count++) hashes.push(await bundler().sendUserOperation({ calls: pay(ether / 5n) }))
      expect(await left()).toBe(ether / 5n)
      const error = await caught(bundler().sendUserOperation({ calls: pay(ether / 4n) }))
      expect(error).toBeInstanceOf(PolicyDeniedError)
      expect((error as PolicyDeniedError).denials).toMatchObject([
        { code: 'meter-exceeded', remaining: String(ether / 5n) },
      ])
      // An agent that was started anew knows of none of them: it reads the chain.
      const again = await world.session(grant, { entryPoint })
      expect((await again.remaining())[1]?.remaining).toBe((ether * 8n) / 10n)
      world.bundler.fault = undefined
      for (const hash of hashes) expect((await bundler().waitForUserOperationReceipt({ hash })).success).toBe(true)
      expect(await left()).toBe(ether / 5n)
      expect((await again.remaining())[1]?.remaining).toBe(ether / 5n)
    })

    test('what the bundler refused counts no more', async () => {
      world.bundler.fault = { kind: 'reject', reason: 'AA25' }
      const error = await caught(account.send(bundler(), { calls: pay(ether / 5n) }))
      expect(error).toBeInstanceOf(ChainFault)
      expect((error as ChainFault).code).toBe('nonce-taken')
      world.bundler.fault = undefined
      expect(await left()).toBe(ether / 5n)
    })

    test('an answer that is lost is no refusal: the operation is found on the chain', async () => {
      world.bundler.fault = { kind: 'blind' }
      const sent = await account.send(bundler(), { calls: pay(ether / 10n) })
      world.bundler.fault = undefined
      expect(sent).toMatchObject({ success: true, signatures: 1 })
      expect(await left()).toBe(ether / 10n)
    })

    test('without a bundler the key sends a plain transaction, judged by the same writ', async () => {
      const before = await has(other)
      const { receipt } = await account.sendDirect(pay(ether / 10n, other))
      expect(receipt.status).toBe('success')
      expect(await has(other)).toBe(before + ether / 10n)
      expect(await caught(account.sendDirect(pay(ether, stranger)))).toBeInstanceOf(PolicyDeniedError)
      expect(await caught(account.sendDirect(pay(ether, other)))).toMatchObject({
        denials: [{ code: 'meter-exceeded' }],
      })
      expect((await account.remaining())[2]?.remaining).toBe((ether * 8n) / 10n)
    })

    test('plain transactions beside each other do not get in each other’s way', async () => {
      const sent = await Promise.all([1n, 2n, 3n].map((value) => account.sendDirect(pay(value, other))))
      expect(sent.map(({ receipt }) => receipt.status)).toEqual(['success', 'success', 'success'])
    })

    test('an operation that waits when its window passes is signed anew with the same nonce, and included once', async () => {
      const before = await has(friend)
      world.bundler.fault = { kind: 'hold' }
      const promise = account.send(bundler(), { calls: pay(ether / 10n) }, { resendSeconds: 1 })
      while (world.bundler.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      const windowEnd = (await account.remaining())[1]?.windowEnd ?? 0
      await world.moveTo(windowEnd + 5)
      const replaced = () => world.bundler.dropped.filter(({ reason }) => reason.startsWith('replaced')).length
      while (replaced() === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      world.bundler.fault = undefined
      const sent = await promise
      expect(sent).toMatchObject({ success: true, signatures: 2 })
      // Both signatures were given to the bundler; the chain can take one of a nonce.
      expect(await has(friend)).toBe(before + ether / 10n)
      expect(await left()).toBe((ether * 9n) / 10n)
    })

    test('where the window is about to end, it waits for the next one', async () => {
      const windowEnd = (await account.remaining())[1]?.windowEnd ?? 0
      await world.moveTo(windowEnd - 20)
      const promise = account.send(bundler(), { calls: pay((ether * 9n) / 10n) })
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(world.bundler.waiting).toBe(0)
      await world.moveTo(windowEnd + 1)
      expect(await promise).toMatchObject({ success: true, signatures: 1 })
    })

    test('or says so, where it was told not to wait', async () => {
      const windowEnd = (await account.remaining())[1]?.windowEnd ?? 0
      await world.moveTo(windowEnd - 20)
      const hasty = await world.session(grant, { entryPoint, whenEnding: 'refuse' })
      expect(await caught(hasty.send(bundler(), { calls: pay(1n, other) }))).toMatchObject({ code: 'window-ending' })
    })

    test('a revoked session signs nothing', async () => {
      const data = calldata.revoke(rootOf(grant))
      await world.account.asOwner(executeCalldata([{ to: world.module, value: 0n, data }]))
      const error = await caught(bundler().sendUserOperation({ calls: pay(1n) }))
      expect((error as PolicyDeniedError).denials).toMatchObject([{ code: 'session-not-active', actual: 'revoked' }])
      expect(await caught(account.sendDirect(pay(1n)))).toMatchObject({ denials: [{ code: 'session-not-active' }] })
    })
  },
)
