import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load } from '../../src/evaluator/index.js'
import type { Denial, DenialCode } from '../../src/policy/Denial.js'
import { bindings } from '../arbitraries/binding.js'
import { operationFor } from '../arbitraries/operation.js'
import { policies } from '../arbitraries/policy.js'

const schema: { properties: { code: { enum: DenialCode[] } } } = JSON.parse(
  readFileSync('docs/denial.schema.json', 'utf8'),
)
const valid = new Ajv().compile<Denial>(schema)

test('every denial of generated operations obeys the schema, also after a way through JSON', () => {
  let denials = 0
  fc.assert(
    fc.property(
      policies().chain((policy) => fc.tuple(fc.constant(policy), bindings(), operationFor(policy), fc.nat(1_000_000))),
      ([policy, binding, operation, later]) => {
        const session = load(encode(policy, binding))
        const decision = decide(session, initialState(session), operation, policy.from + later)
        if (decision.outcome === 'allow') return
        for (const denial of decision.denials) {
          denials += 1
          const json: unknown = JSON.parse(JSON.stringify(denial))
          expect([valid(json), valid.errors, json]).toEqual([true, null, denial])
        }
      },
    ),
    { numRuns: 60, seed: 7 },
  )
  expect(denials).toBeGreaterThan(20)
})

test('the schema refuses what is no denial', () => {
  expect(valid({ code: 'no-rule' })).toBe(false)
  expect(valid({ code: 'nonsense', retry: 'never' })).toBe(false)
  expect(valid({ code: 'no-rule', retry: 'never', remaining: -1 })).toBe(false)
})

test('the page names every code, and the error of the module of the same name', () => {
  const page = readFileSync('docs/denials.md', 'utf8')
  for (const code of schema.properties.code.enum) {
    expect(page).toContain(`\`${code}\``)
    expect(page).toContain(`\`${code.replace(/(^|-)(.)/g, (_, _dash, letter: string) => letter.toUpperCase())}\``)
  }
})
