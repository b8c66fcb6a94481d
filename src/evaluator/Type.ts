import type { ArgumentOperand } from './Operand.js'
import type { ValueType } from './ValueType.js'

/** A type of a function's argument, with what its encoding needs. */
export type Type = {
  readonly form: 'value' | 'bytes' | 'string' | 'array' | 'tuple'
  readonly dynamic: boolean
  /** Types inside each other, itself the first. */
  readonly depth: number
  /** Words it takes in the heads of what contains it: 1 where it is dynamic. */
  readonly headWords: number
  /** Of form value. */
  readonly value?: ValueType
  /** Of form array. */
  readonly element?: Type
  /** Of form array, where it is fixed. */
  readonly length?: number
  /** Of form tuple; also the arguments themselves. */
  readonly tuple?: Tuple
}

/** Components one after another; the arguments of a function are one. */
export type Tuple = {
  readonly components: readonly Type[]
  /** Names beside the components, empty where there is none. Filled in from the grant's table. */
  readonly names: string[]
  /** Word of each component's head, counted from the tuple's begin. */
  readonly heads: readonly number[]
  /** Words of all heads. */
  readonly words: number
  readonly dynamic: boolean
  /** The operands that read a word of the heads, by word, as far as they were met: many rules share few of them. */
  readonly operands: ArgumentOperand[]
}

/** Lays components out. */
export const tupleOf = (components: readonly Type[]): Tuple => {
  const heads: number[] = []
  let words = 0
  for (const component of components) {
    heads.push(words)
    words += component.headWords
  }
  return {
    components,
    names: components.map(() => ''),
    heads,
    words,
    dynamic: components.some((c) => c.dynamic),
    operands: [],
  }
}

/** `T[]` or `T[length]`. */
export const arrayOf = (element: Type, length: number | undefined): Type => {
  const dynamic = length === undefined || element.dynamic
  const headWords = dynamic ? 1 : element.headWords * (length ?? 1)
  return {
    form: 'array',
    dynamic,
    depth: element.depth + 1,
    headWords,
    element,
    ...(length === undefined ? {} : { length }),
  }
}

/** A tuple as a type. */
export const typeOf = (tuple: Tuple): Type => ({
  form: 'tuple',
  dynamic: tuple.dynamic,
  depth: 1 + Math.max(0, ...tuple.components.map(({ depth }) => depth)),
  headWords: tuple.dynamic ? 1 : tuple.words,
  tuple,
})

/** A type of one word. */
export const valueType = (value: ValueType | undefined): Type => ({
  form: 'value',
  dynamic: false,
  depth: 1,
  headWords: 1,
  ...(value ? { value } : {}),
})
