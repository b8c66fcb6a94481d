import { encodeAbiParameters, parseAbiParameters, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, load } from '../../src/evaluator/index.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Argument, Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import { decide as reference } from '../../src/semantics/decide.js'
import {
  account,
  address,
  alice,
  argument,
  binding,
  callDataOf,
  compare,
  fresh,
  number,
  payroll,
  start,
  uint256,
  usdc,
} from '../semantics/fixtures.js'

// Every word of an encoding is made wrong in every way that matters, and each time the definition says what that means.

const component = (index: number) => ({ kind: 'component', index }) as const
const element = (index: number) => ({ kind: 'element', index }) as const
const last = { kind: 'last' } as const
const named = <Type>(type: Type) => ({ name: '', type })

const action = {
  kind: 'call',
  name: 'go',
  inputs: [
    named({ kind: 'bool' }),
    named({ kind: 'array', element: { kind: 'array', element: uint256 } }),
    named({ kind: 'int', bits: 16 }),
    named({
      kind: 'array',
      element: {
        kind: 'tuple',
        components: [named({ kind: 'bytes' }), named({ kind: 'address' }), named({ kind: 'string' })],
      },
    }),
    named({ kind: 'array', length: 2, element: { kind: 'bytes' } }),
    named({
      kind: 'tuple',
      components: [named(uint256), named({ kind: 'array', element: { kind: 'fixedBytes', size: 4 } })],
    }),
    named({ kind: 'fixedBytes', size: 4 }),
  ],
} as const

const types = 'bool, uint256[][], int16, (bytes, address, string)[], bytes[2], (uint256, bytes4[]), bytes4'
const selector = toFunctionSelector(`go(${types.replaceAll(' ', '')})`)
const encoded = encodeAbiParameters(parseAbiParameters(types), [
  true,
  [[5n, 6n], [], [7n]],
  -3,
  [
    ['0x0102', alice, 'hello'],
    ['0x', account, 'a text that is longer than one word, so that two are needed'],
  ],
  ['0xaa', `0x${'bb'.repeat(33)}`],
  [9n, ['0x01020304', '0xffffffff']],
  '0xa9059cbb',
])

const bytes4 = (value: Hex): Operand => ({ kind: 'constant', constant: { kind: 'bytes', value } })
const truth: Operand = { kind: 'constant', constant: { kind: 'bool', value: true } }
const readings: readonly (readonly [string, Argument, Operand])[] = [
  ['a bool', argument(0, { kind: 'bool' }), truth],
  ['an element of an element', argument(1, uint256, element(0), element(1)), number(6n)],
  ['the last of the last', argument(1, uint256, last, last), number(7n)],
  ['an element of an empty array', argument(1, uint256, element(1), last), number(0n)],
  ['a negative number', argument(2, { kind: 'int', bits: 16 }), number(-3n)],
  ['a component of the last element', argument(3, { kind: 'address' }, last, component(1)), address(account)],
  ['a component behind two arrays', argument(5, uint256, component(0)), number(9n)],
  [
    'an element of a component',
    argument(5, { kind: 'fixedBytes', size: 4 }, component(1), element(0)),
    bytes4('0x01020304'),
  ],
  ['a word behind all heads', argument(6, { kind: 'fixedBytes', size: 4 }), bytes4('0xa9059cbb')],
]

const wrongWords = (word: string): readonly string[] => {
  const value = BigInt(`0x${word}`)
  const others = [
    value ^ 1n,
    value ^ 2n,
    value + 32n,
    value - 32n,
    value ^ (1n << 255n),
    value ^ (1n << 160n),
    value ^ (1n << 64n),
    value ^ (1n << 15n),
    0n,
    2n ** 256n - 1n,
  ]
  return others.map((other) => BigInt.asUintN(256, other).toString(16).padStart(64, '0'))
}

/** Each word wrong in each way; cut at one byte in seven; with bytes behind. */
const variants: readonly Hex[] = Array.from({ length: encoded.length }, (_, at) => at).flatMap((at) => {
  if (at < 2 || at % 2 !== 0) return []
  const cut: Hex[] = at % 14 === 0 ? [`0x${encoded.slice(2, at)}`] : []
  if ((at - 2) % 64 !== 0) return cut
  const replaced = wrongWords(encoded.slice(at, at + 64)).map(
    (word): Hex => `0x${encoded.slice(2, at)}${word}${encoded.slice(at + 64)}`,
  )
  return [...cut, ...replaced, `0x${encoded.slice(2)}${'00'.repeat((at - 2) / 64)}`]
})

const rule: AllowRule = { effect: 'allow', target: usdc, action, where: [], charges: [], unlimited: [] }
const policyOf = (...rules: Policy['rules']): Policy => ({ ...payroll, meters: payroll.meters.slice(0, 1), rules })

describe('a word that is reached by', () => {
  test.each(readings)(
    '%s counts only where the definition counts it, in an allow and in a deny',
    (_, operand, constant) => {
      const denied: DenyRule = { effect: 'deny', target: usdc, action, where: [compare(operand, '==', constant)] }
      const policies = [
        policyOf({ ...rule, where: [compare(operand, '==', constant)] }),
        policyOf({ ...rule, where: [compare(operand, '!=', constant)] }),
        policyOf(rule, denied),
        policyOf(rule, { ...denied, where: [compare(operand, '!=', constant)] }),
      ]
      for (const policy of policies) {
        const session = load(encode(policy, binding))
        const state = fresh(policy)
        let allowed = 0
        for (const variant of variants) {
          const operation = { callData: callDataOf({ to: usdc, value: 0n, data: `${selector}${variant.slice(2)}` }) }
          const { outcome } = decide(session, state, operation, start)
          expect(outcome, variant).toBe(reference(policy, binding, state, operation, start).outcome)
          if (outcome === 'allow') allowed++
        }
        expect(allowed).toBeLessThan(variants.length)
      }
    },
  )
})
