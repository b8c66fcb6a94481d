import { type Hex as ViemHex, concat, keccak256, slice, stringToHex } from 'viem'
import { privateKeyToAccount, sign as signHash } from 'viem/accounts'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { installData } from '../../src/compiler/calldata.js'
import { deviceText, deviceTextOf } from '../../src/compiler/device/deviceText.js'
import { killText } from '../../src/compiler/device/killText.js'
import { encode } from '../../src/compiler/encode.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ACCOUNT, ALICE, BOB, KEY_SECRET, MODULE, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { type Answer, Chain, USER_OP_HASH } from './harness/Chain.js'
import { address, binding, FROM, transferPolicy, transferRule } from './harness/policies.js'
import { bytesOf, digestOf, witnessFor } from './harness/witness.js'

// Attacks of docs/security.md as a whole, each as its attacker would go about it.

const OWNER_SECRET: Hex = `0x${'11'.repeat(32)}`
const owner = privateKeyToAccount(OWNER_SECRET)
const thief = privateKeyToAccount(`0x${'33'.repeat(32)}`)
const THIEF = thief.address.toLowerCase() as Address
const FAKE: Address = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02914'
const NOW = FROM + 1000

/** A token that says it has six decimals, and takes every call. */
const token: Hex = '0x600660005260206000f3'

let chain: Chain
beforeEach(async () => {
  chain = await Chain.create({ time: NOW })
  for (const at of [USDC, FAKE]) await chain.evm.setCode(at, token)
  const firstOwner = owner.address.toLowerCase() as Address
  await chain.ask('onInstall', [installData({ entityId: 1, firstOwner, textGrants: true })])
})

const grantOf = (policy: Policy) => ({ grant: encode(policy, binding), text: deviceText(policy, binding) })
const signed = (text: string): Promise<ViemHex> => owner.signMessage({ message: text })
const activate = (grant: Hex, signature: Hex): Promise<Answer> => chain.ask('activate', [grant, signature], THIEF)

/** A text without its line ends: what an address is in it, wherever its lines break. */
const flat = (text: string): string => text.replaceAll('\n', '').toLowerCase()

describe('a fake token that calls itself USDC', () => {
  const fake: Policy = {
    ...transferPolicy,
    tokens: [{ symbol: 'USDC', address: FAKE, decimals: 6 }],
    meters: transferPolicy.meters.map((meter) => (meter.counts === USDC ? { ...meter, counts: FAKE } : meter)),
    rules: [{ ...transferRule, target: FAKE }],
  }

  test('is shown by its address, which differs though the symbol does not', () => {
    const [honest, lying] = [grantOf(transferPolicy).text, grantOf(fake).text]
    expect(lying).toContain('token USDC 6 dec')
    expect(flat(lying)).toContain(FAKE)
    expect(flat(lying)).not.toContain(USDC)
    expect(flat(honest)).toContain(USDC)
    expect(flat(honest)).not.toContain(FAKE)
  })

  test('is not granted by a text signed for the real one, nor the other way round', async () => {
    const [real, lying] = [grantOf(transferPolicy), grantOf(fake)]
    expect(await activate(lying.grant, await signed(real.text))).toMatchObject({ error: 'NotTheOwner' })
    expect(await activate(real.grant, await signed(lying.text))).toMatchObject({ error: 'NotTheOwner' })
    expect(await activate(real.grant, await signed(real.text))).not.toHaveProperty('error')
  })

  test('has no text beside the real one, in whatever letters its symbol is', async () => {
    const tokens = [...transferPolicy.tokens, { symbol: 'usdc', address: FAKE, decimals: 6 }]
    const rules = [transferRule, { ...transferRule, target: FAKE, charges: [], unlimited: [FAKE] }]
    const grant = encode({ ...transferPolicy, tokens, rules }, binding)
    expect(deviceTextOf(grant).ok).toBe(false)
    expect((await chain.ask('textOf', [grant])).error).toBeDefined()
    const apart = encode(
      {
        ...transferPolicy,
        tokens: tokens.map((t) => ({ ...t, symbol: t.address === FAKE ? 'FAKE' : t.symbol })),
        rules,
      },
      binding,
    )
    expect((await chain.ask('textOf', [apart])).error).toBeUndefined()
  })
})

