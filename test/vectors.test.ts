import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { accountEngine, evaluatorEngine, moduleEngine, referenceEngine, type Engine, type Vector } from './vectors.js'

/** The readings that must pass every vector. */
const engines: readonly Engine[] = [referenceEngine, evaluatorEngine, moduleEngine, accountEngine]

const folder = new URL('../policies/vectors/', import.meta.url)
// The vectors of the format are facts about bytes, not decisions (test/compiler).
const topics = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'format.json')

/** Decimal text is a bigint, wherever it stands: no name, symbol or hex of a policy looks like that. */
const revive = (_: string, value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : value

for (const engine of engines)
  describe(engine.name, () => {
    for (const topic of topics) {
      const vectors: readonly Vector[] = JSON.parse(readFileSync(new URL(topic, folder), 'utf8'), revive)
      describe(topic.replace('.json', ''), () => {
        for (const { description, policy, binding, steps } of vectors)
          test(description, async () => {
            const decide = await engine.open(policy, binding)
            for (const { why, now, operation, expect: expected } of steps) {
              const answer = await decide(operation, now)
              expect({ why, outcome: answer.outcome }).toEqual({ why, outcome: expected.outcome })
              if (answer.outcome === 'allow' && answer.interval && expected.interval)
                expect({ why, interval: answer.interval }).toEqual({ why, interval: expected.interval })
              if (answer.outcome === 'deny' && expected.codes) {
                if (engine.tells === 'every reason')
                  expect({ why, codes: new Set(answer.codes) }).toEqual({ why, codes: new Set(expected.codes) })
                else expect(expected.codes, why).toContain(answer.codes[0])
              }
            }
          })
      })
    }
  })
