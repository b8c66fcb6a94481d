import type { AbiType, Parameter, ValueType } from '../policy/AbiType.js'
import type { Callable } from './FunctionShape.js'
import { LIMIT } from './layout.js'

/**
 * Reads a canonical signature, of a function or a command; `nextName` gives the names of parameters and components in preorder. Undefined where the text is no signature.
 * What it is lenient about (leading zeros and the like) does not survive being printed again.
 */
export const parseSignature = (text: string, nextName: () => string): Callable | undefined => {
  const open = text.indexOf('(')
  if (open < 0) return undefined
  const parser = new Parser(text, open, nextName)
  const inputs = parser.parameters(0)
  if (inputs === undefined || !parser.done) return undefined
  const name = text.slice(0, open)
  // No function's name begins with a digit.
  return COMMAND.test(name)
    ? { kind: 'command', command: parseInt(name, 16), inputs: inputs.components }
    : { kind: 'call', name, inputs: inputs.components }
}

/** Components and how deep types are nested in them. */
type Tuple = { readonly components: readonly Parameter[]; readonly height: number }

const COMMAND = /^0x[0-9a-f]{2}$/
const WORD = /address|bool|bytes(\d{0,2})|string|uint(\d{1,3})|int(\d{1,3})/y
const BRACKETS = /\[(\d{0,9})\]/y

class Parser {
  readonly #text: string
  #at: number
  readonly #nextName: () => string

  constructor(text: string, at: number, nextName: () => string) {
    this.#text = text
    this.#at = at
    this.#nextName = nextName
  }

  get done(): boolean {
    return this.#at === this.#text.length
  }

  /** `(type,type,…)`, inside so many tuples. */
  parameters(depth: number): Tuple | undefined {
    if (depth > LIMIT.depth || !this.#skip('(')) return undefined
    const components: Parameter[] = []
    let height = 0
    if (this.#skip(')')) return { components, height }
    do {
      const name = this.#nextName()
      const inner = this.#type(depth)
      if (inner === undefined) return undefined
      components.push({ name, type: inner.type })
      height = Math.max(height, inner.height)
    } while (this.#skip(','))
    return this.#skip(')') ? { components, height } : undefined
  }

  #type(depth: number): { readonly type: AbiType; readonly height: number } | undefined {
    const tuple = this.#text[this.#at] === '(' ? this.parameters(depth + 1) : undefined
    let type: AbiType | undefined = tuple ? { kind: 'tuple', components: tuple.components } : this.#word()
    let height = 1 + (tuple?.height ?? 0)
    while (type !== undefined) {
      const match = this.#match(BRACKETS)
      if (match === undefined) return { type, height }
      height += 1
      if (depth + height > LIMIT.depth) return undefined
      const length = match[1] ?? ''
      type = length === '' ? { kind: 'array', element: type } : { kind: 'array', element: type, length: Number(length) }
    }
    return undefined
  }

  #word(): AbiType | undefined {
    const match = this.#match(WORD)
    if (match === undefined) return undefined
    const [word, size, uintBits, intBits] = match
    if (word === 'address' || word === 'bool' || word === 'bytes' || word === 'string') return { kind: word }
    if (size !== undefined) return sized(Number(size), 1, 32, (value) => ({ kind: 'fixedBytes', size: value }))
    if (uintBits !== undefined) return bitsOf('uint', uintBits)
    return bitsOf('int', intBits ?? '')
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text) ?? undefined
    if (match !== undefined) this.#at = pattern.lastIndex
    return match
  }
}

const bitsOf = (kind: 'uint' | 'int', text: string): ValueType | undefined =>
  Number(text) % 8 === 0 ? sized(Number(text), 8, 256, (bits) => ({ kind, bits })) : undefined

const sized = (
  value: number,
  least: number,
  most: number,
  make: (value: number) => ValueType,
): ValueType | undefined => (value >= least && value <= most ? make(value) : undefined)