describe('an ABI file that lies', () => {
  const writ = (rule: string) => `account ${ACCOUNT}
chain base
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
ttl 1d
fees 0.01 ETH/day
contract Board = ${USDC} abi "board.json"
${rule}`
  const reading = (abi: unknown) => ({ readFile: () => JSON.stringify(abi) })
  const inputs = (...named: readonly [string, string][]) => named.map(([type, name]) => ({ type, name }))

  test('by a harmless name with the selector of transfer is refused by the compiler and by the chain', async () => {
    const lying = { type: 'function', name: 'many_msg_babbage', inputs: inputs(['bytes1', 'vote']) }
    const { policy, diagnostics } = checkWrit(
      writ('allow many_msg_babbage on Board limit 1 call/day'),
      reading([lying]),
    )
    expect(policy).toBeUndefined()
    expect(diagnostics.map(({ code }) => code)).toContain('W056')

    // A compiler that does not check makes the bytes all the same, and a lying host a text for them.
    const action: FunctionAction = {
      kind: 'call',
      name: 'many_msg_babbage',
      inputs: [{ name: 'vote', type: { kind: 'fixedBytes', size: 1 } }],
    }
    const rules = [{ ...transferRule, action, where: [], charges: [] }]
    const meters = transferPolicy.meters.slice(0, 1)
    const grant = encode({ ...transferPolicy, tokens: [], meters, rules }, binding)
    const text = grantOf(transferPolicy).text.replace('transfer(address,', 'many_msg_babbage(')
    expect(await activate(grant, await signed(text))).toMatchObject({ error: 'LyingName', args: ['0xa9059cbb'] })
  })

  test('by names in another order has the positions shown that are really read', () => {
    const swapped = {
      type: 'function',
      name: 'move',
      inputs: inputs(['address', 'to'], ['address', 'sender'], ['uint256', 'amount']),
    }
    const { policy } = checkWrit(writ(`allow move on Board where to == ${ALICE} limit 1 call/day`), reading([swapped]))
    if (policy === undefined) throw new Error('it is valid')
    expect(deviceText(policy, binding)).toContain('to@0 ==')
  })

  test('by other types has another selector, which is shown, and the real function is not granted', async () => {
    const action: FunctionAction = {
      kind: 'call',
      name: 'transfer',
      inputs: [
        { name: 'to', type: address },
        { name: 'amount', type: { kind: 'uint', bits: 128 } },
      ],
    }
    const rules = [{ ...transferRule, action, where: [], charges: [] }]
    const { grant, text } = grantOf({
      ...transferPolicy,
      tokens: [],
      meters: transferPolicy.meters.slice(0, 1),
      rules,
    })
    expect(text).toContain('selector 0x')
    expect(text).not.toContain('0xa9059cbb')
    await activate(grant, await signed(text))
    const callData = execute(transferOf(USDC, ALICE, 1n))
    expect(await chain.validate({ callData, witness: witnessFor(grant, NOW, [0]) })).toMatchObject({ error: 'NoRule' })
  })
})

describe('a stolen grant file, with the owner’s signature in it,', () => {
  const stolen = async () => {
    const made = grantOf(transferPolicy)
    return { ...made, signature: await signed(made.text) }
  }

  test('brings into force what the owner signed and nothing else, and only once', async () => {
    const { grant, signature } = await stolen()
    for (const changed of [
      { ...transferPolicy, key: THIEF },
      { ...transferPolicy, until: transferPolicy.until + 1 },
      { ...transferPolicy, rules: [{ ...transferRule, where: [] }] },
    ])
      expect(await activate(grantOf(changed).grant, signature)).toMatchObject({ error: 'NotTheOwner' })
    expect(await activate(grant, signature)).not.toHaveProperty('error')
    expect(await activate(grant, signature)).toMatchObject({ error: 'RootUsed' })
  })

  test('spends nothing without the agent’s key', async () => {
    const { grant, signature } = await stolen()
    await activate(grant, signature)
    const callData = execute(transferOf(USDC, ALICE, 1n))
    const witness = witnessFor(grant, NOW, [0])
    const hash = digestOf(USER_OP_HASH, MODULE, 1, bytesOf(witness))
    const forged = await chain.validate({ callData, witness, signature: await thief.sign({ hash }) })
    // SIG_VALIDATION_FAILED (ERC-4337): the EntryPoint takes such an operation from nobody.
    expect(BigInt(String(forged.value)) & ((1n << 160n) - 1n)).toBe(1n)
    expect(await chain.validateRuntime({ callData, witness: { ...witness, time: 0 }, sender: THIEF })).toMatchObject({
      error: 'NotTheKey',
    })
    expect(await chain.validate({ callData: execute(transferOf(USDC, BOB, 1n)), witness })).toMatchObject({
      error: 'ConditionFailed',
    })
  })

  test('is of no use after the owner ended everything, in force or not', async () => {
    const { grant, signature } = await stolen()
    const kill = await signed(killText({ kind: 'all', account: ACCOUNT, chainId: 8453, before: NOW }))
    expect(await chain.ask('killByText', [ACCOUNT, 1, false, NOW, kill], THIEF)).not.toHaveProperty('error')
    expect(await activate(grant, signature)).toMatchObject({ error: 'GrantForAnother' })
  })

  test('is of no use once the owner ended that one session', async () => {
    const { grant, signature } = await stolen()
    const { value: root } = await chain.ask('rootOf', [grant])
    await chain.ask('revoke', [root])
    expect(await activate(grant, signature)).toMatchObject({ error: 'RootUsed' })
  })
})

