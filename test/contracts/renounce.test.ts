import { concat, decodeFunctionData, getAddress, keccak256, numberToHex, pad, slice } from 'viem'
import { sign } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { renounce, renounceDigest } from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { ACCOUNT, ALICE, BOB, KEY, KEY_SECRET, MODULE, USDC } from './harness/actors.js'
import { execute, transferOf } from './harness/calls.js'
import { Chain, moduleAbi } from './harness/Chain.js'
import { binding, FROM, transferPolicy } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

const NOW = FROM + 10
const callData = execute(transferOf(USDC, ALICE, 1n))
const grant = encode(transferPolicy, binding)
const root = rootOf(grant)
const args = decodeFunctionData({ abi: moduleAbi, data: renounce(grant) }).args as readonly unknown[]
const zero: Address = '0x0000000000000000000000000000000000000000'

/** The module's word to an operation under the grant. */
const say = async (chain: Chain): Promise<string> =>
  (await chain.validate({ callData, witness: witnessFor(grant, NOW, [0]) })).error ?? 'allowed'

const signed = (digest: Hex): Promise<Hex> => sign({ hash: digest, privateKey: KEY_SECRET, to: 'hex' })
const begun = async (): Promise<Chain> => {
  const chain = await Chain.create()
  await chain.begin(grant)
  return chain
}
const events = ({ outcome }: Awaited<ReturnType<Chain['ask']>>) => outcome.logs.map(({ topics }) => topics)
const revoked = keccak256(`0x${Buffer.from('Revoked(address,bytes32)').toString('hex')}`)

describe('a session key renounces itself', () => {
  test('by a call of its own, whoever the account is, and the session is over for ever', async () => {
    const chain = await begun()
    expect(await say(chain)).toBe('allowed')
    const answer = await chain.ask('renounce', args, KEY)
    expect(answer).toMatchObject({ value: root })
    expect(events(answer)).toEqual([[revoked, pad(ACCOUNT), root]])
    expect(await say(chain)).toBe('SessionNotActive')
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'RootUsed', args: [root] })
  })

  test('by a signature that anyone carries, over chain, module, account and root', async () => {
    const chain = await begun()
    // 0x19 ‖ 0x00 ‖ module20 ‖ chainId32 ‖ account20 ‖ root32, written out.
    const digest = keccak256(concat(['0x1900', MODULE, numberToHex(8453, { size: 32 }), ACCOUNT, root]))
    expect(renounceDigest(grant)).toBe(digest)
    const data = renounce(grant, await signed(digest))
    const { outcome, value } = await chain.ask('renounce', decodeFunctionData({ abi: moduleAbi, data }).args ?? [], BOB)
    expect(outcome.success && value).toBe(root)
    expect(await say(chain)).toBe('SessionNotActive')
  })

  test('before the grant was made, so that it never is', async () => {
    const chain = await Chain.create()
    await chain.install()
    expect(await chain.ask('renounce', args, KEY)).toMatchObject({ value: root })
    expect(await chain.ask('grant', [grant])).toMatchObject({ error: 'RootUsed', args: [root] })
  })

  test('as often as it likes, and what was counted stays readable', async () => {
    const chain = await begun()
    expect(await say(chain)).toBe('allowed')
    const counted = ((await chain.ask('sessionWords', [ACCOUNT, root, 0n, 1n])).value as [Hex])[0]
    expect(BigInt(counted) - (1n << 254n)).toBeGreaterThan(0n)
    for (let time = 0; time < 2; time++) expect(await chain.ask('renounce', args, KEY)).toMatchObject({ value: root })
    const [left] = (await chain.ask('sessionWords', [ACCOUNT, root, 0n, 1n])).value as [Hex]
    expect(BigInt(left) - (2n << 254n)).toBe(BigInt(counted) - (1n << 254n))
  })
})

describe('nobody else renounces a session', () => {
  test('neither a stranger nor the owner nor the account, who has an order of its own', async () => {
    const chain = await begun()
    for (const by of [BOB, ALICE, ACCOUNT, MODULE])
      expect(await chain.ask('renounce', args, by)).toMatchObject({ error: 'NotTheKey', args: [getAddress(by)] })
    expect(await say(chain)).toBe('allowed')
  })

  test('by naming another key in the header, which names another session', async () => {
    const chain = await begun()
    const [, , , header] = args as [Address, number, Hex, Hex, Hex, Hex]
    const mine = concat([slice(header, 0, 1), BOB, slice(header, 21)])
    const other = args.with(3, mine)
    const { value } = await chain.ask('renounce', other, BOB)
    expect(value).not.toBe(root)
    expect(await say(chain)).toBe('allowed')
  })

  test('by a signature for another chain, module, account or root, or over something else', async () => {
    const chain = await begun()
    const digestOf = (module: Address, chainId: number, account: Address, name: Hex) =>
      keccak256(concat(['0x1900', module, numberToHex(chainId, { size: 32 }), account, name]))
    const wrong = [
      digestOf(BOB, 8453, ACCOUNT, root),
      digestOf(MODULE, 1, ACCOUNT, root),
      digestOf(MODULE, 8453, BOB, root),
      digestOf(MODULE, 8453, ACCOUNT, keccak256(root)),
      root,
    ]
    for (const digest of wrong)
      expect(await chain.ask('renounce', args.with(5, await signed(digest)), KEY)).toMatchObject({ error: 'NotTheKey' })
    // An operation's digest is of other bytes: what a key signed to operate ends nothing.
    const operation = await chain.signed({ callData, witness: witnessFor(grant, NOW, [0]) })
    expect(await chain.ask('renounce', args.with(5, slice(operation, -65)), KEY)).toMatchObject({ error: 'NotTheKey' })
    expect(await say(chain)).toBe('allowed')
  })

  test('by a signature that is none: cut short, too long, of nobody, or with a high s', async () => {
    const chain = await begun()
    const signature = await signed(renounceDigest(grant))
    const [r, s, v] = [slice(signature, 0, 32), BigInt(slice(signature, 32, 64)), Number(slice(signature, 64))]
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const twin = concat([r, numberToHex(order - s, { size: 32 }), numberToHex(v === 27 ? 28 : 27, { size: 1 })])
    for (const none of [
      slice(signature, 0, 64),
      concat([signature, '0x00']),
      '0x00',
      twin,
      concat([r, pad('0x01'), '0x1d']),
    ] as const)
      expect(await chain.ask('renounce', args.with(5, none), KEY)).toMatchObject({ error: 'NotTheKey', args: [zero] })
    expect(await say(chain)).toBe('allowed')
  })

  test('by calldata whose bytes hang over, which would be another header', async () => {
    const chain = await begun()
    const data = renounce(grant)
    const cut = slice(data, 0, (data.length - 2) / 2 - 64)
    expect((await chain.evm.call({ from: KEY, to: MODULE, data: cut })).success).toBe(false)
    expect((await chain.ask('renounce', args.with(3, '0x'), KEY)).outcome.success).toBe(false)
    expect(await say(chain)).toBe('allowed')
  })

  test('and what is no grant is not encoded', () => {
    expect(() => renounce('0x')).toThrow(RangeError)
    expect(() => renounceDigest(`${grant}00`)).toThrow(/not a grant/)
  })
})
