import type { AbiType, ArrayType, Parameter } from '../../src/policy/AbiType.js'
import type { Argument, Element } from '../../src/policy/Operand.js'
import type { PathStep, Place } from '../../src/policy/Place.js'

/** What can be read of a function's arguments, or of an element of a list. */
export type Readables = {
  readonly words: readonly (Argument | Element)[]
  /** `bytes` and `string` */
  readonly bytes: readonly Place[]
  readonly lists: readonly ReadableList[]
}

export type ReadableList = { readonly place: Place; readonly type: ArrayType }

/** Nothing. */
export const NONE: Readables = { words: [], bytes: [], lists: [] }

/** Everything that a path from the arguments reaches, arrays by their first elements and their last. */
export const readablesOf = (inputs: readonly Parameter[]): Readables =>
  join(inputs.map(({ type }, index) => reach(type, { kind: 'argument', path: [{ kind: 'component', index }] })))

/** The same of an element of the quantifier around. */
export const readablesOfElement = (type: AbiType): Readables => reach(type, { kind: 'element', depth: 0, path: [] })

/** The words of the arguments. */
export const argumentsOf = (inputs: readonly Parameter[]): readonly Argument[] =>
  readablesOf(inputs).words.flatMap((word) => (word.kind === 'argument' ? [word] : []))

/** All that both can read. */
export const join = (parts: readonly Readables[]): Readables => ({
  words: parts.flatMap(({ words }) => words),
  bytes: parts.flatMap(({ bytes }) => bytes),
  lists: parts.flatMap(({ lists }) => lists),
})

const reach = (type: AbiType, place: Place): Readables => {
  const inside = (step: PathStep, inner: AbiType): Readables => reach(inner, { ...place, path: [...place.path, step] })
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return { ...NONE, bytes: [place] }
    case 'array': {
      const steps: PathStep[] = [{ kind: 'element', index: 0 }]
      if (type.length === undefined) steps.push({ kind: 'element', index: 3 }, { kind: 'last' })
      else if (type.length > 1) steps.push({ kind: 'element', index: type.length - 1 })
      return join([{ ...NONE, lists: [{ place, type }] }, ...steps.map((step) => inside(step, type.element))])
    }
    case 'tuple':
      return join(type.components.map((component, index) => inside({ kind: 'component', index }, component.type)))
    case 'address':
    case 'bool':
    case 'uint':
    case 'int':
    case 'fixedBytes':
      return { ...NONE, words: [{ ...place, type }] }
    default:
      return type satisfies never
  }
}
