import { describe, expect, test } from 'vitest'
import { play } from './concurrency/story.js'
import { anvilProgram } from './harness/tools.js'

// The whole of it, 200 operations of 8 agents, is `npm run test:concurrency`.
describe.skipIf(anvilProgram() === undefined)('agents that work beside each other and are killed at random', () => {
  test('leave every meter as the EntryPoint’s events make it, include nothing twice, and need no file to go on', async () => {
    const story = { seed: 7, operations: 16, agents: 4, killEvery: 3, blockSeconds: 1, limitSeconds: 280 }
    const figures = await play(story)
    expect(figures.faults).toEqual([])
    expect(figures.included).toBeGreaterThanOrEqual(16)
    expect(figures.kills).toBeGreaterThan(0)
    expect(figures.accounts).toBe(2)
  }, 300_000)
})
