// `npm run test:concurrency -- [--seed N] [--operations N] [--agents N]`: prints the figures, and ends with 1 where anything is wrong.
import { parseArgs } from 'node:util'
import { anvilProgram } from '../harness/tools.js'
import { play } from './story.js'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    operations: { type: 'string', default: '200' },
    agents: { type: 'string', default: '8' },
    'kill-every': { type: 'string', default: '4' },
  },
})

if (anvilProgram() === undefined) process.exit(0)
const figures = await play({
  seed: Number(values.seed),
  operations: Number(values.operations),
  agents: Number(values.agents),
  killEvery: Number(values['kill-every']),
  blockSeconds: 1,
  limitSeconds: 900,
  onProgress: (line) => void process.stderr.write(`${line}\n`),
})
const { faults, inTheWay, ...numbers } = figures
for (const [name, value] of Object.entries(numbers)) console.log(`${name.padEnd(16)} ${value}`)
console.log(`${'inTheWay'.padEnd(16)} ${JSON.stringify(inTheWay)}`)
console.log(faults.length === 0 ? 'every meter is what the events make of it' : faults.join('\n'))
process.exitCode = faults.length === 0 ? 0 : 1
