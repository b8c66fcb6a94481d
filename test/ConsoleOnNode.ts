import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SimulatedTransport } from '../src/ledger/simulated/SimulatedTransport.js'
import { kindOf } from '../src/account/kinds.js'
import { writ, type Ran } from './cli/world.js'
import { compiled } from './contracts/harness/compiled.js'
import { Anvil } from './e2e/harness/Anvil.js'
import { deployEntryPointOn } from './e2e/harness/deploy.js'

/**
 * Runs the commands of a page in their order against one node, in a folder of their own. The node stands in for a fork of Base: the EntryPoint is
 * the real one, and where Modular Account v2's factory stands on Base there is one that makes the account for tests.
 */
export class ConsoleOnNode {
  readonly #anvil: Anvil
  readonly #folder: string
  /** What earlier commands printed, by the names under which the page speaks of it. */
  readonly #names = new Map<string, string>()

  private constructor(anvil: Anvil, folder: string) {
    this.#anvil = anvil
    this.#folder = folder
  }

  /** `files` are those that the page shows. */
  static async start(files: ReadonlyMap<string, string>): Promise<ConsoleOnNode> {
    const anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    const factory = kindOf('modular-account-v2').deployment?.factory
    if (factory === undefined) throw new Error('Modular Account v2 has a factory')
    await anvil.client().setCode({ address: factory, bytecode: compiled('TestFactory').deployedBytecode })
    const folder = mkdtempSync(join(tmpdir(), 'writ-docs-'))
    for (const [name, text] of files) writeFileSync(join(folder, name), `${text}\n`)
    return new ConsoleOnNode(anvil, folder)
  }

  async run(argv: readonly string[]): Promise<Ran> {
    const known = argv.map((word) => word.replace(/^\$([A-Z]+)$/, (_, name: string) => this.#names.get(name) ?? name))
    const env = { WRIT_RPC: this.#anvil.url, WRIT_PASSWORD: 'correct horse battery staple' }
    // Plugged in: a device in software, driven by Ledger's own library; whoever holds it approves what the page says.
    const ledger = new SimulatedTransport({ person: () => true })
    ledger.deviceModel = { id: 'nanoSP' } as NonNullable<typeof ledger.deviceModel>
    const ran = await writ(known, { disk: this.#folder, env, ledger })
    const account = /^installed: entity \d+ of (0x[0-9a-fA-F]{40})$/m.exec(ran.out)?.[1]
    if (account !== undefined) this.#names.set('ACCOUNT', account)
    return ran
  }

  async stop(): Promise<void> {
    await this.#anvil.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
