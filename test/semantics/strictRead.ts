import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { PathStep } from '../../src/policy/Operand.js'

/**
 * The word at the end of a path, read by hand as docs/format.md says ("Descriptor, and what canonical means"), without any ABI library; undefined
 * where the encoding is not canonical on the way. It knows nothing of the word's own range. A second opinion on the reference's use of viem.
 */
export function strictRead(data: Hex, inputs: readonly Parameter[], path: readonly PathStep[]): bigint | undefined {
  const body = data.slice(10)
  const index = path[0]?.kind === 'component' ? path[0].index : -1
  const read = inputs[index]?.type
  if (read === undefined) return undefined
  const types = inputs.map(({ type }) => type)
  if (body.length < 64 * headWords(types)) return undefined
  if (isDynamic(read) && endOf(body, types.slice(0, index + 1), 0, headWords(types)) === undefined) return undefined
  return locate(body, types, 0, path)
}

/** The same for the length of a `bytes`, `string` or `T[]` at the end of the path. */
export function strictLength(data: Hex, inputs: readonly Parameter[], path: readonly PathStep[]): bigint | undefined {
  const body = data.slice(10)
  const index = path[0]?.kind === 'component' ? path[0].index : -1
  const types = inputs.map(({ type }) => type)
  if (endOf(body, types.slice(0, index + 1), 0, headWords(types)) === undefined) return undefined
  return locate(body, types, 0, path, true)
}

/** How many words the canonical encoding of values of these types takes that the bytes begin with. */
export function endOfCanonical(body: string, types: readonly AbiType[]): number | undefined {
  return endOf(body, types, 0, headWords(types))
}

/** Whether the bytes (hex without 0x) begin with the canonical encoding of values of these types, whatever the words are. */
export function isCanonical(body: string, types: readonly AbiType[]): boolean {
  return endOf(body, types, 0, headWords(types)) !== undefined
}

/** The word (in words from the start) where what stands at `base` ends; heads take `heads` words. Undefined unless canonical. */
function endOf(body: string, types: readonly AbiType[], base: number, heads: number): number | undefined {
  let end: number | undefined = base + heads
  if (body.length < 64 * end) return undefined
  let head = base
  for (const type of types) {
    if (isDynamic(type)) {
      if (wordAt(body, head) !== BigInt(32 * (end - base))) return undefined
      end = endOfTail(body, type, end)
      if (end === undefined) return undefined
    }
    head += wordsInHead(type)
  }
  return end
}

function endOfTail(body: string, type: AbiType, at: number): number | undefined {
  if (type.kind === 'tuple') {
    const types = type.components.map((component) => component.type)
    return endOf(body, types, at, headWords(types))
  }
  if (type.kind === 'array' && type.length !== undefined) {
    const types = Array.from({ length: type.length }, () => type.element)
    return endOf(body, types, at, headWords(types))
  }
  const length = wordAt(body, at)
  if (length === undefined) return undefined
  const left = body.length / 2 - 32 * (at + 1)
  if (type.kind === 'array') {
    const heads = length * BigInt(wordsInHead(type.element))
    if (heads * 32n > BigInt(left)) return undefined
    return endOf(
      body,
      Array.from({ length: Number(length) }, () => type.element),
      at + 1,
      Number(heads),
    )
  }
  const words = (length + 31n) / 32n
  if (words * 32n > BigInt(left)) return undefined
  const end = at + 1 + Number(words)
  const padding = body.slice(64 * (at + 1) + 2 * Number(length), 64 * end)
  return /^0*$/.test(padding) ? end : undefined
}

function locate(
  body: string,
  types: readonly AbiType[],
  base: number,
  [step, ...rest]: readonly PathStep[],
  ofLength = false,
): bigint | undefined {
  if (step === undefined) return undefined
  const index = step.kind === 'last' ? types.length - 1 : step.index
  const type = types[index]
  if (type === undefined) return undefined
  const head = base + headWords(types.slice(0, index))
  let at = isDynamic(type) ? base + Number(wordAt(body, head) ?? 0n) / 32 : head
  if (rest.length === 0) return wordAt(body, ofLength ? at : head)
  if (type.kind === 'tuple')
    return locate(
      body,
      type.components.map((component) => component.type),
      at,
      rest,
      ofLength,
    )
  if (type.kind !== 'array') return undefined
  let length = type.length
  if (length === undefined) {
    length = Number(wordAt(body, at) ?? 0n)
    at += 1
  }
  return locate(
    body,
    Array.from({ length }, () => type.element),
    at,
    rest,
    ofLength,
  )
}

function wordAt(body: string, at: number): bigint | undefined {
  const word = body.slice(64 * at, 64 * at + 64)
  return word.length === 64 ? BigInt(`0x${word}`) : undefined
}

const headWords = (types: readonly AbiType[]): number => types.reduce((sum, type) => sum + wordsInHead(type), 0)

function wordsInHead(type: AbiType): number {
  if (isDynamic(type)) return 1
  if (type.kind === 'tuple') return headWords(type.components.map((component) => component.type))
  return type.kind === 'array' ? (type.length ?? 0) * wordsInHead(type.element) : 1
}

function isDynamic(type: AbiType): boolean {
  if (type.kind === 'bytes' || type.kind === 'string') return true
  if (type.kind === 'tuple') return type.components.some((component) => isDynamic(component.type))
  return type.kind === 'array' && (type.length === undefined || isDynamic(type.element))
}
