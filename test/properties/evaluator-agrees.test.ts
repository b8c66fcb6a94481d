import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load } from '../../src/evaluator/index.js'
import type { Decision } from '../../src/policy/Decision.js'
import type { State } from '../../src/policy/State.js'
import { decide as reference } from '../../src/semantics/decide.js'
import { bindings } from '../arbitraries/binding.js'
import { stepsFor } from '../arbitraries/operation.js'
import { policies } from '../arbitraries/policy.js'

/** What both readings must say alike: everything of an allowed operation, and of a denied one the set of codes of each call. */
const essence = (decision: Decision): unknown =>
  decision.outcome === 'allow'
    ? decision
    : {
        outcome: 'deny',
        codes: [...new Set(decision.denials.map(({ code, callIndex }) => `${callIndex ?? 'all'} ${code}`))].sort(),
      }

const scenarios = fc.record({ policy: policies(), binding: bindings() }).chain(({ policy, binding }) =>
  fc.record({
    policy: fc.constant(policy),
    binding: fc.constant(binding),
    steps: stepsFor(policy, 12, binding),
  }),
)

describe('the evaluator and the reference', () => {
  test('decide alike, step after step, over generated policies and operations', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(scenarios, ({ policy, binding, steps }) => {
        const session = load(encode(policy, binding))
        let state: State = initialState(session)
        for (const { now, operation } of steps) {
          const expected = reference(policy, binding, state, operation, now)
          expect(essence(decide(session, state, operation, now))).toEqual(essence(expected))
          for (const what of expected.outcome === 'allow' ? ['allow'] : expected.denials.map(({ code }) => code))
            seen.set(what, (seen.get(what) ?? 0) + 1)
          if (expected.outcome === 'allow') state = expected.state
        }
      }),
      { numRuns: 150 },
    )
    // Most kinds of answer must have been met, or the property says little.
    expect(seen.get('allow')).toBeGreaterThan(20)
    expect(seen.size).toBeGreaterThan(10)
  })
})
