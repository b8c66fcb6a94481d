import { concat, numberToHex, pad, slice, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { installData } from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { ACCOUNT, ALICE, BOB, KEY, MODULE, OWNER, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { Chain } from './harness/Chain.js'
import { binding, DAY, FROM, transferPolicy } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

const NOW = FROM + 10
const callData = execute(transferOf(USDC, ALICE, 1n))
const grant = encode(transferPolicy, binding)
const root = rootOf(grant)
const withTag = (tag: Hex) => encode(transferPolicy, { ...binding, tag })
const zero: Address = '0x0000000000000000000000000000000000000000'

/** The module's word to an operation under a grant. */
const say = async (chain: Chain, bytes = grant, account = ACCOUNT, entityId = 1): Promise<string> => {
  const { error } = await chain.validate({ callData, witness: witnessFor(bytes, NOW, [0]), account, entityId })
  return error ?? 'allowed'
}

describe('an installation', () => {
  test('names its owners, and an entity id serves once', async () => {
    const chain = await Chain.create()
    expect((await chain.ask('ownersOf', [ACCOUNT, 1])).value).toEqual([zero, zero, 0, false])
    const data = installData({ entityId: 1, firstOwner: ALICE, secondOwner: BOB, textGrants: false })
    expect((await chain.ask('onInstall', [data])).error).toBeUndefined()
    expect((await chain.ask('ownersOf', [ACCOUNT, 1])).value).toEqual([ALICE, BOB, 1, true])
    expect((await chain.ask('ownersOf', [ACCOUNT, 2])).value).toEqual([zero, zero, 0, false])
    expect((await chain.ask('ownersOf', [BOB, 1])).value).toEqual([zero, zero, 0, false])
    expect(await chain.install()).toMatchObject({ error: 'EntityIdUsed', args: [1] })
    expect((await chain.ask('onUninstall', ['0x1234'])).error).toBeUndefined()
    expect(await chain.install()).toMatchObject({ error: 'EntityIdUsed', args: [1] })
    expect((await chain.install(2)).error).toBeUndefined()
    expect((await chain.install(1, BOB)).error).toBeUndefined()
  })

  test('needs a first owner and known flags', async () => {
    const chain = await Chain.create()
    const none = installData({ entityId: 1, firstOwner: zero, secondOwner: BOB, textGrants: true })
    expect(await chain.ask('onInstall', [none])).toMatchObject({ error: 'OwnerMissing' })
    const data = installData({ entityId: 1, firstOwner: OWNER, textGrants: true })
    const flags2: Hex = concat([slice(data, 0, 127), '0x02', slice(data, 128)])
    expect(await chain.ask('onInstall', [flags2])).toMatchObject({ error: 'UnknownFlags', args: [2] })
  })

  test('may bring a grant', async () => {
    const chain = await Chain.create()
    expect((await chain.install(1, ACCOUNT, grant)).error).toBeUndefined()
    expect(await say(chain)).toBe('allowed')
    const other = await Chain.create()
    expect(await other.install(2, ACCOUNT, grant)).toMatchObject({ error: 'EntityIdNotInstalled', args: [1] })
  })
})

describe('a grant', () => {
  test('is told to the chain, whole', async () => {
    const chain = await Chain.create()
    await chain.install()
    const { outcome, value } = await chain.ask('grant', [grant])
    expect(value).toBe(root)
    const [log] = outcome.logs
    expect(log?.topics.slice(1)).toEqual([pad(ACCOUNT), root])
    expect(log?.data.slice(2 + 128, 2 + 128 + grant.length - 2)).toBe(grant.slice(2))
  })

  test('serves once', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'RootUsed', args: [root] })
  })

  test('needs an installation of its entity id', async () => {
    const chain = await Chain.create()
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'EntityIdNotInstalled', args: [1] })
  })

  test('is for one chain, module, account and tag', async () => {
    const chain = await Chain.create()
    await chain.install()
    for (const other of [
      encode({ ...transferPolicy, chainId: 1 }, binding),
      encode({ ...transferPolicy, account: BOB }, binding),
      encode(transferPolicy, { ...binding, module: BOB }),
      withTag('0x000000000001'),
    ])
      expect(await chain.ask('grant', [other])).toMatchObject({ error: 'GrantForAnother' })
  })

  test('is in force for its account, entity id and tag alone', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    await chain.install(2)
    await chain.install(1, BOB)
    expect(await say(chain)).toBe('allowed')
    expect(await say(chain, grant, ACCOUNT, 2)).toBe('SessionNotActive')
    expect(await say(chain, grant, BOB)).toBe('SessionNotActive')
    const elsewhere = await Chain.create({ chainId: 1 })
    await elsewhere.install()
    expect(await say(elsewhere)).toBe('SessionNotActive')
  })
})

