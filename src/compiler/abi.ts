import type { AbiType, Parameter, ValueType } from '../policy/AbiType.js'
import { LIMIT, TYPE } from './layout.js'

/** The canonical text of a type, as it stands in a signature. */
export const typeText = (type: AbiType): string => {
  switch (type.kind) {
    case 'address':
    case 'bool':
    case 'bytes':
    case 'string':
      return type.kind
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'array':
      return `${typeText(type.element)}[${type.length ?? ''}]`
    case 'tuple':
      return typesText(type.components)
    default:
      return type satisfies never
  }
}

/** The types of parameters in parentheses. */
export const typesText = (parameters: readonly Parameter[]): string =>
  `(${parameters.map(({ type }) => typeText(type)).join(',')})`

/** Names of parameters and components in preorder. */
export const namesOf = (parameters: readonly Parameter[]): readonly string[] =>
  parameters.flatMap(({ name, type }) => [name, ...namesInside(type)])

const namesInside = (type: AbiType): readonly string[] => {
  switch (type.kind) {
    case 'array':
      return namesInside(type.element)
    case 'tuple':
      return namesOf(type.components)
    default:
      return []
  }
}

/** Whether the encoding of the type stands in the tail, with its offset in the head. */
export const isDynamic = (type: AbiType): boolean => {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return true
    case 'array':
      return type.length === undefined || isDynamic(type.element)
    case 'tuple':
      return type.components.some((component) => isDynamic(component.type))
    default:
      return false
  }
}

/** Words that the type takes in the head: one for an offset, else all of the type. More than a count can hold is Infinity. */
export const headWordsOf = (type: AbiType): number => {
  if (isDynamic(type)) return 1
  switch (type.kind) {
    case 'array':
      return bounded((type.length ?? 0) * headWordsOf(type.element))
    case 'tuple':
      return headWordsOfAll(type.components)
    default:
      return 1
  }
}

/** Words of the heads of all parameters. */
export const headWordsOfAll = (parameters: readonly Parameter[]): number =>
  bounded(parameters.reduce((sum, { type }) => sum + headWordsOf(type), 0))

const bounded = (words: number): number => (words > LIMIT.headWords ? Infinity : words)

/** The type byte of a word. */
export const typeCodeOf = (type: ValueType): number => {
  switch (type.kind) {
    case 'address':
      return TYPE.address
    case 'bool':
      return TYPE.bool
    case 'uint':
      return TYPE.uint + type.bits / 8 - 1
    case 'int':
      return TYPE.int + type.bits / 8 - 1
    case 'fixedBytes':
      return TYPE.fixedBytes + type.size - 1
    default:
      return type satisfies never
  }
}
