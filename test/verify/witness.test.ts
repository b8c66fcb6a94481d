import { describe, expect, it } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { load, witness } from '../../src/evaluator/index.js'
import { hexOf } from '../../src/verify/bytes.js'
import type { Trick } from '../../src/verify/Trick.js'
import { witnessBytes, WitnessMaker } from '../../src/verify/witness.js'
import { binding, example, exampleNames } from './examples.js'

const tricks: readonly Trick[] = [
  { kind: 'leaf bit', at: 77 },
  { kind: 'header bit', at: 1 },
  { kind: 'proof bit', at: 300 },
  { kind: 'leaf cut' },
  { kind: 'leaf extended' },
  { kind: 'denies stripped' },
  { kind: 'proof cut' },
  { kind: 'proof extended' },
  { kind: 'leaf indexes swapped' },
  { kind: 'leaf index out of range' },
  { kind: 'witness cut' },
  { kind: 'witness extended' },
  { kind: 'no witness' },
]

describe('witnesses of the gate', () => {
  it.each(exampleNames)('the honest ones of %s are the evaluator’s', (name) => {
    const policy = example(name)
    const grant = encode(policy, binding)
    const session = load(grant)
    const maker = new WitnessMaker(grant, policy)
    const allows = policy.rules.flatMap(({ effect }, index) => (effect === 'allow' ? [index] : []))
    const [first = 0, second = first, third = second] = allows
    for (const rules of [[first], [first, second], [third, first, third]]) {
      const time = policy.from + 7
      expect(hexOf(witnessBytes(maker.honest(time, rules)))).toBe(witness(session, { time, rules }))
    }
  })

  it('every trick is another witness', () => {
    const policy = example('office-hours')
    const maker = new WitnessMaker(encode(policy, binding), policy)
    const honest = hexOf(witnessBytes(maker.honest(policy.from, [0, 1])))
    const seen = new Set([honest])
    for (const trick of tricks) {
      const twisted = maker.twisted(policy.from, [0, 1], trick)
      expect(twisted, trick.kind).toBeDefined()
      if (twisted) seen.add(hexOf(twisted))
    }
    expect(seen.size).toBe(tricks.length + 1)
  })

  it('a trick that would change nothing is none', () => {
    const policy = example('bridge')
    const maker = new WitnessMaker(encode(policy, binding), policy)
    for (const kind of ['denies stripped', 'proof cut', 'leaf indexes swapped', 'leaf index out of range'] as const)
      expect(maker.twisted(policy.from, [0], { kind })).toBeUndefined()
  })
})
