// npm run test:scenarios: each scenario with the steps that each reading decides rightly. Exit 1 where one is wrong.
import { decideScenario, engines, scenarioNames } from './scenario.js'

const width = Math.max(...scenarioNames.map((name) => name.length)) + 2
console.log(`${'scenario'.padEnd(width)}${engines.map((engine) => engine.padStart(12)).join('')}`)
const right = new Map<string, number>()
let steps = 0
for (const name of scenarioNames) {
  const cells: string[] = []
  const wrong: string[] = []
  for (const engine of engines)
    try {
      const decided = await decideScenario(name, engine)
      const good = decided.filter(({ expected, outcome }) => expected === outcome)
      right.set(engine, (right.get(engine) ?? 0) + good.length)
      if (engine === engines[0]) steps += decided.length
      cells.push(`${good.length}/${decided.length}`)
      for (const { expected, outcome, why } of decided)
        if (expected !== outcome) wrong.push(`  ${engine} says ${outcome}: ${why}`)
    } catch (error) {
      cells.push('-')
      wrong.push(`  ${engine}: ${error instanceof Error ? error.message : String(error)}`)
    }
  console.log(`${name.padEnd(width)}${cells.map((cell) => cell.padStart(12)).join('')}`)
  for (const line of wrong) console.log(line)
  if (wrong.length > 0) process.exitCode = 1
}
const total = engines.map((engine) => `${right.get(engine) ?? 0}/${steps}`.padStart(12)).join('')
console.log(`${`${scenarioNames.length} scenarios`.padEnd(width)}${total}`)
