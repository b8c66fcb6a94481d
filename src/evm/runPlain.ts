import { combined } from './combined.js'
import { hashed } from './hashed.js'
import { putWord, wordAt } from './words.js'

/** A contract's code with what is known of it before it runs. */
export type Program = {
  readonly code: Uint8Array
  /** 1 where a jump may go. */
  readonly jumps: Uint8Array
  /** What a PUSH pushes, at the place after its opcode. */
  readonly pushes: readonly (bigint | undefined)[]
  /** By opcode its fixed price; below 0 where the chain does not know it. */
  readonly fees: Int32Array
}

/** What is used of the interpreter's state. */
export type PlainState = {
  programCounter: number
  gasLeft: bigint
  memoryWordCount: bigint
  highestMemCost: bigint
  readonly stack: { readonly _store: bigint[]; _len: number; readonly _maxHeight: number }
  readonly memory: { readonly _store: Uint8Array; extend(offset: number, size: number): void }
  readonly interpreter: { getCallData(): Uint8Array }
}

/** Memory past this many bytes is left to the published handlers: numbers stay exact, and honest code has no use for it. */
const MOST_MEMORY = 2 ** 24
/** Yellow Paper, appendix G: for each word hashed, and for each word copied. */
const HASH_WORD = 6
const COPY_WORD = 3

const wordsOf = (bytes: number): number => Math.ceil(bytes / 32)
const memoryCost = (words: number): number => 3 * words + Math.floor((words * words) / 512)

/**
 * Runs instructions that touch nothing but the stack, memory and the program counter, until one that does more or that would fail in whatever
 * way: that one is not begun, so every failure is the published handlers'. Gas is counted in a number, which is what makes it fast.
 */
export function runPlain(state: PlainState, { code, jumps, pushes, fees }: Program, visited?: Uint8Array): void {
  if (state.gasLeft > BigInt(Number.MAX_SAFE_INTEGER)) return
  const { stack, memory } = state
  const items = stack._store
  const most = stack._maxHeight
  const wordsBefore = Number(state.memoryWordCount)
  let words = wordsBefore
  let gas = Number(state.gasLeft)
  let size = stack._len
  let at = state.programCounter
  // INVARIANT: `items[0..size)` are defined and `items[-1]` is not, so what is undefined at the top is an underflow.
  run: while (at < code.length) {
    const op = code[at] ?? 0
    let price = fees[op] ?? -1
    if (price < 0 || price > gas) break
    if (visited !== undefined) visited[at] = 1
    let next = at + 1
    if (op >= 0x5f && op <= 0x7f) {
      const value = op === 0x5f ? 0n : pushes[next]
      if (size >= most || value === undefined) break
      items[size++] = value
      next += op - 0x5f
    } else if (op >= 0x80 && op <= 0x8f) {
      const value = items[size - (op - 0x7f)]
      if (size >= most || value === undefined) break
      items[size++] = value
    } else if (op >= 0x90 && op <= 0x9f) {
      const deep = size - 1 - (op - 0x8f)
      const [top, other] = [items[size - 1], items[deep]]
      if (top === undefined || other === undefined) break
      items[size - 1] = other
      items[deep] = top
    } else
      switch (op) {
        case 0x5b: // JUMPDEST
          break
        case 0x50: // POP
          if (size === 0) break run
          size--
          break
        case 0x56: {
          // JUMP
          const to = items[size - 1]
          if (to === undefined || jumps[Number(to)] !== 1) break run
          size--
          next = Number(to)
          break
        }
        case 0x57: {
          // JUMPI
          const [to, condition] = [items[size - 1], items[size - 2]]
          if (to === undefined || condition === undefined) break run
          if (condition !== 0n) {
            if (jumps[Number(to)] !== 1) break run
            next = Number(to)
          }
          size -= 2
          break
        }
        case 0x15: // ISZERO
        case 0x19: {
          // NOT
          const value = items[size - 1]
          if (value === undefined) break run
          items[size - 1] = op === 0x19 ? value ^ ((1n << 256n) - 1n) : value === 0n ? 1n : 0n
          break
        }
        case 0x20: {
          // KECCAK256
          const [from, length] = [Number(items[size - 1]), Number(items[size - 2])]
          const end = length === 0 ? 0 : from + length
          if (!(end <= MOST_MEMORY)) break run
          const grown = Math.max(words, wordsOf(end))
          price += HASH_WORD * wordsOf(length) + memoryCost(grown) - memoryCost(words)
          if (price > gas) break run
          words = grown
          memory.extend(0, end)
          const data = length === 0 ? new Uint8Array() : memory._store.subarray(from, end)
          size--
          items[size - 1] = hashed(data)
          break
        }
        case 0x35: {
          // CALLDATALOAD
          const from = items[size - 1]
          if (from === undefined) break run
          items[size - 1] = wordAt(state.interpreter.getCallData(), Number(from))
          break
        }
        case 0x36: // CALLDATASIZE
          if (size >= most) break run
          items[size++] = BigInt(state.interpreter.getCallData().length)
          break
        case 0x37: {
          // CALLDATACOPY
          const [to, from, length] = [Number(items[size - 1]), Number(items[size - 2]), Number(items[size - 3])]
          const end = length === 0 ? 0 : to + length
          if (!(end <= MOST_MEMORY) || Number.isNaN(from)) break run
          const grown = Math.max(words, wordsOf(end))
          price += COPY_WORD * wordsOf(length) + memoryCost(grown) - memoryCost(words)
          if (price > gas) break run
          words = grown
          size -= 3
          if (length === 0) break
          memory.extend(0, end)
          const data = state.interpreter.getCallData().subarray(from, from + length)
          memory._store.set(data, to)
          memory._store.fill(0, to + data.length, end)
          break
        }
        case 0x51: // MLOAD
        case 0x52: {
          // MSTORE
          const [place, value] = [items[size - 1], items[size - 2]]
          if (place === undefined) break run
          const from = Number(place)
          if (from > MOST_MEMORY) break run
          const grown = Math.max(words, wordsOf(from + 32))
          if (grown > words) {
            price += memoryCost(grown) - memoryCost(words)
            if (price > gas) break run
          }
          if (op === 0x51) items[size - 1] = readMemory(memory, from)
          else {
            if (value === undefined) break run
            memory.extend(from, 32)
            putWord(memory._store, from, value)
            size -= 2
          }
          words = grown
          break
        }
        default: {
          const [a, b] = [items[size - 1], items[size - 2]]
          if (a === undefined || b === undefined) break run
          const value = combined(op, a, b)
          if (value === undefined) break run
          size--
          items[size - 1] = value
        }
      }
    gas -= price
    at = next
  }
  stack._len = size
  state.programCounter = at
  state.gasLeft = BigInt(gas)
  if (words === wordsBefore) return
  state.memoryWordCount = BigInt(words)
  state.highestMemCost = BigInt(memoryCost(words))
}

function readMemory(memory: PlainState['memory'], from: number): bigint {
  memory.extend(from, 32)
  return wordAt(memory._store, from)
}
