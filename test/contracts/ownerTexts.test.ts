import { concat, type Hex as ViemHex, keccak256, numberToHex, slice } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { installData } from '../../src/compiler/calldata.js'
import { deviceText } from '../../src/compiler/device/deviceText.js'
import { type Kill, killText } from '../../src/compiler/device/killText.js'
import { encode } from '../../src/compiler/encode.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ACCOUNT, ALICE, BOB, USDC } from './harness/actors.js'
import { type Answer, Chain } from './harness/Chain.js'
import { answering, lower, owner, type Signer, spare, stranger } from './harness/owners.js'
import { binding, FROM, transferPolicy } from './harness/policies.js'

const HALF = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const ORDER = 2n * HALF + 1n

let chain: Chain
const NOW = FROM + 1000

const install = (entityId = 1, options: { textGrants?: boolean; first?: Signer; account?: Address } = {}) =>
  chain.ask(
    'onInstall',
    [
      installData({
        entityId,
        firstOwner: lower((options.first ?? owner).address),
        secondOwner: lower(spare.address),
        textGrants: options.textGrants ?? true,
        grant: '0x',
      }),
    ],
    options.account ?? ACCOUNT,
  )

const fresh = async (chainId = 8453): Promise<void> => {
  chain = await Chain.create({ chainId, time: NOW })
  await chain.evm.setCode(USDC, answering(6))
  await install()
}
beforeEach(() => fresh())

const sign = (text: string, by: Signer = owner): Promise<ViemHex> => by.signMessage({ message: text })

/** The same signature with the other s, which signs the same. */
const high = (signature: ViemHex): Hex =>
  concat([
    slice(signature, 0, 32),
    numberToHex(ORDER - BigInt(slice(signature, 32, 64)), { size: 32 }),
    slice(signature, 64) === '0x1b' ? '0x1c' : '0x1b',
  ])

const activate = (grant: Hex, signature: Hex, from: Address = ALICE): Promise<Answer> =>
  chain.ask('activate', [grant, signature], from)

const grantOf = (rest: Partial<Policy> = {}, bound: Partial<Binding> = {}) => {
  const [policy, where] = [
    { ...transferPolicy, ...rest },
    { ...binding, ...bound },
  ]
  return { grant: encode(policy, where), text: deviceText(policy, where) }
}

const carry = async (made = grantOf(), by: Signer = owner): Promise<Answer> =>
  activate(made.grant, await sign(made.text, by))

