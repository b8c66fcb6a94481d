import type { Parameter } from '../../policy/AbiType.js'
import type { Collection } from '../../policy/Collection.js'
import type { Token } from '../../policy/Units.js'
import { elementOf, type ElementShape, type Origins } from '../reach.js'
import { KEYWORDS, RESERVED } from './words.js'

/** What the names of one place depend on: the tokens, the arguments of the function (none for `send` and `any`), and the quantifiers around. */
export type NameScope = Origins & {
  readonly tokens: readonly Token[]
  readonly inputs: readonly Parameter[]
  /** The names of the quantifiers' elements, the innermost first. */
  readonly variables: readonly string[]
}

/** The scope outside all quantifiers. */
export const nameScopeOf = (tokens: readonly Token[], inputs: readonly Parameter[]): NameScope => ({
  tokens,
  inputs,
  elements: [],
  variables: [],
})

/** The scope inside a quantifier, whose element has the first of `item`, `item2`, … that means nothing else. */
export const nameScopeInside = (collection: Collection, scope: NameScope): NameScope => {
  const element: ElementShape = elementOf(collection, scope) ?? { kind: 'packed', size: 0 }
  let name = 'item'
  for (let number = 2; isTaken(name, scope); number += 1) name = `item${number}`
  return { ...scope, elements: [element, ...scope.elements], variables: [name, ...scope.variables] }
}

/** Whether the function has an argument of that name. */
export const hasInput = (name: string, { inputs }: NameScope): boolean => inputs.some((input) => input.name === name)

/** Whether the word is one of the language's, or a token's symbol. */
export const isWord = (name: string, { tokens }: NameScope): boolean =>
  KEYWORDS.has(name) || RESERVED.has(name) || tokens.some(({ symbol }) => symbol === name)

const isTaken = (name: string, scope: NameScope): boolean =>
  hasInput(name, scope) || scope.variables.includes(name) || isWord(name, scope)
