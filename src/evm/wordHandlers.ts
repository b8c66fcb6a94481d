/** What is used of the interpreter's state by the instructions that move words. */
export type WordState = {
  readonly stack: { pop(): bigint; push(value: bigint): void }
  readonly memory: {
    write(offset: number, size: number, value: Uint8Array): void
    read(offset: number, size: number, avoidCopy: boolean): Uint8Array
  }
  readonly interpreter: { getCallData(): Uint8Array }
}

const word = new Uint8Array(32)
const view = new DataView(word.buffer)

const put = (value: bigint): void => {
  view.setBigUint64(24, value)
  view.setBigUint64(16, value >> 64n)
  view.setBigUint64(8, value >> 128n)
  view.setBigUint64(0, value >> 192n)
}

const taken = (): bigint =>
  (((((view.getBigUint64(0) << 64n) | view.getBigUint64(8)) << 64n) | view.getBigUint64(16)) << 64n) |
  view.getBigUint64(24)

/** Does what CALLDATALOAD, MLOAD and MSTORE do, by their opcodes, without a detour over hex text; memory and gas are the interpreter's. */
export const wordHandlers: ReadonlyMap<number, (state: WordState) => void> = new Map([
  [
    0x35,
    ({ stack, interpreter }: WordState) => {
      const data = interpreter.getCallData()
      const at = stack.pop()
      word.fill(0)
      if (at < BigInt(data.length)) word.set(data.subarray(Number(at), Number(at) + 32))
      stack.push(taken())
    },
  ],
  [
    0x51,
    ({ stack, memory }: WordState) => {
      word.set(memory.read(Number(stack.pop()), 32, true))
      stack.push(taken())
    },
  ],
  [
    0x52,
    ({ stack, memory }: WordState) => {
      const at = Number(stack.pop())
      put(stack.pop())
      memory.write(at, 32, word)
    },
  ],
])
