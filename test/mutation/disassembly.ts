import { instructions } from './mutants.js'

const names: Readonly<Record<number, string>> = {
  0x00: 'STOP', 0x01: 'ADD', 0x02: 'MUL', 0x03: 'SUB', 0x04: 'DIV', 0x05: 'SDIV', 0x06: 'MOD', 0x07: 'SMOD',
  0x08: 'ADDMOD', 0x09: 'MULMOD', 0x0a: 'EXP', 0x0b: 'SIGNEXTEND', 0x10: 'LT', 0x11: 'GT', 0x12: 'SLT', 0x13: 'SGT',
  0x14: 'EQ', 0x15: 'ISZERO', 0x16: 'AND', 0x17: 'OR', 0x18: 'XOR', 0x19: 'NOT', 0x1a: 'BYTE', 0x1b: 'SHL', 0x1c: 'SHR',
  0x1d: 'SAR', 0x20: 'KECCAK256', 0x30: 'ADDRESS', 0x33: 'CALLER', 0x34: 'CALLVALUE', 0x35: 'CALLDATALOAD',
  0x36: 'CALLDATASIZE', 0x37: 'CALLDATACOPY', 0x3d: 'RETURNDATASIZE', 0x3e: 'RETURNDATACOPY', 0x40: 'BLOCKHASH',
  0x42: 'TIMESTAMP', 0x43: 'NUMBER', 0x46: 'CHAINID', 0x50: 'POP', 0x51: 'MLOAD', 0x52: 'MSTORE', 0x53: 'MSTORE8',
  0x54: 'SLOAD', 0x55: 'SSTORE', 0x56: 'JUMP', 0x57: 'JUMPI', 0x5a: 'GAS', 0x5b: 'JUMPDEST', 0x5e: 'MCOPY',
  0x5f: 'PUSH0', 0xf3: 'RETURN', 0xfa: 'STATICCALL', 0xfd: 'REVERT', 0xfe: 'INVALID',
} // prettier-ignore

/** An instruction as a pattern writes it: its name, and what a push carries as hex: `PUSH 40`, `DUP`, `SWAP`, `ADD`. */
const textOf = (code: Uint8Array, pc: number): string => {
  const opcode = code[pc] ?? 0
  if (opcode >= 0x60 && opcode <= 0x7f)
    return `PUSH:${Buffer.from(code.subarray(pc + 1, pc + 1 + (opcode - 0x5f))).toString('hex')}`
  if (opcode >= 0x80 && opcode <= 0x8f) return 'DUP'
  if (opcode >= 0x90 && opcode <= 0x9f) return 'SWAP'
  if (opcode >= 0xa0 && opcode <= 0xa4) return 'LOG'
  return names[opcode] ?? opcode.toString(16)
}

/** Says whether instructions around a program counter are those of a pattern. */
export type Matches = (pc: number, pattern: string) => boolean

/**
 * Matches patterns such as `PUSH:01 >PUSH:01 PUSH:a0 SHL SUB`: instructions one after the other, the one at the program counter
 * behind `>`. A push says what it carries, or `PUSH` alone leaves it open; `*` is any instruction, DUP and SWAP are so of any depth.
 */
export const matcherOf = (code: Uint8Array): Matches => {
  const counters = [...instructions(code)]
  const indexOf = new Map(counters.map((pc, index) => [pc, index]))
  return (pc, pattern) => {
    const parts = pattern.split(' ')
    const here = parts.findIndex((part) => part.startsWith('>'))
    const index = indexOf.get(pc)
    if (here < 0 || index === undefined) return false
    return parts.every((part, at) => {
      const counter = counters[index + at - here]
      if (counter === undefined) return false
      const wanted = part.replace('>', '')
      const text = textOf(code, counter)
      return wanted === '*' || text === wanted || (wanted === 'PUSH' && text.startsWith('PUSH'))
    })
  }
}
