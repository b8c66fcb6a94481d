import { concat, numberToHex, size, slice } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { activation } from '../../src/compiler/activation.js'
import { installData } from '../../src/compiler/calldata.js'
import { deviceText } from '../../src/compiler/device/deviceText.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { readerAddress } from '../../src/evm/moduleAddress.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ACCOUNT, ALICE, BOB, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { type Answer, Chain, moduleAbi, unpack } from './harness/Chain.js'
import { answering, lower, owner, type Signer, spare, stranger } from './harness/owners.js'
import { binding, DAY, FROM, sendPolicy, transferPolicy } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const NONE = 2n ** 256n - 1n
const NOBODY = `0x${'00'.repeat(20)}`
const NOW = FROM + 10
const callData = execute(transferOf(USDC, ALICE, 60_000_000n))

let chain: Chain
const install = (entityId = 1, textGrants = true, account: Address = ACCOUNT) => {
  const [firstOwner, secondOwner] = [lower(owner.address), lower(spare.address)]
  return chain.ask('onInstall', [installData({ entityId, firstOwner, secondOwner, textGrants })], account)
}
beforeEach(async () => {
  chain = await Chain.create({ time: NOW })
  await chain.evm.setCode(USDC, answering(6))
  await install()
  await chain.ask('pin', [ACCOUNT, USDC], BOB)
})

/** A grant, with the owner's signature of its text. */
const signed = async (rest: Partial<Policy> = {}, bound: Partial<Binding> = {}, by: Signer = owner) => {
  const [policy, where] = [
    { ...transferPolicy, ...rest },
    { ...binding, ...bound },
  ]
  return { grant: encode(policy, where), signature: await by.signMessage({ message: deviceText(policy, where) }) }
}
type Signed = Awaited<ReturnType<typeof signed>>

type Options = {
  readonly entityId?: number
  readonly account?: Address
  readonly calls?: Hex
  readonly key?: Hex
  /** The grant whose witness is used; left out: the one that is carried. */
  readonly used?: Hex
}

/** An operation whose witness is of one grant, and which carries a signed one. */
const carry = (made: Signed, { entityId = 1, account = ACCOUNT, calls = callData, key, used }: Options = {}) =>
  chain.validate({
    callData: calls,
    witness: witnessFor(used ?? made.grant, NOW, [0]),
    activation: activation(made),
    entityId,
    account,
    ...(key !== undefined && { signature: key }),
  })

/** An operation that carries nothing. */
const plain = ({ grant }: Signed): Promise<Answer> => chain.validate({ callData, witness: witnessFor(grant, NOW, [0]) })

const status = async (root: Hex): Promise<bigint> => ((await chain.words(root, 1))[0] ?? 0n) >> 254n
const day = { authorizer: 0n, validAfter: FROM, validUntil: FROM + DAY - 1 }

