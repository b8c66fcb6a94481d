import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { numberToHex, parseEther } from 'viem'
import { entryPoint07Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import type { Anvil } from '../harness/Anvil.js'

/** A folder of its own, so that nothing here ever imports what stands in it. */
const folder = join(import.meta.dirname, 'program')
const program = join(folder, 'node_modules', '@pimlico', 'alto', 'esm', 'cli', 'alto.js')

/** Installs the program where it is missing, from the lock file, without any script of it; false where that fails. */
export function installAlto(): boolean {
  if (existsSync(program)) return true
  console.log('installing @pimlico/alto (about 380 MB) into test/e2e/alto/program …')
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', flags, { cwd: folder, stdio: 'inherit' })
  return status === 0 && existsSync(program)
}

/** Pimlico's bundler as a process of its own (GPL-3.0: run, never imported), without ERC-7562's checks, which anvil's tracer cannot serve it. */
export class Alto {
  readonly url: string
  readonly #child: ChildProcess
  readonly #said: () => string

  private constructor(url: string, child: ChildProcess, said: () => string) {
    this.url = url
    this.#child = child
    this.#said = said
  }

  static async start(anvil: Anvil): Promise<Alto> {
    const keys = [generatePrivateKey(), generatePrivateKey()] as const
    for (const key of keys)
      await anvil.client().setBalance({ address: privateKeyToAddress(key), value: parseEther('1000') })
    const port = await freePort()
    const flags = {
      'rpc-url': anvil.url,
      entrypoints: entryPoint07Address,
      'executor-private-keys': keys[0],
      'utility-private-key': keys[1],
      'min-executor-balance': '0',
      'safe-mode': 'false',
      'log-level': 'warn',
      port: String(port),
    }
    const child = spawn(
      process.execPath,
      [program, 'run', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
      },
    )
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    const alto = new Alto(`http://127.0.0.1:${port}`, child, () => said)
    await alto.#answers(anvil.chainId)
    return alto
  }

  /** What it wrote to its log. */
  get log(): string {
    return this.#said()
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }

  async #answers(chainId: number): Promise<void> {
    for (let tries = 0; tries < 240; tries++) {
      if (this.#child.exitCode !== null)
        throw new Error(`alto ended with ${this.#child.exitCode}:\n${this.log.slice(-3000)}`)
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
      const answer = await fetch(`${this.url}/rpc`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
        .then((response) => response.json() as Promise<{ result?: string }>)
        .catch(() => undefined)
      if (answer?.result === numberToHex(chainId)) return
      await wait(500)
    }
    await this.stop()
    throw new Error(`alto did not start:\n${this.log.slice(-3000)}`)
  }
}

/** alto wants to be told its port; this one was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
