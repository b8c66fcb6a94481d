import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callModule } from '../../src/account/callModule.js'
import { kindOf } from '../../src/account/kinds.js'
import { ownerAct } from '../../src/account/ownerAct.js'
import { findSessions } from '../../src/account/readers/findSessions.js'
import { readAccount } from '../../src/account/readers/readAccount.js'
import * as calldata from '../../src/compiler/calldata.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { fundedOwner } from './harness/fundedOwner.js'
import { grantOf } from './harness/grantOf.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0x00000000000000000000000000000000000f51e0'
const text = `fees 1 ETH/day\nallow send on ${friend} budget 1 ETH/day`
const none: Hex = '0x000000000000'
const key = 9
const pay = { to: friend, value: 1n, data: '0x' } as const

describe.skipIf(anvilProgram() === undefined)('the end of sessions on a chain', { timeout: 60_000 }, () => {
  let anvil: Anvil
  let module: Address
  let start: number

  const act = (account: Account, data: Hex) =>
    ownerAct(
      {
        client: anvil.reader(),
        kind: kindOf('test'),
        account: account.address,
        owner: fundedOwner(anvil, 1),
        via: 'transaction',
      },
      data,
    )
  const order = (account: Account, data: Hex) => act(account, callModule(module, data))
  const gasOf = async ({ hash }: { hash: Hex }) => (await anvil.reader().getTransactionReceipt({ hash })).gasUsed
  const grant = (account: Account, ttlSeconds = 86_400, tag = none, entityId = 1): Hex =>
    grantOf(
      text,
      {
        account: account.address,
        key: fundedOwner(anvil, key).address,
        chainId: anvil.chainId,
        from: start,
        ttlSeconds,
      },
      { module, entityId, tag },
    )
  const tagOf = async (account: Account) =>
    (await readAccount(anvil.reader(), { module, account: account.address })).tag
  const send = (account: Account, bytes: Hex, entityId = 1) =>
    account.send({ module, entityId, grant: bytes, key }, [pay], [0])
  const ended = { kind: 'refused', error: 'SessionNotActive' }
  const lives = async (account: Account) =>
    (await findSessions(anvil.reader(), { module, account: account.address })).sessions.map(({ life }) => life)
  const installed = async (): Promise<Account> => {
    const account = await Account.deploy(anvil, 1)
    const install = { entityId: 1, firstOwner: fundedOwner(anvil, 1).address, textGrants: true }
    await act(account, calldata.installValidation(module, install))
    return account
  }
  /** A session that has worked. */
  const working = async (): Promise<{ account: Account; bytes: Hex }> => {
    const account = await installed()
    const bytes = grant(account)
    await order(account, calldata.grant(bytes))
    expect(await send(account, bytes)).toEqual({ kind: 'included', success: true })
    return { account, bytes }
  }

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    module = await deployModule(anvil)
    start = Number((await anvil.reader().getBlock()).timestamp)
  }, 60_000)

  afterAll(() => anvil?.stop())

  test('one order ends fifty sessions at once, and costs what it costs for one', async () => {
    const [few, many] = [await installed(), await installed()]
    await order(few, calldata.grant(grant(few)))
    const grants = Array.from({ length: 50 }, (_, index) => grant(many, 86_400 + index))
    await act(many, executeCalldata(grants.map((bytes) => ({ to: module, value: 0n, data: calldata.grant(bytes) }))))
    expect(await lives(many)).toEqual(grants.map(() => 'live'))
    const [first = '0x', last = '0x'] = [grants[0], grants[49]]
    for (const bytes of [first, last]) expect(await send(many, bytes)).toEqual({ kind: 'included', success: true })
    const costs = [
      await gasOf(await order(few, calldata.revokeAll())),
      await gasOf(await order(many, calldata.revokeAll())),
    ]
    // The calldata is the same, and what is written; the account's address is another, which is all.
    expect(costs[1]).toBe(costs[0])
    expect(costs[1]).toBeLessThan(60_000n)
    expect(await lives(many)).toEqual(grants.map(() => 'killed'))
    for (const bytes of [first, last]) expect(await send(many, bytes)).toMatchObject(ended)
  })

  test('an old grant is not revived by replaying it, nor by the same text once more, after a revocation or a kill', async () => {
    for (const by of ['revoke', 'revokeAll'] as const) {
      const { account, bytes } = await working()
      await order(account, by === 'revoke' ? calldata.revoke(rootOf(bytes)) : calldata.revokeAll())
      expect(await send(account, bytes)).toMatchObject(ended)
      await expect(order(account, calldata.grant(bytes))).rejects.toMatchObject({ name: 'ChainFault' })
      expect(await send(account, bytes)).toMatchObject(ended)
      // The same words under the new tag are another session, which the owner grants anew; the old one stays ended. (An operation's
      // witness names no tag, and so serves whichever session of these words is in force.)
      const again = grant(account, 86_400, await tagOf(account))
      if (by === 'revoke') expect(again).toBe(bytes)
      else {
        await order(account, calldata.grant(again))
        expect(await lives(account)).toEqual(['killed', 'live'])
        expect(await send(account, again)).toEqual({ kind: 'included', success: true })
      }
    }
  })

  test('installing the module again revives nothing: not under the old entity id, and not under a new one', async () => {
    const { account, bytes } = await working()
    await order(account, calldata.revoke(rootOf(bytes)))
    await act(account, calldata.uninstallValidation({ module, entityId: 1 }))
    const install = { firstOwner: fundedOwner(anvil, 1).address, textGrants: true }
    await expect(act(account, calldata.installValidation(module, { ...install, entityId: 1 }))).rejects.toMatchObject({
      name: 'ChainFault',
    })
    await act(account, calldata.installValidation(module, { ...install, entityId: 2 }))
    expect(await send(account, bytes, 2)).toMatchObject(ended)
    await expect(order(account, calldata.grant(bytes))).rejects.toMatchObject({ name: 'ChainFault' })
    expect(await lives(account)).toEqual(['revoked'])
  })

  test('owners A, then B, then A again: what was granted under the first A stays ended', async () => {
    const { account, bytes } = await working()
    const [a, b] = [fundedOwner(anvil, 1).address, fundedOwner(anvil, 2).address]
    await order(account, calldata.setOwners(1, b))
    expect(await send(account, bytes)).toMatchObject(ended)
    await order(account, calldata.setOwners(1, a))
    expect(await send(account, bytes)).toMatchObject(ended)
    await expect(order(account, calldata.grant(bytes))).rejects.toMatchObject({ name: 'ChainFault' })
    expect(await lives(account)).toEqual(['killed'])
  })

  test('a key renounces its own session by a transaction, and nobody else’s; the owner cannot bring it back', async () => {
    const { account, bytes } = await working()
    const other = anvil.wallet(8)
    const data = calldata.renounce(bytes)
    await expect(other.sendTransaction({ to: module, data })).rejects.toThrow()
    expect(await send(account, bytes)).toEqual({ kind: 'included', success: true })
    const hash = await anvil.wallet(key).sendTransaction({ to: module, data })
    await anvil.reader().waitForTransactionReceipt({ hash })
    expect(await send(account, bytes)).toMatchObject(ended)
    expect(await lives(account)).toEqual(['revoked'])
    await expect(order(account, calldata.grant(bytes))).rejects.toMatchObject({ name: 'ChainFault' })
  })

  test('a key’s signature to renounce is carried by anyone, who need not be known', async () => {
    const { account, bytes } = await working()
    const signature = await anvil.funded(key).sign({ hash: calldata.renounceDigest(bytes) })
    const hash = await anvil.wallet(8).sendTransaction({ to: module, data: calldata.renounce(bytes, signature) })
    await anvil.reader().waitForTransactionReceipt({ hash })
    expect(await send(account, bytes)).toMatchObject(ended)
  })
})
