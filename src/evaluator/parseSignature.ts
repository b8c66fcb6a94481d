import { LIMIT } from '../compiler/layout.js'
import { type Tuple, type Type, arrayOf, tupleOf, typeOf, valueType } from './Type.js'
import { valueTypeOf } from './ValueType.js'

/** A function's name and arguments, as its canonical ABI text says. */
export type Signature = { readonly name: string; readonly inputs: Tuple }

/** A function's name, or a command's byte. */
const NAME = /^([A-Za-z_][A-Za-z0-9_]{0,63}|0x[0-9a-f]{2})(?=\()/
const WORD = /^[a-z]+[0-9]*/
const SUFFIX = /^\[([1-9][0-9]{0,2})?\]/

/** Reads `transfer(address,uint256)` or `0x08(address,uint256)`: no spaces, no short names, sizes as the format's fields can hold them; undefined for anything else. */
export const parseSignature = (text: string): Signature | undefined => {
  let rest = text
  const eat = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(rest)
    if (!match) return undefined
    rest = rest.slice(match[0].length)
    return match
  }

  const tuple = (depth: number): Tuple | undefined => {
    if (depth > LIMIT.depth || !eat(/^\(/)) return undefined
    const components: Type[] = []
    while (!eat(/^\)/)) {
      if (components.length > 0 && !eat(/^,/)) return undefined
      const component = type(depth + 1)
      if (!component) return undefined
      components.push(component)
    }
    const made = tupleOf(components)
    const possible = components.length <= 255 && components.every(({ depth }) => depth <= LIMIT.depth)
    return possible && made.words <= LIMIT.headWords ? made : undefined
  }

  const type = (depth: number): Type | undefined => {
    let made = base(depth)
    while (made && made.depth <= LIMIT.depth) {
      const suffix = eat(SUFFIX)
      if (!suffix) return made
      const length = suffix[1] === undefined ? undefined : Number(suffix[1])
      made = arrayOf(made, length)
      if (made.headWords > 255 || (length ?? 0) > 255) return undefined
    }
    return undefined
  }

  const base = (depth: number): Type | undefined => {
    if (rest.startsWith('(')) {
      const inner = tuple(depth)
      if (!inner || inner.components.length === 0) return undefined
      return typeOf(inner)
    }
    const word = eat(WORD)?.[0] ?? ''
    const value = valueTypeOf(word)
    if (value) return valueType(value)
    return word === 'bytes' || word === 'string' ? { form: word, dynamic: true, depth: 1, headWords: 1 } : undefined
  }

  const name = eat(NAME)?.[0]
  const inputs = tuple(0)
  return name !== undefined && inputs && rest === '' ? { name, inputs } : undefined
}
