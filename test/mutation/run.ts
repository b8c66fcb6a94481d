// npm run test:mutation: mutants of the runtime bytecode of the module, and of what reads and prints its grants, each against all that the gate asks on the examples.
//
// The gate is run once on each example with the module as it is; what it asked, and what definition and evaluator expected of each answer, is kept, with
// the program counters that each case ran. A mutant is then given the very same questions, as far as they come to the mutated instruction.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deserialize } from 'node:v8'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { bytesOf } from '../../src/verify/bytes.js'
import { codesWith, contracts, type MutatedContract } from './Codes.js'
import { matcherOf } from './disassembly.js'
import { type Equivalent, judgeSurvivors } from './equivalents.js'
import { examples } from './examples.js'
import { instructions, type Mutant, mutantsOf } from './mutants.js'
import { Pool } from './Pool.js'
import { hasRun, type Recording } from './record.js'
import { Results } from './results.js'
import { sampleOf } from './sample.js'
import { placesOf } from './sources.js'

const { values } = parseArgs({
  options: {
    /** How many mutants; `all` for every one. */
    sample: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    /** Operations of the gate on each example. */
    cases: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '2' },
    report: { type: 'string', default: 'mutation-report.json' },
    /** Only the mutants at this program counter. */
    pc: { type: 'string' },
    /** Forget what earlier runs have killed. */
    fresh: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const cases = Number(values.cases)
const started = performance.now()
const say = (text: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`)

/** What is to be known of a mutated contract: its code, and where each instruction comes from. */
const subjectOf = (contract: MutatedContract) => {
  const code = bytesOf(contractArtifact(contract).deployedBytecode)
  const artifact = readFileSync(`contracts/artifacts/${contract}.json`, 'utf8')
  const { deployedSourceMap, sources }: { deployedSourceMap: string; sources: string[] } = JSON.parse(artifact)
  return { contract, code, placeOf: placesOf(code, deployedSourceMap, sources), matches: matcherOf(code) }
}
const subjects = {
  WritModule: subjectOf('WritModule'),
  GrantReader: subjectOf('GrantReader'),
  GrantPrinter: subjectOf('GrantPrinter'),
}
const equivalents: Equivalent[] = JSON.parse(readFileSync('test/mutation/equivalents.json', 'utf8'))

/** The bits that are set in any of them. */
const united = (all: readonly Uint8Array[]): Uint8Array => {
  const bits = new Uint8Array(Math.max(0, ...all.map(({ length }) => length)))
  for (const each of all) for (const [at, byte] of each.entries()) bits[at] = (bits[at] ?? 0) | byte
  return bits
}

const folder = mkdtempSync(join(tmpdir(), 'writ-mutation-'))
const pool = new Pool(Number(values.workers))
try {
  const list = examples().map(({ name }, index) => ({ name, index, file: join(folder, `${index}.bin`) }))
  await pool.each(
    list,
    ({ index, file }) => ({ kind: 'record', index, cases, seed, file }),
    ({ name }, answer) => say(`recorded ${name}: ${answer.cases ?? 0} cases`),
  )
  const runs: Uint8Array[] = []
  for (const { file } of list) {
    const { authority, chains }: Recording = deserialize(readFileSync(file))
    const each = [authority, ...chains.flatMap(({ setup, cases: own }) => [setup, ...own.map(({ ran }) => ran)])]
    runs.push(united(each))
  }
  const ran = united(runs)
  let counters = 0
  const all = contracts
    .flatMap((contract) => {
      const { code } = subjects[contract]
      const executed = code.map((_, pc) => (hasRun(ran, contract, pc) ? 1 : 0))
      for (const pc of instructions(code)) counters += executed[pc] ?? 0
      return mutantsOf(contract, code, executed)
    })
    .filter(({ pc }) => values.pc === undefined || pc === Number(values.pc))
  const sample = sampleOf(all, values.sample === 'all' ? all.length : Number(values.sample), seed)
  say(`${all.length} mutants at ${counters} executed program counters, ${sample.length} sampled by seed ${seed}`)

  const results = new Results(codesWith(), values.fresh)
  const left = sample.filter((mutant) => results.of(mutant) === undefined)
  if (left.length < sample.length) say(`${sample.length - left.length} were killed in an earlier run`)
  await pool.all({ kind: 'load', files: list.map(({ file }) => file) })
  const survivors: Mutant[] = []
  let done = 0
  await pool.each(
    left,
    (mutant) => ({ kind: 'try', mutant }),
    (mutant, { killedBy }) => {
      done += 1
      if (killedBy !== undefined) results.note(mutant, killedBy)
      else {
        survivors.push(mutant)
        const { file, line, text } = subjects[mutant.contract].placeOf(mutant.pc)
        say(`survived: ${mutant.contract} pc ${mutant.pc} ${mutant.change} ${file ?? ''}:${line} ${text}`)
      }
      if (done % 50 === 0) say(`${done} of ${left.length}, ${survivors.length} survived`)
    },
  )

  const judged = judgeSurvivors(survivors, equivalents, (contract) => subjects[contract])
  const argued = judged.filter(({ why }) => why !== undefined).length
  const killed = sample.length - survivors.length
  const figure = (100 * (killed + argued)) / Math.max(1, sample.length)
  const report = { seed, cases, mutants: all.length, sampled: sample.length, killed, argued, figure, survivors: judged }
  writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`)
  for (const { contract, pc, change, file, line, text, why } of judged)
    console.log(
      `${contract} pc ${pc} ${change}\n  ${file ?? ''}:${line} ${text}\n  ${why === undefined ? 'NOT ARGUED' : `equivalent: ${why}`}`,
    )
  say(
    `${killed} killed, ${argued} of ${survivors.length} survivors argued equivalent, of ${sample.length} sampled: ${figure.toFixed(1)}%`,
  )
  process.exitCode = figure >= 95 ? 0 : 1
} finally {
  pool.close()
  rmSync(folder, { recursive: true })
}