describe('an operation that carries its activation', () => {
  test('is judged as any other, and the session is in force from then on', async () => {
    const made = await signed()
    const root = rootOf(made.grant)
    expect(await plain(made)).toMatchObject({ error: 'SessionNotActive', args: [root] })
    const { value, error, outcome } = await carry(made)
    expect(error).toBeUndefined()
    expect(unpack(value)).toEqual(day)
    expect(outcome.logs).toHaveLength(1)
    expect(outcome.logs[0]?.topics[2]).toBe(root)
    expect(outcome.logs[0]?.data).toContain(made.grant.slice(2))
    expect(await status(root)).toBe(1n)
    // The first one counts as every other does.
    expect(await carry(made)).toMatchObject({ error: 'MeterExceeded', args: [1n, 60_000_000n, 40_000_000n] })
    const calls = execute(transferOf(USDC, ALICE, 40_000_000n))
    expect((await chain.validate({ callData: calls, witness: witnessFor(made.grant, NOW, [0]) })).error).toBeUndefined()
  })

  test('leaves the same words and says the same as one after `activate` does', async () => {
    const made = await signed()
    const before = chain.evm.snapshot()
    const carried = await carry(made)
    const words = await chain.words(rootOf(made.grant), 3)
    chain.evm.revert(before)
    const activated = await chain.ask('activate', [made.grant, made.signature], BOB)
    expect(activated.outcome.logs).toEqual(carried.outcome.logs)
    expect((await plain(made)).value).toBe(carried.value)
    expect(await chain.words(rootOf(made.grant), 3)).toEqual(words)
  })

  test('is as good when a stranger has activated it first: the activation is not looked at then', async () => {
    const made = await signed()
    expect((await chain.ask('activate', [made.grant, made.signature], stranger.address)).error).toBeUndefined()
    const before = chain.evm.snapshot()
    const alone = await plain(made)
    chain.evm.revert(before)
    const skipped = await carry(made)
    expect(skipped.error).toBeUndefined()
    expect(skipped.outcome.logs).toEqual([])
    // Nothing is read, printed or recovered.
    expect(Number(skipped.outcome.gasUsed) - Number(alone.outcome.gasUsed)).toBeLessThan(200)
    const spoilt = { grant: made.grant.replaceAll(/[1-9a-f]/g, '0') as Hex, signature: `0x${'00'.repeat(65)}` as Hex }
    expect((await carry(spoilt, { used: made.grant, calls: execute(transferOf(USDC, ALICE, 1n)) })).error).toBe(
      undefined,
    )
  })

  test('serves twice before it is included: the second skips it', async () => {
    const made = await signed()
    const calls = execute(transferOf(USDC, ALICE, 30_000_000n))
    for (const logs of [1, 0]) {
      const { error, outcome } = await carry(made, { calls })
      expect(error).toBeUndefined()
      expect(outcome.logs).toHaveLength(logs)
    }
    expect(await carry(made)).toMatchObject({ error: 'MeterExceeded' })
  })

  test('whose key did not sign is marked so, after all other work', async () => {
    const made = await signed()
    const { value, error, outcome } = await carry(made, { key: `0x${'00'.repeat(65)}` })
    expect(error).toBeUndefined()
    expect(unpack(value)).toEqual({ ...day, authorizer: 1n })
    expect(outcome.logs).toHaveLength(1)
  })

  test('that the policy denies is denied for that, and the session is not in force', async () => {
    const made = await signed()
    expect(await carry(made, { calls: execute(transferOf(USDC, BOB, 1n)) })).toMatchObject({ error: 'ConditionFailed' })
    expect(await carry(made, { calls: execute(transferOf(USDC, ALICE, 100_000_001n)) })).toMatchObject({
      error: 'MeterExceeded',
    })
    expect(await status(rootOf(made.grant))).toBe(0n)
  })

  test('needs no token where none is stated, and none for base units', async () => {
    const send = await signed({ ...sendPolicy })
    expect((await carry(send, { calls: execute({ to: ALICE, value: 1n, data: '0x' }) })).error).toBeUndefined()
    chain = await Chain.create({ time: NOW })
    await install()
    const dai = await signed({ tokens: [{ symbol: 'USDC', address: USDC, decimals: 'base units' }] })
    expect((await carry(dai)).error).toBeUndefined()
  })
})

