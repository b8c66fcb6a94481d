import * as fc from 'fast-check'
import { concat, keccak256, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encodable } from '../../src/compiler/encodable.js'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import { positionsOf, wordsOf } from '../../src/compiler/meters.js'
import { leafHashOf, proofIn, proofOf, topOf, treeOf } from '../../src/compiler/proof.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { DenyRule } from '../../src/policy/Rule.js'
import { bindings } from '../arbitraries/binding.js'
import { widePolicies } from '../arbitraries/policy.js'
import { allow, argument, BINDING, component, number, one, policyOf, TRANSFER, uint256, USDC, WETH } from './samples.js'

const deny = (rest: Partial<DenyRule>): DenyRule => ({
  effect: 'deny',
  target: USDC.address,
  action: { kind: 'any' },
  where: [],
  ...rest,
})

/** A clause that can be told from others by its hours. */
const at = (start: number) => ({ hours: { start, end: 1440, weekdays: 1 } })
const clauseAt = (start: number): string => `10${numberToHex(start, { size: 2 }).slice(2)}05a00100`

const clausesOf = (leaf: Hex | undefined, body: number): string => (leaf ?? '0x').slice(2 + 2 * body)

describe('leaves', () => {
  it('have every deny folded in that touches their function, in the order of the rules', () => {
    const rules = [
      deny({ ...at(1), action: { kind: 'send' } }),
      allow(),
      deny(at(2)),
      deny({ ...at(3), action: TRANSFER }),
      allow({ action: { kind: 'send' } }),
      deny({ ...at(4), action: { ...TRANSFER, name: 'move' } }),
      deny({ ...at(5), target: WETH.address }),
      deny({ ...at(6), action: { ...TRANSFER, inputs: TRANSFER.inputs.map((input) => ({ ...input, name: '' })) } }),
    ]
    const leaves = leavesOf(encode(policyOf({ tokens: [USDC, WETH], rules }), BINDING))
    // flags, target, selector, head words, no condition, no charge; then the clauses
    expect(clausesOf(leaves[0], 1 + 20 + 4 + 1 + 1 + 1)).toBe(`03${clauseAt(2)}${clauseAt(3)}${clauseAt(6)}`)
    expect(clausesOf(leaves[1], 1 + 20 + 1 + 1)).toBe(`02${clauseAt(1)}${clauseAt(2)}`)
    expect(leaves).toHaveLength(2)
  })

  it('charge meters by their records', () => {
    const amount = one(argument(uint256, component(1)))
    const calls = one(number(1n))
    const policy = policyOf({
      meters: [
        { counts: USDC.address, limit: 1n << 97n, window: { kind: 'total' } },
        { counts: 'calls', limit: 0n, window: { kind: 'period', seconds: 300 } },
        { counts: USDC.address, limit: (1n << 97n) - 1n, window: { kind: 'period', seconds: 2 ** 32 - 1 } },
        { counts: USDC.address, limit: 255n, window: { kind: 'total' } },
        { counts: USDC.address, limit: (1n << 226n) - 1n, window: { kind: 'total' } },
      ],
      rules: [
        allow({
          charges: [
            { kind: 'meter', meter: 0, amount, assetChecked: true },
            { kind: 'meter', meter: 1, amount: calls, assetChecked: true },
            { kind: 'meter', meter: 2, amount, assetChecked: true },
            { kind: 'meter', meter: 3, amount, assetChecked: true },
            { kind: 'meter', meter: 4, amount, assetChecked: true },
            { kind: 'per call', asset: USDC.address, limit: 0n, amount, assetChecked: true },
          ],
        }),
      ],
    })
    const [leaf = '0x'] = leavesOf(encode(policy, BINDING))
    const word = '10013f'
    // A wide meter takes a word after word 0, the halves before it stay empty.
    expect(leaf.slice(2 + 2 * 27)).toBe(
      `06${`4d0200000000${'02'.padEnd(26, '0')}${word}`}${`000400 00012c 000101`.replaceAll(' ', '')}` +
        `0d05ffffffff01${'ff'.repeat(12)}${word}` +
        `010600000000ff${word}` +
        `5d0800000000${'03'}${'ff'.repeat(28)}${word}` +
        `c0${word}` +
        '00',
    )
  })
})

