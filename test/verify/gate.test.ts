import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodable } from '../../src/compiler/encodable.js'
import { reportText } from '../../src/verify/index.js'
import { kinds } from '../../src/verify/kinds.js'
import { verify } from '../../src/verify/verify.js'
import { policies } from '../arbitraries/policy.js'
import { binding, example, exampleNames } from './examples.js'

describe('the gate on policies on which all readings agree', () => {
  it.each(exampleNames)('%s passes, and a good part of what is denied is near to what is allowed', async (name) => {
    const report = await verify(example(name), binding, { seed: 11, cases: 100 })
    expect(report.disagreement).toBeUndefined()
    expect(report.cases).toBeGreaterThanOrEqual(100)
    expect(report.allowed + report.denied).toBe(report.cases)
    expect(Object.values(report.kinds).reduce((sum, count) => sum + count, 0)).toBe(report.cases)
    expect(report.allowed).toBeGreaterThan(report.cases / 5)
    expect(report.coverage.single / report.denied).toBeGreaterThan(0.3)
  })

  it('generated policies pass', async () => {
    for (const policy of fc.sample(policies(), { seed: 4, numRuns: 8 })) {
      if (encodable(policy).length > 0) continue
      const report = await verify(policy, binding, { seed: 2, cases: 60 })
      expect(report.disagreement?.what).toBeUndefined()
    }
  })

  it('one seed makes one run', async () => {
    const run = async () => {
      const report = await verify(example('pocket-money'), binding, { seed: 5, cases: 60 })
      return { ...report, seconds: 0 }
    }
    expect(await run()).toEqual(await run())
  })

  it('every kind of case has its occasion in some example', async () => {
    const seen = new Set<string>()
    for (const name of ['office-hours', 'sponsored-bot', 'name-records', 'keeper-batch', 'bridge'])
      for (const kind of Object.keys((await verify(example(name), binding, { seed: 3, cases: 120 })).kinds))
        seen.add(kind)
    const missing = kinds.map(({ name }) => name).filter((name) => !seen.has(name))
    expect(missing).toEqual([])
    expect(seen).toContain('signed by a real key')
    expect(seen).toContain('rule for a forbidden target')
  })

  it('a report tells people counts, seed and coverage', async () => {
    let last = 0
    const onProgress = (cases: number) => {
      expect(cases).toBeGreaterThanOrEqual(last)
      last = cases
    }
    const report = await verify(example('pocket-money'), binding, { seed: 5, cases: 60, onProgress })
    expect(last).toBe(report.cases)
    const text = reportText(report)
    expect(text).toContain('seed 5')
    expect(text).toContain('definition, evaluator and module agree\n')
    expect(text).toContain(`of ${report.coverage.parts} parts of the policy`)
  })
})
