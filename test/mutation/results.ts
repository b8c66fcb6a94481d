import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { concat, keccak256 } from 'viem'
import type { Codes, MutatedContract } from './Codes.js'
import type { Mutant } from './mutants.js'

type Line = {
  readonly contract: MutatedContract
  readonly pc: number
  readonly change: string
  readonly killedBy: string
}

const folder = 'node_modules/.cache/writ-mutation'
const nameOf = ({ contract, pc, change }: Omit<Mutant, 'code'>): string => `${contract} ${pc} ${change}`

/**
 * Mutants of these bytecodes that were killed before, so that a run that was broken off can go on. Survivors are not kept: a better gate may
 * kill them.
 */
export class Results {
  readonly #file: string
  readonly #killed = new Map<string, string>()

  /** `fresh`: what was done before does not count. */
  constructor({ moduleCode, readerCode, printerCode }: Codes, fresh: boolean) {
    mkdirSync(folder, { recursive: true })
    this.#file = `${folder}/${keccak256(concat([moduleCode, readerCode, printerCode])).slice(2, 18)}.jsonl`
    if (fresh || !existsSync(this.#file)) return
    for (const text of readFileSync(this.#file, 'utf8').split('\n')) {
      if (text === '') continue
      const line: Line = JSON.parse(text)
      this.#killed.set(nameOf(line), line.killedBy)
    }
  }

  /** What killed a mutant before. */
  of(mutant: Mutant): string | undefined {
    return this.#killed.get(nameOf(mutant))
  }

  note({ contract, pc, change }: Mutant, killedBy: string): void {
    this.#killed.set(nameOf({ contract, pc, change }), killedBy)
    appendFileSync(this.#file, `${JSON.stringify({ contract, pc, change, killedBy } satisfies Line)}\n`)
  }
}
