import { describe, expect, test } from 'vitest'
import { decideScenario, engines, scenarioNames } from './scenario.js'

test('the corpus has 24 scenarios', () => {
  expect(scenarioNames).toHaveLength(24)
})

describe.each(scenarioNames)('%s', (name) => {
  test.each(engines)('every step is decided rightly by the %s', async (engine) => {
    const steps = await decideScenario(name, engine)
    expect(steps.map(({ outcome, why }) => `${outcome} ${why}`)).toEqual(
      steps.map(({ expected, why }) => `${expected} ${why}`),
    )
  })
})
