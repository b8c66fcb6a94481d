import { concat, numberToHex, pad, size, slice } from 'viem'
import { sign } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import { leafHashOf, nodeOf } from '../../src/compiler/proof.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ALICE, BOB, KEY_SECRET, MODULE, USDC } from './harness/actors.js'
import { execute, executeBatch, transferOf } from './harness/calls.js'
import { Chain, unpack, USER_OP_HASH } from './harness/Chain.js'
import { address, binding, FROM, is, sendPolicy, sendRule, transferPolicy, transferRule } from './harness/policies.js'
import { bytesOf, digestOf, witnessFor, type Witness } from './harness/witness.js'

const NOW = FROM + 10
const toBob = { ...transferRule, where: [is(0, address, { kind: 'address', value: BOB })] }
const policy: Policy = {
  ...transferPolicy,
  rules: [transferRule, toBob, { ...sendRule, charges: [], unlimited: ['ETH'] }],
}
const grant = encode(policy, binding)
const callData = execute(transferOf(USDC, ALICE, 1n))

let chain: Chain
beforeAll(async () => {
  chain = await Chain.create()
  await chain.begin(grant)
})

/** The module's word to a witness; what it changes is taken back. */
const say = async (witness: Witness | Hex, data = callData): Promise<string> => {
  const before = chain.evm.snapshot()
  const { error } = await chain.validate({ callData: data, witness })
  chain.evm.revert(before)
  return error ?? 'allowed'
}

describe('a witness', () => {
  const good = witnessFor(grant, NOW, [0])

  test('is accepted as it should be', async () => {
    expect(await say(good)).toBe('allowed')
  })

  test('is accepted in no other form: not with one byte less, one more, or one other', async () => {
    const bytes = bytesOf(good)
    expect(await say(slice(bytes, 0, size(bytes) - 1))).not.toBe('allowed')
    expect(await say(concat([bytes, '0x00']))).toBe('InvalidWitness')
    const header = size(good.header)
    for (let at = 0; at < size(bytes); at += 1) {
      // The claimed time may be another one: that is what the key signs.
      if (at >= 2 + header && at < 2 + header + 5) continue
      const other = Number.parseInt(bytes.slice(2 + 2 * at, 4 + 2 * at), 16) ^ 1
      const changed = concat([
        ...(at > 0 ? [slice(bytes, 0, at)] : []),
        numberToHex(other, { size: 1 }),
        ...(at + 1 < size(bytes) ? [slice(bytes, at + 1)] : []),
      ])
      expect([at, await say(changed)]).not.toEqual([at, 'allowed'])
    }
  })

  test('of nothing is none', async () => {
    for (const bytes of ['0x', '0x00', '0x0000', pad('0x', { size: 8 }), pad('0x', { size: 500 })] satisfies Hex[])
      expect(await say(bytes)).not.toBe('allowed')
    const short = await chain.validate({ callData, witness: '0x', signature: pad('0x', { size: 64 }) })
    expect(short).toMatchObject({ error: 'InvalidWitness' })
  })

  test('names a leaf of the policy: a leaf of another, or a node for a leaf, has another root', async () => {
    const foreign = encode(sendPolicy, binding)
    const [leaf] = leavesOf(foreign)
    const [first] = good.leaves
    expect(await say({ ...good, leaves: [{ leaf: leaf ?? '0x', proof: first?.proof ?? [] }] })).toBe('SessionNotActive')
    const [a = '0x', b = '0x', c = '0x'] = leavesOf(grant).map(leafHashOf)
    // The tree over three leaves is node(node(b, c), a): the bytes of an inner node, as a leaf, are hashed with another prefix.
    expect(await say({ ...good, leaves: [{ leaf: concat(b < c ? [b, c] : [c, b]), proof: [a] }] })).toBe(
      'SessionNotActive',
    )
    expect(await say({ ...good, leaves: [{ leaf: concat(['0x01', b, c]), proof: [a] }] })).toBe('SessionNotActive')
    expect(await say({ ...good, leaves: [{ leaf: leavesOf(grant)[0] ?? '0x', proof: [nodeOf(b, c)] }] })).toBe(
      'allowed',
    )
  })

  test('with a proof of another leaf has another root', async () => {
    const other = witnessFor(grant, NOW, [1])
    const [mine] = good.leaves
    const [theirs] = other.leaves
    if (mine === undefined || theirs === undefined) throw new Error('each has a leaf')
    expect(await say({ ...good, leaves: [{ leaf: mine.leaf, proof: theirs.proof }] })).toBe('SessionNotActive')
    expect(await say({ ...good, leaves: [{ leaf: mine.leaf, proof: [] }] })).toBe('SessionNotActive')
  })

  test('may end a header early or late: header and tree are hashed with their border', async () => {
    const cut: Hex = slice(good.header, 0, size(good.header) - 1)
    expect(await say({ ...good, header: cut })).toBe('SessionNotActive')
    expect(await say({ ...good, header: concat([good.header, '0x00']) })).toBe('SessionNotActive')
  })
})

