import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address, Hex } from '../../src/policy/Hex.js'

/** One transaction of a protocol's own tests: its calldata and the function that it calls, as a human-readable signature. */
export type Transaction = {
  readonly id: string
  readonly to: Address
  readonly value: string
  readonly data: Hex
  readonly function: string
}

/** Where real calldata lies: it comes from other projects and is read in place, never copied. `WRIT_CALLDATA` names another folder. */
export const corpusFolder = process.env.WRIT_CALLDATA ?? join('..', 'shared', 'corpus', 'calldata')

/** Every transaction, by file; empty where the folder is absent, which is said loudly. */
export function corpus(): readonly (readonly [string, readonly Transaction[]])[] {
  if (!existsSync(corpusFolder)) {
    console.warn(`SKIPPED: real calldata is not at ${corpusFolder} (set WRIT_CALLDATA to the folder that holds it)`)
    return []
  }
  return readdirSync(corpusFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { transactions } = JSON.parse(readFileSync(join(corpusFolder, name), 'utf8')) as {
        transactions: readonly Transaction[]
      }
      return [name, transactions] as const
    })
}
