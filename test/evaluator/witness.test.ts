import fc from 'fast-check'
import { concatHex, keccak256, numberToHex, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import { rootOf } from '../../src/compiler/root.js'
import { digest, load, root, witness } from '../../src/evaluator/index.js'
import { bindings } from '../arbitraries/binding.js'
import { policies } from '../arbitraries/policy.js'
import { ACCOUNT, FROM, grantOf, HEADER, LEAF, MODULE } from './handMadeGrant.js'

const leafHash = (leaf: Hex): Hex => keccak256(concatHex(['0x00', leaf]))
const node = (a: Hex, b: Hex): Hex => keccak256(concatHex(a < b ? ['0x01', a, b] : ['0x01', b, a]))

/** A witness taken apart as docs/format.md draws it. */
const parse = (bytes: Hex, calls: number) => {
  let at = 2
  const take = (count: number): Hex => {
    const part = bytes.slice(at, at + 2 * count)
    if (part.length !== 2 * count) throw new RangeError('the witness ends too early')
    at += 2 * count
    return `0x${part}`
  }
  const number = (count: number): number => Number(take(count))
  const header = take(number(2))
  const time = number(5)
  const leaves = Array.from({ length: number(1) }, () => {
    const length = number(2)
    const siblings = number(1)
    return { leaf: take(length), proof: Array.from({ length: siblings }, () => take(32)) }
  })
  const choice =
    leaves.length > 1 ? Array.from({ length: calls }, () => number(1)) : Array.from({ length: calls }, () => 0)
  expect(at).toBe(bytes.length)
  return { header, time, leaves, choice }
}

describe('root', () => {
  test('of one rule is what docs/format.md says of it', () => {
    const expected = keccak256(
      `0x02${'0000000000002105'}${MODULE}${ACCOUNT}00000001000000000000${HEADER}${leafHash(`0x${LEAF}`).slice(2)}`,
    )
    expect(root(load(grantOf()))).toBe(expected)
  })

  test('is the compiler’s for every policy', () => {
    fc.assert(
      fc.property(policies(), bindings(), (policy, binding) => {
        const grant = encode(policy, binding)
        expect(root(load(grant))).toBe(rootOf(grant))
      }),
      { numRuns: 100 },
    )
  })
})

describe('witness', () => {
  test('of one rule is header, time, leaf and no proof', () => {
    const session = load(grantOf())
    const length = numberToHex(LEAF.length / 2, { size: 2 }).slice(2)
    expect(witness(session, { time: FROM, rules: [0] })).toBe(`0x002c${HEADER}006b02e75001${length}00${LEAF}`)
    expect(witness(session, { time: 0, rules: [0, 0] })).toBe(`0x002c${HEADER}000000000001${length}00${LEAF}`)
  })

  test('holds for every call the leaf of its rule, with a proof that leads to the root', () => {
    const cases = policies().chain((policy) => {
      const allows = policy.rules.flatMap(({ effect }, index) => (effect === 'allow' ? [index] : []))
      return fc.record({
        policy: fc.constant(policy),
        allows: fc.constant(allows),
        binding: bindings(),
        rules: fc.array(fc.constantFrom(...allows), { minLength: 1, maxLength: 5 }),
      })
    })
    fc.assert(
      fc.property(cases, ({ policy, allows, binding, rules }) => {
        const grant = encode(policy, binding)
        const session = load(grant)
        const { header, time, leaves, choice } = parse(witness(session, { time: policy.from + 1, rules }), rules.length)
        expect(time).toBe(policy.from + 1)
        for (const { leaf, proof } of leaves) {
          const top = proof.reduce(node, leafHash(leaf))
          const bound = concatHex(['0x02', `0x${grant.slice(4, 4 + 2 * 58)}`, header, top])
          expect(keccak256(bound)).toBe(root(session))
        }
        const expected = leavesOf(grant)
        expect(choice.map((index) => leaves[index]?.leaf)).toEqual(rules.map((rule) => expected[allows.indexOf(rule)]))
      }),
      { numRuns: 150 },
    )
  })

  test('is refused for a rule that allows nothing', () => {
    const session = load(grantOf())
    for (const rule of [1, 2, -1, 0.5]) expect(() => witness(session, { time: 0, rules: [rule] })).toThrow(RangeError)
  })
})

test('the digest binds operation, module, entity and witness', () => {
  const parts = { userOpHash: keccak256('0x01'), module: `0x${MODULE}`, entityId: 77, witness: '0x0102' } as const
  const expected = keccak256(concatHex([parts.userOpHash, parts.module, '0x0000004d', keccak256('0x0102')]))
  expect(digest(parts)).toBe(expected)
  expect(() => digest({ ...parts, witness: '0x012' })).toThrow(RangeError)
})
