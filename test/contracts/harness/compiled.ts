import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Abi } from 'viem'
import { compileContracts, readSources, settings } from '../../../contracts/build.js'
import type { Hex } from '../../../src/policy/Hex.js'

/** A contract of contracts/test that only the tests use. */
export type Compiled = { readonly abi: Abi; readonly bytecode: Hex; readonly deployedBytecode: Hex }
export type TestContract = 'BadModule' | 'TestFactory' | 'TestHooks' | 'TestPaymaster'

/** Compiles contracts/test/<name>.sol; once for a state of the sources, whichever test file comes first. */
export function compiled(name: TestContract): Compiled {
  const sources = readSources()
  const key = createHash('sha256')
    .update(JSON.stringify([name, settings, sources]))
    .digest('hex')
  const folder = join(tmpdir(), 'writ-test-contracts')
  const path = join(folder, `${key}.json`)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Compiled
  const source = `contracts/test/${name}.sol`
  const artifact = compileContracts({ [source]: sources[source] ?? '' })[name]
  if (artifact === undefined) throw new Error(`there is no ${source}`)
  const { abi, bytecode, deployedBytecode } = artifact
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${path}.${process.pid}`, JSON.stringify({ abi, bytecode, deployedBytecode }))
  // Renamed, so that no other worker reads half of it.
  renameSync(`${path}.${process.pid}`, path)
  return { abi: abi as Abi, bytecode, deployedBytecode }
}