describe('an activation that an operation carries is refused', () => {
  const refused = async (answer: Promise<Answer>, error: string, ...args: unknown[]) => {
    const got = await answer
    expect(got).toMatchObject({ error, ...(args.length > 0 && { args }) })
  }
  /** Checksummed addresses, as errors decode. */
  const anything = expect.anything() as unknown

  test('for another chain, module, account or kill tag', async () => {
    await refused(carry(await signed({ chainId: 1 })), 'GrantForAnother', 1n, anything, anything, '0x000000000000')
    await refused(carry(await signed({}, { module: BOB })), 'GrantForAnother')
    await refused(carry(await signed({}, { tag: '0x000000000001' })), 'GrantForAnother')
    await refused(carry(await signed({ account: BOB })), 'GrantForAnother')
    // The other account installed the module too, and its owner is the same.
    await install(1, true, BOB)
    await refused(carry(await signed({ account: BOB })), 'GrantForAnother')
    await refused(carry(await signed(), { account: BOB }), 'GrantForAnother')
  })

  test('on the other chain, where all else is the same', async () => {
    const made = await signed()
    chain = await Chain.create({ chainId: 1, time: NOW })
    await chain.evm.setCode(USDC, answering(6))
    await install()
    await chain.ask('pin', [ACCOUNT, USDC], BOB)
    await refused(carry(made), 'GrantForAnother')
  })

  test('for another entity id, installed or not, on either side', async () => {
    const second = await signed({}, { entityId: 2 })
    await refused(carry(second), 'EntityIdNotInstalled', 2)
    await refused(carry(second, { entityId: 2 }), 'EntityIdNotInstalled', 2)
    await install(2)
    await refused(carry(second), 'GrantOfAnotherSession')
    await refused(carry(await signed(), { entityId: 2 }), 'GrantOfAnotherSession')
    expect((await carry(second, { entityId: 2 })).error).toBeUndefined()
  })

  test('after the session was revoked, by whomever and also before it was ever in force', async () => {
    const made = await signed()
    const root = rootOf(made.grant)
    expect((await carry(made)).error).toBeUndefined()
    await chain.ask('revoke', [root])
    await refused(carry(made), 'SessionNotActive', root)
    const other = await signed({ until: transferPolicy.until + 1 })
    await chain.ask('revoke', [rootOf(other.grant)])
    await refused(carry(other), 'SessionNotActive', rootOf(other.grant))
    expect(await status(root)).toBe(2n)
  })

  test('after a kill, in force before or not, and after a change of owners', async () => {
    const made = await signed()
    const later = await signed({ from: FROM - 60 * DAY, until: FROM + 60 * DAY })
    expect((await carry(made)).error).toBeUndefined()
    await chain.ask('revokeAll', [])
    for (const dead of [made, later]) await refused(carry(dead), 'GrantForAnother')
    const again = await signed({}, { tag: await chain.tag() })
    expect((await carry(again)).error).toBeUndefined()
    await chain.ask('setOwners', [1, owner.address, NOBODY])
    await refused(carry(again), 'GrantForAnother')
  })

  test('where text grants are switched off', async () => {
    await install(3, false)
    await refused(carry(await signed({}, { entityId: 3 }), { entityId: 3 }), 'TextGrantsOff', 3)
  })

  test('with one byte of the signature changed', async () => {
    const made = await signed()
    for (let at = 0; at < 65; at++) {
      const byte = Number(slice(made.signature, at, at + 1)) ^ 1
      const signature = concat([
        at === 0 ? '0x' : slice(made.signature, 0, at),
        numberToHex(byte, { size: 1 }),
        at === 64 ? '0x' : slice(made.signature, at + 1),
      ])
      await refused(carry({ ...made, signature }), 'NotTheOwner')
    }
    expect((await carry(made)).error).toBeUndefined()
  })

  test('with one byte of the grant changed, whatever the byte', async () => {
    const made = await signed()
    for (let at = 0; at < size(made.grant); at++) {
      const byte = Number(slice(made.grant, at, at + 1)) ^ 1
      const grant = concat([
        at === 0 ? '0x' : slice(made.grant, 0, at),
        numberToHex(byte, { size: 1 }),
        at === size(made.grant) - 1 ? '0x' : slice(made.grant, at + 1),
      ])
      const { error } = await carry({ ...made, grant }, { used: made.grant })
      expect(error, `byte ${at}`).toBeDefined()
    }
    expect((await carry(made)).error).toBeUndefined()
  })

  test('of another session than the one whose rules are used, though the owner signed it', async () => {
    const [made, other] = [await signed(), await signed({ until: transferPolicy.until + 1 })]
    const roots = [rootOf(other.grant), rootOf(made.grant)]
    await refused(carry(other, { used: made.grant }), 'GrantOfAnotherSession', ...roots)
    // Nor does it help that the other is in force.
    expect((await chain.ask('activate', [other.grant, other.signature])).error).toBeUndefined()
    await refused(carry(other, { used: made.grant }), 'GrantOfAnotherSession', ...roots)
    expect(await status(rootOf(made.grant))).toBe(0n)
  })

  test('when the text says what the rules do not, and the root is the same', async () => {
    // Symbols are no part of a root: the text is, and that is what was signed.
    const [made, named] = [await signed(), await signed({ tokens: [{ symbol: 'EURC', address: USDC, decimals: 6 }] })]
    expect(rootOf(named.grant)).toBe(rootOf(made.grant))
    await refused(carry({ ...made, grant: named.grant }), 'NotTheOwner')
  })

  test('signed by the second owner, or by anyone else', async () => {
    for (const by of [spare, stranger]) await refused(carry(await signed({}, {}, by)), 'NotTheOwner', by.address, 1)
    await chain.ask('setOwners', [1, stranger.address, owner.address])
    await refused(carry(await signed({}, { tag: await chain.tag() })), 'NotTheOwner', owner.address, 1)
  })

  test('with a high s, or a wrong v', async () => {
    const made = await signed()
    const [r, s, v] = [slice(made.signature, 0, 32), BigInt(slice(made.signature, 32, 64)), slice(made.signature, 64)]
    const high = concat([r, numberToHex(ORDER - s, { size: 32 }), v === '0x1b' ? '0x1c' : '0x1b'])
    await refused(carry({ ...made, signature: high }), 'NotTheOwner', NOBODY, 1)
    await refused(
      carry({ ...made, signature: concat([slice(made.signature, 0, 64), '0x00']) }),
      'NotTheOwner',
      NOBODY,
      1,
    )
  })

  test('where decimals that it states are not pinned, whatever the token would say, or pinned otherwise', async () => {
    chain = await Chain.create({ time: NOW })
    await chain.evm.setCode(USDC, answering(6))
    await install()
    const made = await signed()
    await refused(carry(made), 'DecimalsNotPinned', anything, 6n, NONE)
    await chain.ask('pin', [ACCOUNT, USDC], BOB)
    expect((await carry(made)).error).toBeUndefined()
    const wrong = await signed({
      until: transferPolicy.until + 1,
      tokens: [{ symbol: 'USDC', address: USDC, decimals: 18 }],
    })
    await refused(carry(wrong), 'DecimalsNotPinned', anything, 18n, 6n)
  })

  test('where the reader does not stand', async () => {
    const made = await signed()
    chain = await Chain.create({ time: NOW })
    await install()
    await chain.evm.setCode(readerAddress(), '0x')
    await refused(carry(made), 'ReaderMissing')
  })

  test('where it is no grant', async () => {
    const made = await signed()
    await refused(carry({ ...made, grant: '0x' }, { used: made.grant }), 'InvalidGrant')
    await refused(carry({ ...made, grant: concat([made.grant, '0x00']) }, { used: made.grant }), 'InvalidGrant')
  })
})

