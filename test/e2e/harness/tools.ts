import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Abi } from 'viem'
import type { Hex } from '../../../src/policy/Hex.js'

const folder = join(import.meta.dirname, '..', 'tools', 'node_modules')

/** The node's program; undefined where it cannot run, which is said loudly. */
export function anvilProgram(): string | undefined {
  const program = join(folder, '@foundry-rs', 'anvil-linux-amd64', 'bin', 'anvil')
  if (existsSync(program)) return program
  console.warn('SKIPPED: the end-to-end tests need anvil, which has no program for this platform (Linux x64 only)')
  return undefined
}

/** A contract as its npm package ships it. */
export function shipped(path: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const { abi, bytecode } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { abi: Abi; bytecode: string }
  return { abi, bytecode: `0x${bytecode.replace(/^0x/, '')}` }
}