describe('activate', () => {
  test('puts the session into force, whoever carries the text, and pins the decimals', async () => {
    const { value, error } = await carry()
    expect(error).toBeUndefined()
    const [status] = await chain.words(value as Hex, 1)
    expect((status ?? 0n) >> 254n).toBe(1n)
    expect((await chain.ask('pinned', [ACCOUNT, USDC])).value).toEqual([true, 6])
    expect(await carry()).toMatchObject({ error: 'RootUsed', args: [value] })
  })

  test('of a revoked session is refused', async () => {
    const { value } = await carry()
    await chain.ask('revoke', [value])
    expect(await carry()).toMatchObject({ error: 'RootUsed' })
  })

  test('refuses a grant for another chain, account, module, entity id or tag', async () => {
    for (const made of [grantOf({ chainId: 1 }), grantOf({}, { module: BOB }), grantOf({}, { tag: '0x000000000001' })])
      expect(await carry(made)).toMatchObject({ error: 'GrantForAnother' })
    expect(await carry(grantOf({}, { entityId: 2 }))).toMatchObject({ error: 'EntityIdNotInstalled', args: [2] })
  })

  test('refuses a text that was signed for another account of the owner', async () => {
    const { text } = grantOf()
    const { grant } = grantOf({ account: BOB })
    expect(await activate(grant, await sign(text))).toMatchObject({ error: 'EntityIdNotInstalled' })
    await install(1, { account: BOB })
    expect(await activate(grant, await sign(text))).toMatchObject({ error: 'NotTheOwner' })
    expect(await carry(grantOf({ account: BOB }))).not.toHaveProperty('error')
  })

  test('refuses a text that was signed for another entity id of the account', async () => {
    await install(2)
    const { text } = grantOf()
    const { grant } = grantOf({}, { entityId: 2 })
    expect(await activate(grant, await sign(text))).toMatchObject({ error: 'NotTheOwner' })
    expect(await carry(grantOf({}, { entityId: 2 }))).not.toHaveProperty('error')
  })

  test('refuses a text of which one byte is another', async () => {
    const { grant, text } = grantOf()
    for (let at = 0; at < text.length; at += 1 + Math.floor(text.length / 40)) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
      expect(await activate(grant, await sign(changed))).toMatchObject({ error: 'NotTheOwner' })
    }
    expect(await activate(grant, await sign(`${text}\n`))).toMatchObject({ error: 'NotTheOwner' })
    expect(await carry()).not.toHaveProperty('error')
  })

  test('is for the first owner alone', async () => {
    for (const by of [spare, stranger])
      expect(await carry(grantOf(), by)).toMatchObject({ error: 'NotTheOwner', args: [by.address, 1] })
  })

  test('refuses a high s, a wrong v and another length', async () => {
    const { grant, text } = grantOf()
    const signature = await sign(text)
    const none = { error: 'NotTheOwner', args: [`0x${'00'.repeat(20)}`, 1] }
    expect(await activate(grant, high(signature))).toMatchObject(none)
    expect(await activate(grant, concat([slice(signature, 0, 64), '0x00']))).toMatchObject(none)
    expect(await activate(grant, slice(signature, 0, 64))).toMatchObject(none)
    expect(await activate(grant, `${signature}00`)).toMatchObject(none)
    expect(await activate(grant, '0x')).toMatchObject(none)
  })

  test('is refused where texts do not grant', async () => {
    await install(3, { textGrants: false })
    expect(await carry(grantOf({}, { entityId: 3 }))).toMatchObject({ error: 'TextGrantsOff', args: [3] })
  })

  test('refuses decimals that are not the pinned ones', async () => {
    await chain.evm.setCode(USDC, answering(18))
    expect(await carry()).toMatchObject({ error: 'DecimalsNotPinned', args: [expect.anything(), 6n, 18n] })
    await chain.evm.setCode(USDC, '0x')
    expect(await carry()).toMatchObject({ error: 'NoDecimals' })
    await chain.evm.setCode(USDC, answering(78))
    expect(await carry()).toMatchObject({ error: 'NoDecimals' })
  })

  describe('a pin', () => {
    const pin = () => chain.ask('pin', [ACCOUNT, USDC], BOB)
    const pinned = async () => (await chain.ask('pinned', [ACCOUNT, USDC])).value

    test('holds for later grants until it is made anew, and changes nothing that is in force', async () => {
      await pin()
      await chain.evm.setCode(USDC, answering(18))
      const { value } = await carry()
      expect(await pinned()).toEqual([true, 6])
      await pin()
      expect(await pinned()).toEqual([true, 18])
      const [status] = await chain.words(value as Hex, 1)
      expect((status ?? 0n) >> 254n).toBe(1n)
    })

    test('made while the token said something else is made anew by anyone', async () => {
      await chain.evm.setCode(USDC, answering(18))
      await pin()
      await chain.evm.setCode(USDC, answering(6))
      expect(await carry()).toMatchObject({ error: 'DecimalsNotPinned', args: [expect.anything(), 6n, 18n] })
      await pin()
      expect(await carry()).not.toHaveProperty('error')
    })

    test('stays where the token says nothing any more', async () => {
      await pin()
      await chain.evm.setCode(USDC, '0x')
      expect(await pin()).toMatchObject({ error: 'NoDecimals' })
      expect(await pinned()).toEqual([true, 6])
    })
  })
})

