import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { AgentOrder, AgentReport } from './agent.js'

/** The agent's program as one file, so that an agent is up in a moment; `remove` takes it away. */
export async function agentProgram(): Promise<{ readonly path: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'writ-agent-'))
  const path = join(folder, 'agent.mjs')
  const artifacts = pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'src', 'evm', 'artifacts.ts')).href
  await build({
    entryPoints: [join(import.meta.dirname, 'agent.ts')],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // The compiled contracts are found from where the source stands.
    define: { 'import.meta.url': JSON.stringify(artifacts) },
    banner: {
      js: `import { createRequire as r } from 'node:module'; const require = r(${JSON.stringify(artifacts)});`,
    },
  })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** One agent, a process of its own that knows nothing but its order; it is killed by its process id. */
export class AgentProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  constructor(program: string, order: AgentOrder, onReport: (report: AgentReport) => void) {
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, WRIT_AGENT: JSON.stringify(order) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    this.#child = child
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()))
    child.once('close', () => process.off('exit', end))
    // A line that a kill has cut is no report.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const report = read(line)
      if (report) onReport(report)
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('close', (code) => {
      if (code !== null) onReport({ kind: 'trouble', message: `the agent ended with ${code}: ${said.slice(0, 500)}` })
    })
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

function read(line: string): AgentReport | undefined {
  try {
    return JSON.parse(line) as AgentReport
  } catch {
    return undefined
  }
}
