const POW_256 = 1n << 256n
const MOST = POW_256 - 1n

/** What an instruction makes of the top of the stack and the word below it; undefined for opcodes that are not here. */
export function combined(op: number, top: bigint, below: bigint): bigint | undefined {
  switch (op) {
    case 0x01: {
      // ADD
      const sum = top + below
      return sum < POW_256 ? sum : sum - POW_256
    }
    case 0x02: // MUL
      return (top * below) & MOST
    case 0x03: // SUB
      return top >= below ? top - below : top - below + POW_256
    case 0x04: // DIV
      return below === 0n ? 0n : top / below
    case 0x06: // MOD
      return below === 0n ? 0n : top % below
    case 0x10: // LT
      return top < below ? 1n : 0n
    case 0x11: // GT
      return top > below ? 1n : 0n
    case 0x12: // SLT
      return BigInt.asIntN(256, top) < BigInt.asIntN(256, below) ? 1n : 0n
    case 0x13: // SGT
      return BigInt.asIntN(256, top) > BigInt.asIntN(256, below) ? 1n : 0n
    case 0x14: // EQ
      return top === below ? 1n : 0n
    case 0x16: // AND
      return top & below
    case 0x17: // OR
      return top | below
    case 0x18: // XOR
      return top ^ below
    case 0x1a: // BYTE
      return top > 31n ? 0n : (below >> (8n * (31n - top))) & 0xffn
    case 0x1b: // SHL
      return top > 255n ? 0n : (below << top) & MOST
    case 0x1c: // SHR
      return top > 255n ? 0n : below >> top
    default:
      return undefined
  }
}
