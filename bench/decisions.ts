import { spawnSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bundleBench, bundleEvaluator, firstDecisionProgram } from './decisions/bundle.js'
import { target } from './decisions/target.js'
import { workloadOf } from './decisions/workload.js'

// How fast the evaluator decides, beside what one would write by hand and beside other engines; its size, and its first decision.

const bundle = await bundleEvaluator()
spawnSync(process.execPath, [await bundleBench(bundle), bundle.path], { stdio: 'inherit' })

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
console.log(
  `bundle: ${target(`${kilobytes(bundle.bytes)} minified (20 kB)`, bundle.bytes < 20_000)}, ${kilobytes(bundle.compressedBytes)} compressed, no dependency`,
)

/** Milliseconds from start to end of a Node process, the least of several. */
const start = (program: string): number => {
  const times = Array.from({ length: 15 }, () => {
    const begin = performance.now()
    const { status } = spawnSync(process.execPath, [program])
    if (status !== 0) throw new Error(`${program} fails`)
    return performance.now() - begin
  })
  return Math.min(...times)
}
const few = workloadOf(10, 'apart')
const allowed = few.requests.find((request) => request.allowed)
if (!allowed) throw new Error('no request is allowed')
const first = await firstDecisionProgram(bundle, few.grant, allowed.operation.callData, allowed.now)
const empty = join(dirname(bundle.path), 'empty.mjs')
await writeFile(empty, '')
const cold = start(first) - start(empty)
console.log(
  `cold start (import, load 10 rules, first decision): ${target(`${cold.toFixed(1)} ms beyond Node's own (20 ms)`, cold < 20)}`,
)
await rm(dirname(bundle.path), { recursive: true })
