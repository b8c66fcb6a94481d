import type { AbiType, Parameter } from '../../policy/AbiType.js'

/** A function as a signature or an ABI names it; `inputs` carry the author's names. */
export type AbiFunction = { readonly name: string; readonly inputs: readonly Parameter[] }

/** Nesting deeper than this is no real function. */
const maxDepth = 16

/**
 * Reads `function transfer(address to, uint256 amount) external returns (bool)` or the same without keyword and tail, as in a human-readable ABI.
 * Undefined where it is no function signature.
 */
export function parseSignature(text: string): AbiFunction | undefined {
  const reader = new Reader(text)
  const first = reader.word()
  const name = first === 'function' && reader.peek() !== '(' ? reader.word() : first
  if (name === undefined) return undefined
  const inputs = reader.parameters(0)
  if (inputs === undefined || !tail.test(reader.rest())) return undefined
  return { name, inputs }
}

/** What may follow the parameters: mutability, visibility, results (which mean nothing here). */
const tail =
  /^\s*(?:(?:external|public|payable|nonpayable|view|pure|virtual|override)\s*)*(?:returns\s*\(.*\)\s*)?;?\s*$/s

/** Reads an ABI type such as `uint256`, `address[]`, `(address to, uint256 amount)[3]`. Undefined where it is none. */
export function parseType(text: string): AbiType | undefined {
  const reader = new Reader(text)
  const type = reader.type(0)
  return reader.rest().trim() === '' ? type : undefined
}

class Reader {
  private offset = 0
  constructor(private readonly text: string) {}

  rest(): string {
    return this.text.slice(this.offset)
  }

  peek(): string {
    this.skipSpace()
    return this.text[this.offset] ?? ''
  }

  word(): string | undefined {
    this.skipSpace()
    return this.take(/[A-Za-z_$][A-Za-z0-9_$]*/y)
  }

  /** `( type [name], … )`, the name perhaps after a data location. */
  parameters(depth: number): Parameter[] | undefined {
    if (depth > maxDepth || !this.accept('(')) return undefined
    const inputs: Parameter[] = []
    if (this.accept(')')) return inputs
    for (;;) {
      const type = this.type(depth)
      if (type === undefined) return undefined
      let name = this.word() ?? ''
      if (dataLocations.has(name)) name = this.word() ?? ''
      inputs.push({ name, type })
      if (this.accept(')')) return inputs
      if (!this.accept(',')) return undefined
    }
  }

  type(depth: number): AbiType | undefined {
    const base = this.peek() === '(' ? this.tuple(depth) : this.named(depth)
    let type = base
    for (let suffixes = 0; type !== undefined && this.accept('['); suffixes++) {
      if (suffixes > maxDepth) return undefined
      const length = this.take(/[0-9]{1,9}/y)
      if (!this.accept(']')) return undefined
      type = arrayOf(type, length)
    }
    return type
  }

  private tuple(depth: number): AbiType | undefined {
    const components = this.parameters(depth + 1)
    return components && components.length > 0 ? { kind: 'tuple', components } : undefined
  }

  private named(depth: number): AbiType | undefined {
    const word = this.word()
    if (word === 'tuple' && this.peek() === '(') return this.tuple(depth)
    const type = word === undefined ? undefined : elementaryType(word)
    if (word === 'address') this.take(/\s+payable\b/y)
    return type
  }

  private accept(character: string): boolean {
    if (this.peek() !== character) return false
    this.offset++
    return true
  }

  private skipSpace(): void {
    this.take(/\s*/y)
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset
    const match = pattern.exec(this.text)
    if (match === null) return undefined
    this.offset = pattern.lastIndex
    return match[0]
  }
}

const dataLocations: ReadonlySet<string> = new Set(['memory', 'calldata', 'storage'])

function arrayOf(element: AbiType, length: string | undefined): AbiType | undefined {
  if (length === undefined) return { kind: 'array', element }
  return Number(length) > 0 ? { kind: 'array', element, length: Number(length) } : undefined
}

/** `address`, `bool`, `bytes`, `string`, `uintN`, `intN`, `bytesN`; `uint` and `int` mean 256 bits. Undefined for another word. */
export function elementaryType(word: string): AbiType | undefined {
  if (word === 'address' || word === 'bool' || word === 'bytes' || word === 'string') return { kind: word }
  const [, base, digits = ''] = /^(uint|int|bytes)([1-9][0-9]{0,2})?$/.exec(word) ?? []
  const size = Number(digits === '' ? 256 : digits)
  if (base === 'bytes') return size >= 1 && size <= 32 ? { kind: 'fixedBytes', size } : undefined
  if (base !== 'uint' && base !== 'int') return undefined
  return size % 8 === 0 && size <= 256 ? { kind: base, bits: size } : undefined
}