describe('a witness of several leaves', () => {
  const calls = executeBatch([transferOf(USDC, ALICE, 1n), transferOf(USDC, BOB, 1n), transferOf(USDC, ALICE, 1n)])
  const good = witnessFor(grant, NOW, [0, 1, 0])

  test('says for every call which leaf is meant', async () => {
    expect(await say(good, calls)).toBe('allowed')
    expect(await say({ ...good, indexes: [0, 1, 1] }, calls)).toBe('ConditionFailed')
    expect(await say({ ...good, indexes: [0, 1, 2] }, calls)).toBe('InvalidWitness')
    expect(await say({ ...good, indexes: [0, 1] }, calls)).toBe('InvalidWitness')
    expect(await say({ ...good, indexes: [0, 1, 0, 0] }, calls)).toBe('InvalidWitness')
  })

  test('says nothing for its calls where there is one leaf', async () => {
    const one = witnessFor(grant, NOW, [0])
    expect(await say({ ...one, indexes: [0] })).toBe('InvalidWitness')
  })

  test('holds no leaf of another policy', async () => {
    const [foreign] = witnessFor(encode(sendPolicy, binding), NOW, [0]).leaves
    const [first] = good.leaves
    if (foreign === undefined || first === undefined) throw new Error('each has a leaf')
    expect(await say({ ...good, leaves: [first, foreign] }, calls)).toBe('InvalidWitness')
  })

  test('with no leaf has no root', async () => {
    expect(await say({ ...good, leaves: [], indexes: [] }, calls)).toBe('SessionNotActive')
  })
})

describe('the signature', () => {
  const witness = witnessFor(grant, NOW, [0])
  const bytes = bytesOf(witness)
  const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

  const authorizer = async (signature: Hex, data = callData) => {
    const before = chain.evm.snapshot()
    const { value, error } = await chain.validate({ callData: data, witness, signature })
    chain.evm.revert(before)
    return error ?? unpack(value)
  }
  const right = () => sign({ hash: digestOf(USER_OP_HASH, MODULE, 1, bytes), privateKey: KEY_SECRET, to: 'hex' })

  test('is the key’s over hash, module, entity and witness', async () => {
    expect(await authorizer(await right())).toMatchObject({ authorizer: 0n })
    for (const hash of [
      digestOf(pad('0x01'), MODULE, 1, bytes),
      digestOf(USER_OP_HASH, USDC, 1, bytes),
      digestOf(USER_OP_HASH, MODULE, 2, bytes),
      digestOf(USER_OP_HASH, MODULE, 1, concat([bytes, '0x00'])),
      USER_OP_HASH,
    ])
      expect(await authorizer(await sign({ hash, privateKey: KEY_SECRET, to: 'hex' }))).toMatchObject({
        authorizer: 1n,
      })
  })

  test('is not anyone else’s, zero, of a high s or another v; the interval is told all the same', async () => {
    const signature = await right()
    const r = slice(signature, 0, 32)
    const s = BigInt(slice(signature, 32, 64))
    const v = Number.parseInt(signature.slice(-2), 16)
    const flipped = concat([r, numberToHex(ORDER - s, { size: 32 }), numberToHex(55 - v, { size: 1 })])
    const bad: Hex[] = [
      pad('0x', { size: 65 }),
      flipped,
      concat([r, numberToHex(s, { size: 32 }), numberToHex(v - 27, { size: 1 })]),
      concat([r, numberToHex(s, { size: 32 }), numberToHex(55 - v, { size: 1 })]),
      await sign({ hash: digestOf(USER_OP_HASH, MODULE, 1, bytes), privateKey: pad('0x01'), to: 'hex' }),
    ]
    for (const signature of bad)
      expect(await authorizer(signature)).toEqual({ authorizer: 1n, validAfter: FROM, validUntil: FROM + 86_400 - 1 })
  })

  test('is looked at last: an operation that is not allowed is not, whoever signed', async () => {
    expect(await authorizer(pad('0x', { size: 65 }), execute(transferOf(USDC, BOB, 1n)))).toBe('ConditionFailed')
  })

  test('has 65 bytes', async () => {
    const signature = await right()
    expect(await authorizer(slice(signature, 0, 64))).not.toMatchObject({ authorizer: 0n })
    expect(await authorizer(concat([signature, '0x00']))).not.toMatchObject({ authorizer: 0n })
  })
})
