import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { writ } from './cli/world.js'

type Scenario = { readonly id: string; readonly steps: readonly { readonly expect: string; readonly why: string }[] }

const folder = 'policies/scenarios'
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.writ'))
  .map((name) => name.replace('.writ', ''))

describe.each(names)('%s', (name) => {
  const scenario = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Scenario
  test.each(['evaluator', 'reference', 'module'])('every step is decided rightly by the %s', async (engine) => {
    const argv = ['decide', `${folder}/${name}.writ`, '--ops', `${folder}/${name}.json`, '--engine', engine, '--json']
    const ran = await writ(argv)
    expect([ran.err, ran.code]).toEqual(['', 0])
    const outcomes = ran.out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome)
    expect(outcomes.map((outcome, i) => `${outcome} ${scenario.steps[i]?.why ?? ''}`)).toEqual(
      scenario.steps.map((step) => `${step.expect} ${step.why}`),
    )
  })
})