describe('a kill text', () => {
  const kill = async (
    options: { before?: number; everyChain?: boolean; by?: Signer; entityId?: number; chainId?: number } = {},
  ): Promise<Answer & { readonly signature: ViemHex }> => {
    const { before = NOW, everyChain = false, by = owner, entityId = 1, chainId = 8453 } = options
    const said: Kill = everyChain
      ? { kind: 'everyChain', account: ACCOUNT, before }
      : { kind: 'all', account: ACCOUNT, chainId, before }
    const signature = await sign(killText(said), by)
    return {
      signature,
      ...(await chain.ask('killByText', [ACCOUNT, entityId, everyChain, before, signature], BOB)),
    }
  }

  test('of either owner ends what is in force, what was signed and never carried, and what begins later', async () => {
    for (const by of [owner, spare]) {
      await fresh()
      await carry()
      const later = grantOf({ from: FROM + 60 * 86_400, until: FROM + 61 * 86_400 })
      const { signature, error } = await kill({ by })
      expect(error).toBeUndefined()
      expect((await chain.ask('killWord', [ACCOUNT])).value).toEqual([
        NOW,
        Number(slice(keccak256(slice(signature, 0, 64)), 0, 6)),
      ])
      expect(await carry(later)).toMatchObject({ error: 'GrantForAnother' })
      const tag = await chain.tag()
      expect(await carry(grantOf({}, { tag }))).not.toHaveProperty('error')
    }
  })

  test('is carried once, and not after a later one', async () => {
    expect(await kill({ before: NOW })).not.toHaveProperty('error')
    expect(await kill({ before: NOW })).toMatchObject({ error: 'KillTimeOutOfRange' })
    expect(await kill({ before: NOW - 1 })).toMatchObject({ error: 'KillTimeOutOfRange' })
    expect(await kill({ before: NOW + 1 })).not.toHaveProperty('error')
  })

  test('is of the last seven days and the next fifteen minutes', async () => {
    expect(await kill({ before: NOW - 7 * 86_400 - 1 })).toMatchObject({ error: 'KillTimeOutOfRange' })
    expect(await kill({ before: NOW + 901 })).toMatchObject({ error: 'KillTimeOutOfRange' })
    expect(await kill({ before: NOW - 7 * 86_400 })).not.toHaveProperty('error')
    expect(await kill({ before: NOW + 900 })).not.toHaveProperty('error')
  })

  test('of one chain ends nothing on another, and one of every chain sets one tag on all', async () => {
    expect(await kill({ chainId: 1 })).toMatchObject({ error: 'NotTheOwner' })
    const tags: Hex[] = []
    for (const chainId of [8453, 1]) {
      await fresh(chainId)
      expect(await kill({ everyChain: true })).not.toHaveProperty('error')
      tags.push(await chain.tag())
    }
    expect(tags[0]).toBe(tags[1])
  })

  test('is no stranger’s, no other account’s, and none with a high s', async () => {
    expect(await kill({ by: stranger })).toMatchObject({ error: 'NotTheOwner', args: [stranger.address, 1] })
    expect(await kill({ entityId: 9 })).toMatchObject({ error: 'NotTheOwner' })
    const text = killText({ kind: 'all', account: ACCOUNT, chainId: 8453, before: NOW })
    const signature = high(await sign(text))
    expect(await chain.ask('killByText', [ACCOUNT, 1, false, NOW, signature])).toMatchObject({ error: 'NotTheOwner' })
    expect(await chain.ask('killByText', [BOB, 1, false, NOW, await sign(text)])).toMatchObject({
      error: 'NotTheOwner',
    })
  })

  test('holds for the owners of the time when it is carried: A to B to A', async () => {
    const signature = await sign(killText({ kind: 'all', account: ACCOUNT, chainId: 8453, before: NOW }))
    const setOwner = (first: Signer) => chain.ask('setOwners', [1, first.address, `0x${'00'.repeat(20)}`])
    await setOwner(stranger)
    const killed = () => chain.ask('killByText', [ACCOUNT, 1, false, NOW, signature])
    expect(await killed()).toMatchObject({ error: 'NotTheOwner' })
    await setOwner(owner)
    expect(await killed()).not.toHaveProperty('error')
    expect(await killed()).toMatchObject({ error: 'KillTimeOutOfRange' })
  })

  test('serves after an uninstallation too, and a new installation revives nothing', async () => {
    const { value } = await carry()
    await chain.ask('onUninstall', ['0x'])
    expect(await kill()).not.toHaveProperty('error')
    await install(2)
    expect(await carry()).toMatchObject({ error: 'GrantForAnother' })
    expect(await carry(grantOf({}, { entityId: 2 }))).toMatchObject({ error: 'GrantForAnother' })
    expect(value).toBeDefined()
  })

  test('that names a root ends that session for ever, also before it is in force', async () => {
    const { value: root } = await chain.ask('rootOf', [grantOf().grant])
    const said = killText({ kind: 'session', account: ACCOUNT, chainId: 8453, root: root as Hex })
    const by = (signature: Hex) => chain.ask('revokeByText', [ACCOUNT, 1, root, signature], BOB)
    expect(await by(await sign(said, stranger))).toMatchObject({ error: 'NotTheOwner' })
    expect(await by(high(await sign(said)))).toMatchObject({ error: 'NotTheOwner' })
    expect(await by(await sign(said, spare))).not.toHaveProperty('error')
    expect(await carry()).toMatchObject({ error: 'RootUsed' })
  })
})
