import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createModuleEngine, moduleDecide } from '../../src/evm/moduleEngine.js'
import { decideIn, situations } from './situation.js'

test('the module allows what the definition allows, charges the same, and gives the same interval', async () => {
  await fc.assert(
    fc.asyncProperty(situations(), async (situation) => {
      const { policy, binding, state, operation, now } = situation
      const engine = await createModuleEngine(policy, binding, { direct: true })
      await engine.setMeters(state.meters)
      const expected = decideIn(situation)
      const actual = await moduleDecide(engine, operation, now)
      if (expected.outcome === 'deny') {
        expect(actual.outcome).toBe('deny')
        return
      }
      expect(actual).toMatchObject({ outcome: 'allow', rules: expected.rules })
      if (operation.fees !== undefined)
        expect(actual).toMatchObject({ validFrom: expected.validFrom, validUntil: expected.validUntil })
      expect(await engine.state()).toEqual(expected.state)
    }),
    { numRuns: 60, endOnFailure: true },
  )
})