describe('positions', () => {
  const total = { kind: 'total' } as const
  const narrow: Meter = { counts: 'ETH', limit: 1n, window: total }
  const wide: Meter = { counts: 'ETH', limit: 1n << 97n, window: total }
  const rolling: Meter = { counts: 'ETH', limit: (1n << 112n) - 1n, window: { kind: 'rolling', seconds: 86_400 } }

  it('give a rolling meter five words of its own, whatever its limit', () => {
    expect(positionsOf([rolling])).toEqual([2])
    expect(positionsOf([narrow, rolling, narrow])).toEqual([0, 2, 12])
    expect(positionsOf([narrow, narrow, narrow, { ...rolling, limit: 0n }, wide, narrow])).toEqual([0, 1, 2, 4, 14, 16])
    expect(wordsOf([])).toBe(1)
    expect(wordsOf([narrow, narrow, narrow])).toBe(2)
    expect(wordsOf([rolling])).toBe(6)
    expect(wordsOf([...Array.from({ length: 25 }, () => rolling), wide, wide])).toBe(128)
  })

  it('stand in the records of leaf and header, with kind 2 for a rolling meter', () => {
    const policy = policyOf({
      fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
      tokens: [],
      meters: [rolling, { ...rolling, counts: 'calls', limit: 3n }],
      rules: [
        allow({
          target: WETH.address,
          charges: [{ kind: 'meter', meter: 1, amount: one(number(1n)), assetChecked: true }],
        }),
      ],
    })
    expect(encodable(policy)).toEqual([])
    const grant = encode(policy, BINDING)
    expect(grant).toContain(`8e0200015180${'ff'.repeat(14)}00`)
    expect(grant).toContain(`02ff8e00015180${'ff'.repeat(14)}fe810001518003`)
    expect(leavesOf(grant)[0]?.slice(2 + 2 * 27)).toBe('01810c000151800300010100')
    expect(decode(grant)).toStrictEqual({ ok: true, policy, binding: BINDING })
  })
})

describe('the root', () => {
  const root = (hashes: readonly Hex[]): Hex => treeOf(hashes)[0] ?? '0x'
  const node = (a: Hex, b: Hex): Hex => keccak256(concat(['0x01', ...[a, b].sort()]))
  const leaf = (byte: number): Hex => leafHashOf(numberToHex(byte, { size: 1 }))

  it('is a heap: the leaves stand at n-1 to 2n-2, in order', () => {
    const [a, b, c, d, e] = [leaf(1), leaf(2), leaf(3), leaf(4), leaf(5)]
    expect(leaf(1)).toBe(keccak256('0x0001'))
    expect(root([a])).toBe(a)
    expect(root([a, b])).toBe(node(a, b))
    expect(root([a, b, c])).toBe(node(node(b, c), a))
    expect(root([a, b, c, d, e])).toBe(node(node(node(d, e), a), node(b, c)))
  })

  it('is led to by every leaf with its proof, and by no other leaf', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (count, at) => {
        const hashes = Array.from({ length: count }, (_, index) => leaf(index))
        const index = at % count
        const tree = treeOf(hashes)
        const proof = proofOf(hashes, index)
        expect(proof).toEqual(proofIn(tree, index))
        expect(topOf(leaf(index), proof)).toBe(tree[0])
        expect(topOf(leaf(index + 1), proof)).not.toBe(tree[0])
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)))
      }),
      { numRuns: 60 },
    )
  })

  it('binds chain, module, account, entity, tag and header', () => {
    fc.assert(
      fc.property(widePolicies(), bindings(), (policy, binding) => {
        const grant = encode(policy, binding)
        const [top = '0x'] = treeOf(leavesOf(grant).map(leafHashOf))
        const headerLength = parseInt(grant.slice(2 + 2 * 59, 2 + 2 * 61), 16)
        const header = grant.slice(2 + 2 * 61, 2 + 2 * (61 + headerLength))
        const chain = numberToHex(policy.chainId, { size: 8 })
        const entity = numberToHex(binding.entityId, { size: 4 })
        const parts: Hex[] = ['0x02', chain, binding.module, policy.account, entity, binding.tag, `0x${header}`, top]
        expect(rootOf(grant)).toBe(keccak256(concat(parts)))
      }),
      { numRuns: 60 },
    )
  })

  it('is found in a second for ten thousand rules that share denies', () => {
    const rules = Array.from({ length: 10_000 }, (_, index) =>
      allow({ target: numberToHex(BigInt(index) + (1n << 150n), { size: 20 }) }),
    )
    const policy = policyOf({ tokens: [], rules: [...rules, deny({ target: rules[0]?.target ?? '0x' })] })
    const start = performance.now()
    rootOf(encode(policy, BINDING))
    // Ten times what it takes, so that a busy machine does not matter and a quadratic pass does.
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
