import { readFileSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { codesWith } from './Codes.js'
import { examples } from './examples.js'
import type { Mutant } from './mutants.js'
import { type Recording, record } from './record.js'
import { replay } from './replay.js'

/** What a worker is asked: first to record the gate's run on one example, then, with all recordings, to try mutants. */
export type Job =
  | {
      readonly kind: 'record'
      readonly index: number
      readonly cases: number
      readonly seed: number
      readonly file: string
    }
  | { readonly kind: 'load'; readonly files: readonly string[] }
  | { readonly kind: 'try'; readonly mutant: Mutant }

/** What it answers: for a record how many cases there are, for a mutant what was different, if anything. */
export type Answer = { readonly cases?: number; readonly killedBy?: string; readonly failed?: string }

let recordings: Recording[] = []

const answer = async (job: Job): Promise<Answer> => {
  switch (job.kind) {
    case 'record': {
      const example = examples()[job.index]
      if (example === undefined) throw new RangeError(`there is no example ${job.index}`)
      const recording = await record(example.name, example.policy, job)
      writeFileSync(job.file, serialize(recording))
      return { cases: recording.chains.reduce((sum, { cases }) => sum + cases.length, 0) }
    }
    case 'load':
      recordings = job.files.map((file): Recording => deserialize(readFileSync(file)))
      return {}
    case 'try': {
      const { contract, pc, code } = job.mutant
      const killedBy = await replay(recordings, contract, pc, codesWith(contract, code))
      return killedBy === undefined ? {} : { killedBy: killedBy.slice(0, 300) }
    }
    default:
      return job satisfies never
  }
}

process.on('message', (job: Job) => {
  answer(job).then(
    (result) => process.send?.(result),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
