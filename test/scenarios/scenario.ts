import { readdirSync, readFileSync } from 'node:fs'
import { writ } from '../cli/world.js'

type Scenario = {
  readonly id: string
  readonly steps: readonly { readonly expect: string; readonly why: string; readonly attack?: string }[]
}

const folder = 'policies/scenarios'

/** The readings that a scenario is decided by. */
export const engines = ['evaluator', 'reference', 'module'] as const

/** Every scenario of the corpus, whether its writ stands beside it or not. */
export const scenarioNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''))

/** One step: what is right, what one reading says, and why. */
export type Step = { readonly expected: string; readonly outcome: string; readonly why: string }

/** Decides every step of a scenario by one reading, by the command line as an operator would. */
export async function decideScenario(name: string, engine: string): Promise<readonly Step[]> {
  const { steps } = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Scenario
  const ops = `${folder}/${name}.json`
  const ran = await writ(['decide', `${folder}/${name}.writ`, '--ops', ops, '--engine', engine, '--json'])
  if (ran.code !== 0) throw new Error(`${name}: ${ran.err}`)
  const outcomes = ran.out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { outcome: string }).outcome)
  if (outcomes.length !== steps.length) throw new Error(`${name}: ${outcomes.length} answers to ${steps.length} steps`)
  return steps.map(({ expect, why }, i) => ({ expected: expect, outcome: outcomes[i] ?? '', why }))
}