describe('a revocation', () => {
  test('ends a session for ever', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    expect(await say(chain)).toBe('allowed')
    const [before = 0n] = await chain.words(root)
    expect((await chain.ask('revoke', [root])).error).toBeUndefined()
    expect(await say(chain)).toBe('SessionNotActive')
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'RootUsed' })
    expect((await chain.words(root))[0]).toBe((before & ~(3n << 254n)) | (2n << 254n))
    await chain.ask('revoke', [root])
    expect(await say(chain)).toBe('SessionNotActive')
  })

  test('before the grant forestalls it', async () => {
    const chain = await Chain.create()
    await chain.install()
    await chain.ask('revoke', [root])
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'RootUsed', args: [root] })
  })

  test('of a stranger ends nothing', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    await chain.ask('revoke', [root], BOB)
    await chain.ask('revokeAll', [], BOB)
    expect(await say(chain)).toBe('allowed')
  })

  test('of a number that is no root changes no owner and no tag', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    for (const number of [0n, 1n]) await chain.ask('revoke', [numberToHex(number, { size: 32 })])
    expect(await say(chain)).toBe('allowed')
    expect((await chain.ask('killWord', [ACCOUNT])).value).toEqual([0, 0])
    expect((await chain.ask('ownersOf', [ACCOUNT, 1])).value).toMatchObject([expect.anything(), zero, 0, true])
  })
})

describe('revoking everything', () => {
  test('ends every session, and grants must name the new tag', async () => {
    const chain = await Chain.create({ time: FROM + 5 })
    await chain.begin(grant)
    const { outcome } = await chain.ask('revokeAll', [])
    expect(outcome.success).toBe(true)
    expect(await say(chain)).toBe('SessionNotActive')
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'GrantForAnother' })
    const tag = await chain.tag()
    expect(tag).not.toBe('0x000000000000')
    expect((await chain.ask('killWord', [ACCOUNT])).value).toMatchObject([FROM + 5, Number(tag)])
    expect(outcome.logs[0]?.data.slice(0, 14)).toBe(tag)
    const anew = withTag(tag)
    expect((await chain.ask('grant', [anew])).value).toBe(rootOf(anew))
    // A witness does not name the tag, so it serves the new grant of the same policy as well.
    expect(await say(chain)).toBe('allowed')
  })

  test('gives a tag that was never there, also twice in one block', async () => {
    const chain = await Chain.create()
    const tags = new Set<Hex>([await chain.tag()])
    for (let i = 0; i < 5; i += 1) {
      await chain.ask('revokeAll', [])
      tags.add(await chain.tag())
    }
    await chain.ask('revokeAll', [], BOB)
    tags.add(await chain.tag(BOB))
    expect(tags.size).toBe(7)
  })
})

describe('other owners', () => {
  test('end every session, also when the first ones come back', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    const tags = new Set([await chain.tag()])
    for (const [first, second] of [
      [ALICE, BOB],
      [OWNER, zero],
    ] as const) {
      const { error, outcome } = await chain.ask('setOwners', [1, first, second])
      expect(error).toBeUndefined()
      expect(outcome.logs[0]?.topics.slice(1)).toEqual([pad(ACCOUNT), pad('0x01')])
      expect(
        ((await chain.ask('ownersOf', [ACCOUNT, 1])).value as unknown[]).map((x) => String(x).toLowerCase()),
      ).toEqual([first, second, '0', 'true'])
      expect(await say(chain)).toBe('SessionNotActive')
      tags.add(await chain.tag())
    }
    expect(tags.size).toBe(3)
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'GrantForAnother' })
  })

  test('keep the flags, and the time of the last revocation', async () => {
    const chain = await Chain.create({ time: FROM + 5 })
    await chain.ask('onInstall', [installData({ entityId: 1, firstOwner: OWNER, textGrants: false })])
    await chain.ask('revokeAll', [])
    chain.evm.time = FROM + 50
    await chain.ask('setOwners', [1, ALICE, BOB])
    expect((await chain.ask('ownersOf', [ACCOUNT, 1])).value).toEqual([ALICE, BOB, 1, true])
    expect((await chain.ask('killWord', [ACCOUNT])).value).toMatchObject([FROM + 5, Number(await chain.tag())])
  })

  test('are named for an installation, and there is a first one', async () => {
    const chain = await Chain.create()
    expect(await chain.ask('setOwners', [1, ALICE, BOB])).toMatchObject({ error: 'EntityIdNotInstalled', args: [1] })
    await chain.install()
    expect(await chain.ask('setOwners', [1, zero, BOB])).toMatchObject({ error: 'OwnerMissing' })
    expect(await chain.ask('setOwners', [1, ALICE, BOB], BOB)).toMatchObject({ error: 'EntityIdNotInstalled' })
  })
})

