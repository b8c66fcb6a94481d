import { verify } from '../../src/verify/index.js'
import { binding, examples } from './examples.js'
import type { Mutant } from './mutants.js'

/** A mutant, the examples in the order in which they are to be tried, and how the gate runs. */
export type Job = {
  readonly mutant: Mutant
  readonly order: readonly number[]
  readonly cases: number
  readonly seed: number
}
/** What stopped the mutant; nothing if nothing did. */
export type Answer = { readonly killedBy?: string }

const policies = examples()

const judge = async ({ mutant, order, cases, seed }: Job): Promise<Answer> => {
  // A short run finds most of them; only who survives that on every example is worth the whole one.
  for (const count of [Math.ceil(cases / 20), cases])
    for (const index of order) {
      const example = policies[index]
      if (!example) continue
      try {
        const options = { cases: count, seed, moduleCode: mutant.code, strictGrants: true }
        const { disagreement } = await verify(example.policy, binding(), options)
        if (disagreement) return { killedBy: `${example.name}: ${disagreement.kind}` }
      } catch (error) {
        // The gate itself stumbles over an answer that no sound module gives.
        return { killedBy: `${example.name}: ${error instanceof Error ? error.message : String(error)}` }
      }
    }
  return {}
}

process.on('message', (job: Job) => {
  void judge(job).then((answer) => process.send?.(answer))
})