describe('a website that has the owner’s Ledger sign something', () => {
  test('gets no grant from any other text, from a bare hash, or as typed data', async () => {
    const { grant, text } = grantOf(transferPolicy)
    const withoutPrefix = async (bytes: Hex) =>
      signHash({ hash: keccak256(bytes), privateKey: OWNER_SECRET, to: 'hex' })
    const signatures = [
      await signed('Sign in to example.org\nNonce: 7'),
      await signed(`Sign in to example.org\n${text}`),
      await signed(`${text}\n`),
      await signed(text.replaceAll('\n', ' ')),
      await owner.signMessage({ message: { raw: keccak256(grant) } }),
      await withoutPrefix(stringToHex(text)),
      await withoutPrefix(grant),
      await owner.signTypedData({
        primaryType: 'Text',
        types: { Text: [{ name: 'text', type: 'string' }] },
        message: { text },
      }),
    ]
    for (const signature of signatures) expect(await activate(grant, signature)).toMatchObject({ error: 'NotTheOwner' })
    expect(await activate(grant, await signed(text))).not.toHaveProperty('error')
  })

  test('has a grant where the owner signs the very text of one, unless the owner switched that off', async () => {
    const firstOwner = owner.address.toLowerCase() as Address
    await chain.ask('onInstall', [installData({ entityId: 2, firstOwner, textGrants: false })])
    const off = { ...binding, entityId: 2 }
    const refused = await activate(encode(transferPolicy, off), await signed(deviceText(transferPolicy, off)))
    expect(refused).toMatchObject({ error: 'TextGrantsOff', args: [2] })
    const { grant, text } = grantOf(transferPolicy)
    expect(await activate(grant, await signed(text))).not.toHaveProperty('error')
  })
})

test('a bundler that changes any field of an operation, or what stands before its signature, has one that nobody signed', async () => {
  const { grant, text } = grantOf(transferPolicy)
  await activate(grant, await signed(text))
  const witness = bytesOf(witnessFor(grant, NOW, [0]))
  const callData = execute(transferOf(USDC, ALICE, 1n))
  const good = await chain.signed({ callData, witness })
  const signature = slice(good, good.length / 2 - 1 - 65)
  const authorizer = async (attempt: Parameters<Chain['validate']>[0]): Promise<bigint | string> => {
    const before = chain.evm.snapshot()
    const { value, error } = await chain.validate(attempt)
    chain.evm.revert(before)
    return error ?? BigInt(String(value)) & ((1n << 160n) - 1n)
  }
  expect(await authorizer({ callData, witness, signature })).toBe(0n)
  // The EntryPoint hands over the hash of every field but the signature: with any of them changed it is another one.
  const elsewhere = digestOf(keccak256('0x01'), MODULE, 1, witness)
  const moved = await signHash({ hash: elsewhere, privateKey: KEY_SECRET, to: 'hex' })
  expect(await authorizer({ callData, witness, signature: moved })).toBe(1n)
  // In the signature stands the witness, which the key signs too.
  const later = bytesOf(witnessFor(grant, NOW + 86_400, [0]))
  expect(await authorizer({ callData, witness: later, signature })).toBe(1n)
  expect(await authorizer({ callData, witness: concat([witness, '0x00']), signature })).toBe('InvalidWitness')
})
