import type { Hex } from '../../src/policy/Hex.js'
import type { MutatedContract } from './Codes.js'

/** One change of a contract's runtime bytecode, which is `code` with it. */
export type Mutant = {
  readonly contract: MutatedContract
  readonly pc: number
  readonly change: string
  readonly code: Hex
}

const JUMPDEST = 0x5b
/** Opcode, its name, what it becomes. */
const swaps: Readonly<Record<number, readonly [string, number]>> = {
  0x10: ['LT to GT', 0x11],
  0x11: ['GT to LT', 0x10],
  0x12: ['SLT to SGT', 0x13],
  0x13: ['SGT to SLT', 0x12],
  0x14: ['EQ to SUB', 0x03],
  0x15: ['ISZERO to JUMPDEST', JUMPDEST],
}

/** Every mutant at a program counter that was executed, in order. */
export const mutantsOf = (contract: MutatedContract, code: Uint8Array, executed: Uint8Array): Mutant[] => {
  const mutants: Mutant[] = []
  for (const pc of instructions(code)) {
    const opcode = code[pc] ?? 0
    if (executed[pc] !== 1) continue
    const swap = swaps[opcode]
    if (swap) mutants.push({ contract, pc, change: swap[0], code: hexOf(code.with(pc, swap[1])) })
    const size = pushSize(opcode)
    if (size === 0) continue
    const constant = code.slice(pc + 1, pc + 1 + size)
    for (const [step, name] of [
      [1n, '+1'],
      [-1n, '-1'],
    ] as const) {
      const changed = code.slice()
      changed.set(added(constant, step), pc + 1)
      mutants.push({
        contract,
        pc,
        change: `PUSH${size} 0x${Buffer.from(constant).toString('hex')} ${name}`,
        code: hexOf(changed),
      })
    }
  }
  return mutants
}

/** Where instructions begin: what a push carries is no instruction. */
export function* instructions(code: Uint8Array): Generator<number> {
  for (let pc = 0; pc < code.length; pc += 1 + pushSize(code[pc] ?? 0)) yield pc
}

const pushSize = (opcode: number): number => (opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5f : 0)

const added = (bytes: Uint8Array, step: bigint): Uint8Array => {
  const value = BigInt.asUintN(8 * bytes.length, BigInt(hexOf(bytes)) + step)
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * bytes.length, '0'), 'hex'))
}

const hexOf = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`
