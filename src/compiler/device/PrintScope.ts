import type { Parameter } from '../../policy/AbiType.js'
import type { Collection } from '../../policy/Collection.js'
import type { Token } from '../../policy/Units.js'
import { elementOf, type ElementShape, type Origins } from '../reach.js'

/** What the printed names of one rule depend on: the tokens, the function's arguments (none for `send`, `any` and the fees), and the quantifiers around. */
export type PrintScope = Origins & { readonly tokens: readonly Token[]; readonly inputs: readonly Parameter[] }

/** The scope outside all quantifiers. */
export const printScopeOf = (tokens: readonly Token[], inputs: readonly Parameter[]): PrintScope => ({
  tokens,
  inputs,
  elements: [],
})

/** The scope inside a quantifier. */
export const printScopeInside = (collection: Collection, scope: PrintScope): PrintScope => {
  const element: ElementShape = elementOf(collection, scope) ?? { kind: 'packed', size: 0 }
  return { ...scope, elements: [element, ...scope.elements] }
}

/** The element of the quantifier so many levels out: `item`, inside another one `item2`, and so on. */
export const itemName = (depth: number, { elements }: PrintScope): string => {
  const level = elements.length - depth
  return level === 1 ? 'item' : `item${level}`
}
