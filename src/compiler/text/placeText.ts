import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Collection, Countable } from '../../policy/Collection.js'
import type { Hex } from '../../policy/Hex.js'
import type { ByteRange, Bytes, PathStep, Place } from '../../policy/Place.js'
import { typeAt } from '../reach.js'
import { isWord, type NameScope } from './NameScope.js'

/** A path as a writ spells it: from an argument, by its name where it has one, or from the element of a quantifier. */
export const pathText = (place: Place, scope: NameScope): string => {
  if (place.kind === 'element') {
    const element = scope.elements[place.depth]
    const type = element?.kind === 'typed' ? element.type : undefined
    return variableText(place.depth, scope) + stepsText(place.path, type)
  }
  const [first, ...rest] = place.path
  const index = first?.kind === 'component' ? first.index : 0
  const input = scope.inputs[index]
  const root = input && isUnique(scope.inputs, index) ? rootText(input.name, scope) : `args[${index}]`
  return root + stepsText(rest, input?.type)
}

/** The name of the element of the quantifier so many levels out. */
export const variableText = (depth: number, { variables }: NameScope): string => variables[depth] ?? ''

/** A byte string, or a part of it: `data`, `path[-20:]`. */
export const bytesText = ({ place, slice }: Bytes, scope: NameScope): string =>
  pathText(place, scope) + (slice === undefined ? '' : rangeText(slice))

const rangeText = ({ start, end }: ByteRange): string => `[${start}:${end ?? ''}]`

/** A constant byte string: in quotes where a `string` is meant, in hex where `bytes` are, unless that would look like an address or like nothing. */
export const byteConstantText = (value: Hex, place: Place, scope: NameScope): string => {
  const quoted = typeAt(place, scope)?.kind === 'string' || value.length === 42 || value.length === 2
  return quoted ? quotedText(value) : value
}

const quotedText = (value: Hex): string => {
  let text = ''
  for (let i = 2; i < value.length; i += 2) {
    const digits = value.slice(i, i + 2)
    const character = String.fromCharCode(parseInt(digits, 16))
    if (character === '"' || character === '\\') text += `\\${character}`
    else if (character === '\n') text += '\\n'
    else text += character >= ' ' && character <= '~' ? character : `\\x${digits}`
  }
  return `"${text}"`
}

/** What a quantifier goes over: `recipients`, `slices(path, 20, 3)`. */
export const collectionText = (collection: Collection, scope: NameScope): string => {
  switch (collection.kind) {
    case 'array':
      return pathText(collection.place, scope)
    case 'packed':
      return `slices(${bytesText(collection.bytes, scope)}, ${collection.size}, ${collection.gap})`
    default:
      return collection satisfies never
  }
}

/** What has a length, inside `len( )`. */
export const countableText = (countable: Countable, scope: NameScope): string => {
  switch (countable.kind) {
    case 'array':
    case 'packed':
      return collectionText(countable, scope)
    case 'bytes':
      return bytesText(countable.bytes, scope)
    case 'multisend':
      return `multisend(${bytesText(countable.bytes, scope)})`
    default:
      return countable satisfies never
  }
}

/** A bare name where it can mean nothing else. */
const rootText = (name: string, scope: NameScope): string => (isWord(name, scope) ? `args.${name}` : name)

/** Whether the parameter has a name, and no other has it. */
const isUnique = (parameters: readonly Parameter[], index: number): boolean => {
  const name = parameters[index]?.name
  return name !== undefined && name !== '' && parameters.every((other, at) => at === index || other.name !== name)
}

/** The steps of a path from a value of a type. */
export const stepsText = (path: readonly PathStep[], type: AbiType | undefined): string => {
  const [step, ...rest] = path
  if (step === undefined) return ''
  if (step.kind === 'last') return `[last]${stepsText(rest, elementTypeOf(type))}`
  if (step.kind === 'element') return `[${step.index}]${stepsText(rest, elementTypeOf(type))}`
  const components = type?.kind === 'tuple' ? type.components : []
  const component = components[step.index]
  const named = component !== undefined && isUnique(components, step.index)
  return (named ? `.${component.name}` : `[${step.index}]`) + stepsText(rest, component?.type)
}

const elementTypeOf = (type: AbiType | undefined): AbiType | undefined =>
  type?.kind === 'array' ? type.element : undefined
