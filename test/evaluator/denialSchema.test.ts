import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load, type Denial, type DenialCode } from '../../src/evaluator/index.js'
import { bindings } from '../arbitraries/binding.js'
import { stepsFor } from '../arbitraries/operation.js'
import { policies } from '../arbitraries/policy.js'

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
const page = read('denials.md')
const validate = new Ajv().compile<Denial>(JSON.parse(read('denial.schema.json')))

/** Every code, which the compiler holds to be complete. */
const codes: Record<DenialCode, true> = {
  'session-not-active': true,
  'not-yet-valid': true,
  expired: true,
  'malformed-operation': true,
  'forbidden-target': true,
  'no-rule': true,
  'value-not-allowed': true,
  'condition-failed': true,
  'denied-by-rule': true,
  'nested-call-denied': true,
  'rule-not-yet-valid': true,
  'rule-expired': true,
  'outside-hours': true,
  'amount-unreadable': true,
  'per-call-exceeded': true,
  'meter-exceeded': true,
  'window-passed': true,
  'fee-exceeded': true,
  'fee-condition-failed': true,
  'paymaster-not-allowed': true,
}

describe('docs/denials.md', () => {
  test('has a row for every code, in the order of the type, with the module’s error of the same name', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| `(\w+)` \| .* \| .* \|$/gm)]
    expect(rows.map(([, code]) => code)).toEqual(Object.keys(codes))
    for (const [, code = '', error] of rows)
      expect(error).toBe(code.replace(/(^|-)(.)/g, (_, _dash, letter: string) => letter.toUpperCase()))
  })

  test('shows a denial of the schema’s form', () => {
    const [, example = ''] = /```json\n([^]*?)```/.exec(page) ?? []
    expect(validate(JSON.parse(example))).toBe(true)
  })
})

describe('the schema', () => {
  test('lists every code', () => {
    for (const code of Object.keys(codes)) expect(validate({ code, retry: 'never' }), code).toBe(true)
  })

  test('refuses what is no denial', () => {
    const denial = { code: 'no-rule', retry: 'ask-owner' }
    for (const wrong of [
      {},
      { ...denial, code: 'because' },
      { ...denial, retry: 'maybe' },
      { ...denial, retry: 'later' },
      { ...denial, retryAt: 5 },
      { ...denial, callIndex: -1 },
      { ...denial, remaining: '-1' },
      { ...denial, reason: 'x' },
    ])
      expect(validate(wrong), JSON.stringify(wrong)).toBe(false)
  })

  test('is the form of every denial, which is the same after a way through JSON', () => {
    const cases = fc
      .record({ policy: policies(), binding: bindings() })
      .chain(({ policy, binding }) =>
        fc.record({ policy: fc.constant(policy), binding: fc.constant(binding), steps: stepsFor(policy, 8, binding) }),
      )
    const seen = new Set<DenialCode>()
    fc.assert(
      fc.property(cases, ({ policy, binding, steps }) => {
        const session = load(encode(policy, binding))
        const state = initialState(session)
        for (const { now, operation } of steps) {
          const decision = decide(session, state, operation, now)
          if (decision.outcome === 'allow') continue
          for (const denial of decision.denials) {
            seen.add(denial.code)
            expect(validate(denial), JSON.stringify([denial, validate.errors])).toBe(true)
            expect(JSON.parse(JSON.stringify(denial))).toEqual(denial)
            if (denial.retryAt !== undefined) expect(denial.retryAt).toBeGreaterThan(now)
          }
        }
      }),
      { numRuns: 150, endOnFailure: true },
    )
    expect(seen.size).toBeGreaterThan(10)
  })
})