describe('a call by the session key itself', () => {
  const witness = witnessFor(grant, 0, [0])

  test('is judged like an operation, at the time of the block', async () => {
    const chain = await Chain.create({ time: FROM + 3 * DAY })
    await chain.begin(grant)
    expect((await chain.validateRuntime({ callData, witness })).error).toBeUndefined()
    const [word = 0n] = await chain.words(root)
    // The second meter, in the fourth window; fees are not counted.
    expect(word).toBe((1n << 254n) | (3n << 97n) | 1n)
    chain.evm.time = FROM + 7 * DAY
    expect(await chain.validateRuntime({ callData, witness })).toMatchObject({ error: 'Expired' })
    chain.evm.time = FROM - 1
    expect(await chain.validateRuntime({ callData, witness })).toMatchObject({ error: 'NotYetValid' })
  })

  test('claims no time', async () => {
    const chain = await Chain.create({ time: NOW })
    await chain.begin(grant)
    const claiming = witnessFor(grant, NOW, [0])
    expect(await chain.validateRuntime({ callData, witness: claiming })).toMatchObject({ error: 'InvalidWitness' })
  })

  test('is the key’s, of the account, without ether, and denied like any other', async () => {
    const chain = await Chain.create({ time: NOW })
    await chain.begin(grant)
    const attempt = { callData, witness }
    expect(await chain.validateRuntime({ ...attempt, sender: OWNER })).toMatchObject({ error: 'NotTheKey' })
    expect(await chain.validateRuntime({ ...attempt, sender: zero })).toMatchObject({ error: 'NotTheKey' })
    expect(await chain.validateRuntime({ ...attempt, from: KEY })).toMatchObject({ error: 'NotTheAccount' })
    expect(await chain.validateRuntime({ ...attempt, value: 1n })).toMatchObject({ error: 'ValueSent', args: [1n] })
    const toBob = { ...attempt, callData: execute(transferOf(USDC, BOB, 1n)) }
    expect(await chain.validateRuntime(toBob)).toMatchObject({ error: 'ConditionFailed' })
    const tooMuch = { ...attempt, callData: execute(transferOf(USDC, ALICE, 100_000_001n)) }
    expect(await chain.validateRuntime(tooMuch)).toMatchObject({ error: 'MeterExceeded' })
    await chain.ask('revoke', [root])
    expect(await chain.validateRuntime(attempt)).toMatchObject({ error: 'SessionNotActive' })
  })
})

describe('everything else', () => {
  test('an ERC-1271 signature is never valid', async () => {
    const chain = await Chain.create()
    await chain.begin(grant)
    const { value } = await chain.ask('validateSignature', [ACCOUNT, 1, KEY, pad('0x01'), '0x'])
    expect(value).toBe('0xffffffff')
  })

  test('the module says what it is', async () => {
    const chain = await Chain.create()
    expect((await chain.ask('moduleId', [])).value).toBe('writ.session-key.1.0.0')
    for (const id of ['0x01ffc9a7', '0x46c0c1b4', '0xab3e34c1'])
      expect((await chain.ask('supportsInterface', [id])).value).toBe(true)
    for (const id of ['0xffffffff', '0x00000000', '0x01ffc9a8'])
      expect((await chain.ask('supportsInterface', [id])).value).toBe(false)
  })

  test('the interface ids are those of the functions that ERC-6900 names', () => {
    const xor = (signatures: string[]) =>
      signatures.map((text) => Number(toFunctionSelector(text))).reduce((a, b) => (a ^ b) >>> 0, 0)
    const op = '(address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)'
    expect(xor(['onInstall(bytes)', 'onUninstall(bytes)', 'moduleId()'])).toBe(0x46c0c1b4)
    expect(
      xor([
        `validateUserOp(uint32,${op},bytes32)`,
        'validateRuntime(address,uint32,address,uint256,bytes,bytes)',
        'validateSignature(address,uint32,address,bytes32,bytes)',
      ]),
    ).toBe(0xab3e34c1)
  })

  test('the module takes no ether', async () => {
    const chain = await Chain.create()
    await chain.evm.setBalance(BOB, 10n ** 18n)
    expect((await chain.evm.call({ from: BOB, to: MODULE, value: 1n })).success).toBe(false)
  })
})
