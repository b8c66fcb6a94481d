// npm run test:mutation: mutants of the module's runtime bytecode, each against the gate.
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { verify } from '../../src/verify/index.js'
import { binding, examples } from './examples.js'
import { type Mutant, mutantsOf } from './mutants.js'
import { placesOf } from './sources.js'
import type { Answer, Job } from './worker.js'

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '2000' },
    'trace-cases': { type: 'string', default: '200' },
    workers: { type: 'string', default: '2' },
    report: { type: 'string', default: 'mutation-report.json' },
    pc: { type: 'string' },
  },
})
const seed = Number(values.seed)
const cases = Number(values.cases)

/** An argument why mutants of one kind at one place change nothing: `change` is a beginning of the mutant's, `text` stands in the source line. */
type Equivalent = { readonly change: string; readonly file: string; readonly text: string; readonly why: string }

const artifact = contractArtifact('WritModule')
const code = Uint8Array.from(Buffer.from(artifact.deployedBytecode.slice(2), 'hex'))
const whole: { deployedSourceMap: string; sources: string[] } = JSON.parse(
  readFileSync('contracts/artifacts/WritModule.json', 'utf8'),
)
const placeOf = placesOf(code, whole.deployedSourceMap, whole.sources)
const equivalents: Equivalent[] = JSON.parse(readFileSync('test/mutation/equivalents.json', 'utf8'))

/** The program counters that the gate executes in the module, for each example. */
const trace = async (): Promise<Uint8Array[]> => {
  const executed: Uint8Array[] = []
  const { module } = binding()
  for (const { name, policy } of examples()) {
    const seen = new Uint8Array(code.length)
    const report = await verify(policy, binding(), {
      cases: Number(values['trace-cases']),
      seed,
      watch: (evm) =>
        evm.onStep(({ pc, codeAddress }) => {
          if (codeAddress === module) seen[pc] = 1
        }),
    })
    if (report.disagreement) throw new Error(`${name} fails the gate before any mutant: ${report.disagreement.what}`)
    executed.push(seen)
    console.log(`traced ${name}: ${seen.reduce((sum, bit) => sum + bit, 0)} program counters`)
  }
  return executed
}

/** `count` of the mutants, chosen by the seed (mulberry32). */
const sampleOf = (mutants: readonly Mutant[], count: number): Mutant[] => {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const pool = [...mutants]
  const chosen: Mutant[] = []
  while (chosen.length < count && pool.length > 0) {
    const [one] = pool.splice(Math.floor(random() * pool.length), 1)
    if (one) chosen.push(one)
  }
  return chosen
}

const executed = await trace()
const anywhere = code.map((_, pc) => (executed.some((seen) => seen[pc] === 1) ? 1 : 0))
const all = mutantsOf(code, anywhere).filter(({ pc }) => values.pc === undefined || pc === Number(values.pc))
const sample = sampleOf(all, Number(values.sample))
console.log(
  `${all.length} mutants at ${anywhere.reduce((sum, bit) => sum + bit, 0)} executed program counters, ${sample.length} sampled by seed ${seed}`,
)

const results = new Map<Mutant, Answer>()
const queue = [...sample]
const started = performance.now()

const work = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = fork(new URL('./worker.ts', import.meta.url), { execArgv: process.execArgv })
    let current: Mutant | undefined
    const next = (): void => {
      current = queue.shift()
      if (current === undefined) {
        worker.kill()
        resolve()
        return
      }
      const { pc } = current
      const order = executed.flatMap((seen, index) => (seen[pc] === 1 ? [index] : []))
      worker.send({ mutant: current, order, cases, seed } satisfies Job)
    }
    worker.on('error', reject)
    worker.on('message', (answer: Answer) => {
      if (current) results.set(current, answer)
      if (answer.killedBy === undefined && current) {
        const { file, line, text } = placeOf(current.pc)
        console.log(`survived: pc ${current.pc} ${current.change} ${file ?? ''}:${line} ${text}`)
      }
      if (results.size % 20 === 0)
        console.log(`${results.size} of ${sample.length} after ${((performance.now() - started) / 1000).toFixed(0)} s`)
      next()
    })
    next()
  })
await Promise.all(Array.from({ length: Number(values.workers) }, work))

const survivors = [...results].flatMap(([{ pc, change }, { killedBy }]) => {
  if (killedBy !== undefined) return []
  const place = placeOf(pc)
  const argued = equivalents.find(
    ({ change: begins, file, text }) =>
      change.startsWith(begins) && (place.file ?? '').endsWith(file) && place.text.includes(text),
  )
  return [{ pc, change, ...place, ...(argued && { why: argued.why }) }]
})
const argued = survivors.filter((survivor) => 'why' in survivor).length
const killed = results.size - survivors.length
const figure = (100 * (killed + argued)) / results.size

writeFileSync(
  values.report,
  `${JSON.stringify({ seed, cases, sampled: results.size, killed, argued, figure, survivors }, null, 2)}\n`,
)
for (const { pc, change, file, line, text, ...rest } of survivors.sort((a, b) => a.pc - b.pc))
  console.log(
    `pc ${pc} ${change}\n  ${file ?? ''}:${line} ${text}\n  ${'why' in rest ? `equivalent: ${String(rest.why)}` : 'NOT ARGUED'}`,
  )
console.log(
  `${killed} killed, ${argued} of ${survivors.length} survivors argued equivalent, of ${results.size} sampled: ${figure.toFixed(1)}%`,
)
process.exitCode = figure >= 95 ? 0 : 1
