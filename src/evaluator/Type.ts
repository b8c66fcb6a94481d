import type { ValueType } from './ValueType.js'

/** A type of a function's argument, with what its encoding needs. */
export type Type = {
  readonly form: 'value' | 'bytes' | 'array' | 'tuple'
  readonly dynamic: boolean
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
}

/** Lays components out. */
export const tupleOf = (components: readonly Type[]): Tuple => {
  const heads: number[] = []
  let words = 0
  for (const component of components) {
    heads.push(words)
    words += component.headWords
  }
  return { components, names: components.map(() => ''), heads, words, dynamic: components.some((c) => c.dynamic) }
}

/** `T[]` or `T[length]`. */
export const arrayOf = (element: Type, length: number | undefined): Type => {
  const dynamic = length === undefined || element.dynamic
  const headWords = dynamic ? 1 : element.headWords * (length ?? 1)
  return { form: 'array', dynamic, headWords, element, ...(length === undefined ? {} : { length }) }
}
