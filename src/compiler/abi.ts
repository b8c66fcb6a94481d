import type { AbiType, ArrayType, Parameter, TupleType, ValueType } from '../policy/AbiType.js'
import { LIMIT, TYPE } from './layout.js'

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
export const isDynamic = (type: AbiType): boolean => measure(type).dynamic

/** Words that the type takes in the head: one for an offset, else all of the type. More than a count can hold is Infinity. */
export const headWordsOf = (type: AbiType): number => measure(type).headWords

/** Words of the heads of all parameters. */
export const headWordsOfAll = (parameters: readonly Parameter[]): number =>
  bounded(parameters.reduce((sum, { type }) => sum + headWordsOf(type), 0))

/** How deep types are nested in the type; 1 for a word. */
export const heightOf = (type: AbiType): number => measure(type).height

type Measure = { readonly dynamic: boolean; readonly headWords: number; readonly height: number }

const WORD: Measure = { dynamic: false, headWords: 1, height: 1 }
const BYTES: Measure = { dynamic: true, headWords: 1, height: 1 }

// Each composite is measured once, else types of types would be walked again at every level.
const measured = new WeakMap<AbiType, Measure>()

const measure = (type: AbiType): Measure => {
  if (type.kind === 'bytes' || type.kind === 'string') return BYTES
  if (type.kind !== 'array' && type.kind !== 'tuple') return WORD
  const known = measured.get(type)
  if (known !== undefined) return known
  const result = type.kind === 'array' ? measureArray(type) : measureTuple(type)
  measured.set(type, result)
  return result
}

const measureArray = ({ element, length }: ArrayType): Measure => {
  const { dynamic, headWords, height } = measure(element)
  return length === undefined || dynamic
    ? { dynamic: true, headWords: 1, height: height + 1 }
    : { dynamic: false, headWords: bounded(length * headWords), height: height + 1 }
}

const measureTuple = ({ components }: TupleType): Measure => {
  const dynamic = components.some(({ type }) => isDynamic(type))
  const height = 1 + components.reduce((most, { type }) => Math.max(most, heightOf(type)), 0)
  return { dynamic, headWords: dynamic ? 1 : headWordsOfAll(components), height }
}

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
