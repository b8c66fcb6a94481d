import { concat, encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { renounce, renounceDigest } from '../../src/compiler/renounce.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata, runtimeCalldata } from '../../src/evm/accountCalldata.js'
import { authorization } from '../../src/evm/testAccount.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Call } from '../../src/policy/Operation.js'
import { Account, type Sent, type Session } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { anvilProgram } from './harness/tools.js'

const [owner, otherOwner, key, stranger] = [1, 2, 5, 8]
const bob: Address = '0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
const pay: Call = { to: bob, value: 1n, data: '0x' }
const included = { kind: 'included', success: true }
const refused = (error: string) => ({ kind: 'refused', reason: 'reverted', error })
const readAbi = parseAbi([
  'function killWord(address account) view returns (uint48 killedAt, uint48 tag)',
  'function sessionWords(address account, bytes32 root, uint256 first, uint256 count) view returns (bytes32[])',
  'function ownersOf(address account, uint32 entityId) view returns (address first, address second, uint8 flags, bool installed)',
])

describe.skipIf(anvilProgram() === undefined)('on a real node', () => {
  let anvil: Anvil
  let module: Address
  let account: Account
  let neighbour: Account
  let entityId = 0

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    module = await deployModule(anvil)
    account = await Account.deploy(anvil, owner)
    neighbour = await Account.deploy(anvil, otherOwner)
  }, 120_000)
  afterAll(() => anvil.stop())

  const addressOf = (index: number): Address => anvil.funded(index).address.toLowerCase() as Address
  const compile = async (id: number, tag: Hex = '0x000000000000', of = account): Promise<Hex> => {
    const { timestamp } = await of.anvil.client().getBlock()
    const header = {
      account: of.address,
      key: addressOf(key),
      chain: String(of.anvil.chainId),
      from: Number(timestamp),
      ttlSeconds: 86_400,
    }
    const { policy } = checkWrit(`fees 0.1 ETH/day\nallow send on ${bob} budget 1 ETH/day`, { header })
    if (policy === undefined) throw new Error('the writ of these tests is valid')
    return encode(policy, { module, entityId: id, tag })
  }
  /** A session in force, under an entity id of its own. */
  const begin = async (): Promise<Session> => {
    const id = ++entityId
    const grant = await compile(id, await tagOf(account))
    await account.install(module, id, grant)
    return { module, entityId: id, grant, key }
  }
  const tagOf = async ({ address }: Account): Promise<Hex> => {
    const [, tag] = await anvil
      .client()
      .readContract({ address: module, abi: readAbi, functionName: 'killWord', args: [address] })
    return `0x${tag.toString(16).padStart(12, '0')}`
  }
  /** The account's owner calls the account, or, by it, the module. */
  const asOwner = (data: Hex, of = account, from = owner): Promise<Sent> =>
    of.transact(from, of.address, runtimeCalldata(data, authorization(0, '0x')))
  const toModule = (data: Hex): Hex => executeCalldata([{ to: module, value: 0n, data }])
  const everything = async (session: Session) => {
    const client = anvil.client()
    const of = account.address
    const words = [of, rootOf(session.grant), 0n, 4n] as const
    return Promise.all([
      client.readContract({ address: module, abi: readAbi, functionName: 'killWord', args: [of] }),
      client.readContract({ address: module, abi: readAbi, functionName: 'sessionWords', args: words }),
      client.readContract({ address: module, abi: readAbi, functionName: 'ownersOf', args: [of, session.entityId] }),
    ])
  }
  const installing = (id: number, first: Address = addressOf(stranger), grant?: Hex): Hex =>
    calldata.installValidation(module, { entityId: id, firstOwner: first, textGrants: true, ...(grant && { grant }) })

  describe('nobody without the owner’s authority installs anything', () => {
    test('not a stranger who calls the account, as itself or in the owner’s name', async () => {
      const install = installing(900)
      expect(await account.transact(stranger, account.address, install)).toEqual(refused('NotFromEntryPointOrSelf'))
      expect(await asOwner(install, account, stranger)).toEqual(refused('NotTheOwner'))
      expect(await asOwner(install, account, otherOwner)).toEqual(refused('NotTheOwner'))
    })

    test('not by an operation that anybody else signed', async () => {
      const asStranger = Account.at(anvil, account.address, stranger)
      expect(await account.bundle(await asStranger.signAsOwner(installing(901)))).toEqual({
        kind: 'refused',
        reason: 'AA24 signature error',
      })
    })

    test('not the session key, by the account’s functions, through itself, or directly', async () => {
      const session = await begin()
      const inside: Call = { to: account.address, value: 0n, data: installing(902, addressOf(key)) }
      for (const calls of [[inside], [pay, inside]])
        for (const send of [account.send.bind(account), account.direct.bind(account)])
          expect(
            await send(
              session,
              calls,
              calls.map(() => 0),
            ),
          ).toMatchObject({
            kind: 'refused',
            error: expect.stringMatching(/SelfCallNotAllowed|SelectorNotAllowed/) as string,
          })
      const authorized = runtimeCalldata(installing(903, addressOf(key)), authorization(session.entityId, '0x'))
      expect(await account.transact(key, account.address, authorized)).toEqual(refused('SelectorNotAllowed'))
    })
  })

  describe('nobody without the owner’s authority grants', () => {
    test('not by calling the module: it knows its caller as the account', async () => {
      const { grant, entityId: id } = await begin()
      const fresh = await compile(id, await tagOf(account))
      for (const from of [stranger, key, owner])
        expect(await account.transact(from, module, calldata.grant(fresh))).toEqual(refused('GrantForAnother'))
      expect(await account.transact(stranger, module, calldata.grant(grant))).toEqual(refused('GrantForAnother'))
    })

    test('not with an installation of one’s own, where the module has the same entity id', async () => {
      const { entityId: id } = await begin()
      const own = calldata.installData({ entityId: id, firstOwner: addressOf(stranger), textGrants: true })
      const abi = parseAbi(['function onInstall(bytes data)'])
      const data = encodeFunctionData({ abi, args: [own] })
      expect(await account.transact(stranger, module, data)).toEqual(included)
      const fresh = await compile(id, await tagOf(account))
      expect(await account.transact(stranger, module, calldata.grant(fresh))).toEqual(refused('GrantForAnother'))
    })

    test('not the session key through its session: the module is no target', async () => {
      const session = await begin()
      const more = await compile(session.entityId, await tagOf(account))
      for (const data of [calldata.grant(more), calldata.setOwners(session.entityId, addressOf(key))]) {
        const calls: Call[] = [{ to: module, value: 0n, data }]
        const error = expect.stringMatching(/NoRule|ForbiddenTarget/) as string
        expect(await account.send(session, calls, [0])).toMatchObject({ kind: 'refused', error })
        expect(await account.direct(session, calls, [0])).toMatchObject({ kind: 'refused', error })
      }
    })

    test('not for another account, and not on another chain', async () => {
      const session = await begin()
      await neighbour.install(module, session.entityId, await compile(session.entityId, '0x000000000000', neighbour))
      const mine = toModule(calldata.grant(session.grant))
      expect(await asOwner(mine, neighbour, otherOwner)).toEqual(refused('GrantForAnother'))
      const op = await account.sign(session, [pay], [0])
      expect(await neighbour.bundle({ ...op, sender: neighbour.address })).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/AA2[34]/) as string,
      })

      const elsewhere = await Anvil.start({ chainId: 10 })
      try {
        await deployEntryPointOn(elsewhere, '0.7')
        expect(await deployModule(elsewhere)).toBe(module)
        const twin = await Account.place(elsewhere, account.address, owner)
        await twin.asOwner(installing(session.entityId, addressOf(owner)))
        expect(await asOwner(mine, twin)).toEqual(refused('GrantForAnother'))
        expect(await twin.send(session, [pay], [0])).toMatchObject({ error: 'SessionNotActive' })
        expect(await twin.bundle(op)).toMatchObject({ kind: 'refused' })
      } finally {
        await elsewhere.stop()
      }
    })
  })

  describe('what was ended stays ended, even by the owner’s own hand', () => {
    const ended = async (session: Session): Promise<void> => {
      expect(await account.send(session, [pay], [0])).toMatchObject({ error: 'SessionNotActive' })
      expect(await account.direct(session, [pay], [0])).toEqual(refused('SessionNotActive'))
    }

    test('an old grant, and the same text granted again', async () => {
      const session = await begin()
      expect(await account.send(session, [pay], [0])).toEqual(included)
      expect(await asOwner(toModule(calldata.revoke(rootOf(session.grant))))).toEqual(included)
      await ended(session)
      expect(await asOwner(toModule(calldata.grant(session.grant)))).toEqual(refused('RootUsed'))
      await ended(session)
    })

    test('the module taken out and installed again', async () => {
      const session = await begin()
      const entity = { module, entityId: session.entityId }
      expect(await asOwner(toModule(calldata.revoke(rootOf(session.grant))))).toEqual(included)
      expect(await asOwner(calldata.uninstallValidation(entity))).toEqual(included)
      expect(await account.send(session, [pay], [0])).toMatchObject({ error: 'NotInstalled' })
      expect(await asOwner(installing(session.entityId, addressOf(owner)))).toEqual(refused('EntityIdUsed'))
      expect(await asOwner(installing(session.entityId, addressOf(owner), session.grant))).toEqual(
        refused('EntityIdUsed'),
      )
      const untold = encodeFunctionData({
        abi: parseAbi(['function installValidation(bytes25 config, bytes4[] selectors, bytes data, bytes[] hooks)']),
        args: [concat([calldata.moduleEntity(entity), '0x01']), ['0xb61d27f6'], '0x', []],
      })
      expect(await asOwner(untold)).toEqual(included)
      await ended(session)
      expect(await asOwner(toModule(calldata.grant(session.grant)))).toEqual(refused('RootUsed'))
    })

    test('every session, and the old text with the old tag', async () => {
      const sessions = [await begin(), await begin()]
      expect(await asOwner(toModule(calldata.revokeAll()))).toEqual(included)
      for (const session of sessions) {
        await ended(session)
        expect(await asOwner(toModule(calldata.grant(session.grant)))).toEqual(refused('GrantForAnother'))
      }
    })

    test('owners changed from A to B and to A again', async () => {
      const session = await begin()
      const [a, b] = [addressOf(owner), addressOf(otherOwner)]
      for (const next of [b, a]) {
        expect(await asOwner(toModule(calldata.setOwners(session.entityId, next)))).toEqual(included)
        await ended(session)
        expect(await asOwner(toModule(calldata.grant(session.grant)))).toEqual(refused('GrantForAnother'))
      }
      // Of the very same second it would be the same words again, which the owner may well mean: what an operation says of them names no tag.
      await anvil.client().increaseTime({ seconds: 2 })
      await anvil.client().mine({ blocks: 1 })
      const renewed = { ...session, grant: await compile(session.entityId, await tagOf(account)) }
      expect(await asOwner(toModule(calldata.grant(renewed.grant)))).toEqual(included)
      expect(await account.send(renewed, [pay], [0])).toEqual(included)
      await ended(session)
    })

    test('a grant that was revoked before it was made', async () => {
      const session = await begin()
      const early = await compile(session.entityId, await tagOf(account))
      const other = await compile(++entityId, await tagOf(account))
      expect(rootOf(early)).not.toBe(rootOf(other))
      await account.asOwner(installing(entityId, addressOf(owner)))
      expect(await asOwner(toModule(calldata.revoke(rootOf(other))))).toEqual(included)
      expect(await asOwner(toModule(calldata.grant(other)))).toEqual(refused('RootUsed'))
    })
  })

  describe('nobody but owner and key ends a session', () => {
    test('a stranger who calls the module touches only what is the stranger’s own', async () => {
      const session = await begin()
      expect(await account.send(session, [pay], [0])).toEqual(included)
      const before = await everything(session)
      for (const data of [calldata.revoke(rootOf(session.grant)), calldata.revokeAll()])
        expect(await account.transact(stranger, module, data)).toEqual(included)
      const owners = calldata.setOwners(session.entityId + 500, addressOf(stranger))
      expect(await account.transact(stranger, module, owners)).toEqual(refused('EntityIdNotInstalled'))
      expect(await everything(session)).toEqual(before)
      expect(await account.send(session, [pay], [0])).toEqual(included)
    })

    test('nor a stranger who renounces in the key’s name, or the key for another session', async () => {
      const session = await begin()
      const other = await begin()
      expect(await account.transact(stranger, module, renounce(session.grant))).toEqual(refused('NotTheKey'))
      const bySign = async (index: number, signed: Hex) =>
        renounce(session.grant, await anvil.funded(index).sign({ hash: renounceDigest(signed) }))
      const forged = await bySign(stranger, session.grant)
      expect(await account.transact(stranger, module, forged)).toEqual(refused('NotTheKey'))
      const misplaced = await bySign(key, other.grant)
      expect(await account.transact(stranger, module, misplaced)).toEqual(refused('NotTheKey'))
      expect(await account.send(session, [pay], [0])).toEqual(included)
    })

    test('but the key does, by a call, or by a signature that anyone carries', async () => {
      const [called, carried] = [await begin(), await begin()]
      expect(await account.transact(key, module, renounce(called.grant))).toEqual(included)
      const signature = await anvil.funded(key).sign({ hash: renounceDigest(carried.grant) })
      expect(await account.transact(stranger, module, renounce(carried.grant, signature))).toEqual(included)
      for (const session of [called, carried]) {
        expect(await account.send(session, [pay], [0])).toMatchObject({ error: 'SessionNotActive' })
        expect(await asOwner(toModule(calldata.grant(session.grant)))).toEqual(refused('RootUsed'))
      }
    })

    test('nor another account, by its own owner', async () => {
      const session = await begin()
      const before = await everything(session)
      for (const data of [calldata.revoke(rootOf(session.grant)), calldata.revokeAll()])
        expect(await asOwner(toModule(data), neighbour, otherOwner)).toEqual(included)
      expect(await everything(session)).toEqual(before)
      expect(await account.send(session, [pay], [0])).toEqual(included)
    })

    test('nor a stranger through the account', async () => {
      const session = await begin()
      const revoke = toModule(calldata.revoke(rootOf(session.grant)))
      expect(await asOwner(revoke, account, stranger)).toEqual(refused('NotTheOwner'))
      expect(await account.transact(stranger, account.address, revoke)).toEqual(refused('NotFromEntryPointOrSelf'))
      const out = calldata.uninstallValidation({ module, entityId: session.entityId })
      expect(await account.transact(stranger, account.address, out)).toEqual(refused('NotFromEntryPointOrSelf'))
      expect(await account.send(session, [pay], [0])).toEqual(included)
    })
  })
})
