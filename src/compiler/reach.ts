import type { AbiType, Parameter, ValueType } from '../policy/AbiType.js'
import type { Collection } from '../policy/Collection.js'
import type { PathStep, Place } from '../policy/Place.js'
import { isDynamic } from './abi.js'

/** What a quantifier's element is: a value of a type, or so many bytes of a packed array. */
export type ElementShape =
  { readonly kind: 'typed'; readonly type: AbiType } | { readonly kind: 'packed'; readonly size: number }

/** Where paths may begin. */
export type Origins = {
  /** Arguments; absent where there is no function. */
  readonly inputs: readonly Parameter[] | undefined
  /** The elements of the quantifiers around, the innermost first. */
  readonly elements: readonly ElementShape[]
}

/** The type one step inside, if the step leads anywhere. */
export const memberOf = (type: AbiType, step: PathStep): AbiType | undefined => {
  if (step.kind === 'component') return type.kind === 'tuple' ? type.components[step.index]?.type : undefined
  if (type.kind !== 'array') return undefined
  if (step.kind === 'last') return type.length === undefined ? type.element : undefined
  return isIndex(step.index) && step.index < (type.length ?? Infinity) ? type.element : undefined
}

const isIndex = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < 2 ** 16

/** The type that a path leads to from a type. */
export const typeAlong = (type: AbiType, path: readonly PathStep[]): AbiType | undefined =>
  path.reduce<AbiType | undefined>((reached, step) => reached && memberOf(reached, step), type)

/** The type of a place; none where it is no place. */
export const typeAt = (place: Place, { inputs, elements }: Origins): AbiType | undefined => {
  switch (place.kind) {
    case 'argument':
      // The path of no step is the arguments themselves, which are no value.
      return inputs === undefined || place.path.length === 0
        ? undefined
        : typeAlong({ kind: 'tuple', components: inputs }, place.path)
    case 'element': {
      const element = elements[place.depth]
      return element?.kind === 'typed' ? typeAlong(element.type, place.path) : undefined
    }
    default:
      return place satisfies never
  }
}

/** What the elements of a collection are; none where it is no collection. */
export const elementOf = (collection: Collection, origins: Origins): ElementShape | undefined => {
  if (collection.kind === 'packed') return { kind: 'packed', size: collection.size }
  const type = typeAt(collection.place, origins)
  return type?.kind === 'array' ? { kind: 'typed', type: type.element } : undefined
}

/** Whether the type is an array or a tuple that stands in the heads as words. */
export const isWords = (type: AbiType): boolean => !isValue(type) && !isDynamic(type)

/** Whether the type is one word. */
export const isValue = (type: AbiType): type is ValueType => {
  switch (type.kind) {
    case 'bytes':
    case 'string':
    case 'array':
    case 'tuple':
      return false
    case 'address':
    case 'bool':
    case 'uint':
    case 'int':
    case 'fixedBytes':
      return true
    default:
      return type satisfies never
  }
}
