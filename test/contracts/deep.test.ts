import { concat, encodeAbiParameters, parseAbiParameters, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../src/policy/Condition.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { BOB } from './harness/actors.js'
import { Agreement } from './harness/Agreement.js'
import { feeMeter, FROM, transferPolicy, uint256 } from './harness/policies.js'

const data = { kind: 'argument', path: [{ kind: 'component', index: 0 }] } as const
const operand = (depth: number): Operand => ({ kind: 'element', depth, path: [], type: uint256 })
const sum = (factor: Operand) => [{ negative: false, scales: [], factors: [factor] as const }]

/** `every` in `every`, as deep as conditions may be, all over the numbers of the second argument; at the bottom the outermost element is compared. */
const deepest = (levels: number): Condition => {
  let condition: Condition = {
    kind: 'compare',
    operator: '==',
    left: sum(operand(levels - 1)),
    right: sum({ kind: 'constant', constant: { kind: 'number', value: 7n } }),
  }
  const over = { kind: 'array', place: { kind: 'argument', path: [{ kind: 'component', index: 1 }] } } as const
  for (let level = 0; level < levels; level += 1)
    condition = { kind: level % 2 ? 'every' : 'any', over, body: [condition] }
  return condition
}

const rule = (where: readonly Condition[], nested?: readonly Nested[]): AllowRule => ({
  effect: 'allow',
  target: BOB,
  action: {
    kind: 'call',
    name: 'f',
    inputs: [
      { name: '', type: { kind: 'array', element: { kind: 'bytes' } } },
      { name: '', type: { kind: 'array', element: uint256 } },
    ],
  },
  where,
  charges: [],
  unlimited: [],
  ...(nested ? { nested } : {}),
})
const policyOf = (only: AllowRule): Policy => ({ ...transferPolicy, tokens: [], meters: [feeMeter], rules: [only] })
const call = (inner: readonly Hex[], numbers: readonly bigint[]): Hex =>
  concat([
    toFunctionSelector('f(bytes[],uint256[])'),
    encodeAbiParameters(parseAbiParameters('bytes[],uint256[]'), [inner, numbers]),
  ])

describe('what is nested as deep as the format allows', () => {
  const levels = 31

  test('has room on the stack: quantifiers in quantifiers', async () => {
    const agreement = await Agreement.of(policyOf(rule([deepest(levels)])))
    expect(await agreement.ask([{ to: BOB, value: 0n, data: call([], [7n]) }], FROM)).toBe('allowed')
    expect(await agreement.ask([{ to: BOB, value: 0n, data: call([], [8n]) }], FROM)).toBe('ConditionFailed(0,0)')
  })

  test('has room on the stack: the same in calls in calls', async () => {
    let inner = rule([deepest(levels)])
    let [right, wrong] = [call([], [7n]), call([], [8n])]
    for (let depth = 0; depth < 4; depth += 1) {
      inner = rule([], [{ form: 'calls', list: data, rules: [inner] }])
      right = call([right], [])
      wrong = call([wrong], [])
    }
    const agreement = await Agreement.of(policyOf(inner))
    expect(await agreement.ask([{ to: BOB, value: 0n, data: right }], FROM)).toBe('allowed')
    expect(await agreement.ask([{ to: BOB, value: 0n, data: wrong }], FROM)).toBe('NestedCallDenied(0,0)')
  })
})