describe('the bytes of an activation', () => {
  test('are as long as they say, and stand there once', async () => {
    const made = await signed()
    const bytes = activation(made)
    const witness = witnessFor(made.grant, NOW, [0])
    const ask = (before: Hex, signature?: Hex) =>
      chain.validate({ callData, witness, activation: before, ...(signature !== undefined && { signature }) })
    // Cut short, its last bytes are the witness's first, and what follows is no witness of it.
    for (const cut of [1, 2, 64, 65, 66]) expect((await ask(slice(bytes, 0, -cut))).error, `${cut}`).toBeDefined()
    for (const more of ['0x00', '0x0000', bytes] satisfies Hex[])
      expect((await ask(concat([bytes, more]))).error, more).toBeDefined()
    expect((await ask(concat(['0x0000', '0xffffff', slice(bytes, 5)]))).error).toBe('InvalidWitness')
    for (const whole of ['0x', '0x00', '0x0000', bytes, concat([bytes, `0x${'00'.repeat(64)}`])] satisfies Hex[])
      expect(await chain.validate({ callData, witness: whole, signature: '0x' }), whole).toMatchObject({
        error: 'InvalidWitness',
      })
    expect((await ask(bytes)).error).toBeUndefined()
  })
})

describe('a direct call by the key', () => {
  const direct = (made: Signed, rest: { sender?: Address; calls?: Hex; time?: number } = {}) =>
    chain.validateRuntime({
      callData: rest.calls ?? callData,
      witness: witnessFor(made.grant, rest.time ?? 0, [0]),
      activation: activation(made),
      ...(rest.sender && { sender: rest.sender }),
    })

  test('may carry the activation too', async () => {
    const made = await signed()
    const { error, outcome } = await direct(made)
    expect(error).toBeUndefined()
    expect(outcome.logs).toHaveLength(1)
    expect(await status(rootOf(made.grant))).toBe(1n)
    expect(await direct(made)).toMatchObject({ error: 'MeterExceeded' })
    expect((await direct(made, { calls: execute(transferOf(USDC, ALICE, 1n)) })).error).toBeUndefined()
  })

  test('is refused as an operation is, and by others than the key', async () => {
    const made = await signed()
    expect(await direct(made, { sender: BOB })).toMatchObject({ error: 'NotTheKey' })
    expect(await direct(made, { time: NOW })).toMatchObject({ error: 'InvalidWitness' })
    expect(await direct(await signed({}, {}, spare))).toMatchObject({ error: 'NotTheOwner' })
    expect(await direct(await signed({ chainId: 1 }))).toMatchObject({ error: 'GrantForAnother' })
    await chain.ask('revoke', [rootOf(made.grant)])
    expect(await direct(made)).toMatchObject({ error: 'SessionNotActive' })
  })
})

test('the errors of an activation stand in the interface', () => {
  const names = moduleAbi.flatMap((item) => (item.type === 'error' ? [item.name] : []))
  expect(names).toContain('GrantOfAnotherSession')
})
