import { type AbiParameter, decodeAbiParameters, encodeAbiParameters } from 'viem'
import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { PathStep, Place } from '../policy/Place.js'
import { argumentsOf } from './Called.js'
import type { Context } from './Context.js'
import type { Raw } from './Raw.js'

/** What stands at a place; undefined is a fault: the encoding is not canonical on the way to it, or an index is past the end. */
export function readPlace(place: Place, context: Context): Raw | undefined {
  if (place.kind === 'element') return follow(context.elements[place.depth], place.path)
  return context.call && readArgument(argumentsOf(context.call), context.inputs, place.path)
}

/** The same for a path from the arguments; `encoded` is hex digits, without a selector. */
export function readArgument(
  encoded: string,
  inputs: readonly Parameter[],
  path: readonly PathStep[],
): Raw | undefined {
  const index = path[0]?.kind === 'component' ? path[0].index : -1
  const read = inputs[index]
  if (read === undefined) return undefined
  const types = inputs.map(({ type }, at) => {
    // What lies behind an offset matters only on the way to the word: to reach through a dynamic argument, all up to it; for a word of the heads, none.
    const followed = isDynamic(read.type) && at <= index
    return isDynamic(type) && !followed ? word : masked(type)
  })
  const decoded = decodeStrictly(types, encoded)
  return decoded && encoded.startsWith(decoded.again) ? follow(decoded.values, path) : undefined
}

/** Whether the digits are the canonical encoding of such arguments and nothing else; words may hold anything. */
export function isExactly(inputs: readonly Parameter[], encoded: string): boolean {
  const types = inputs.map(({ type }) => masked(type))
  return decodeStrictly(types, encoded)?.again === encoded
}

/** Goes along the steps; the raw value is undefined where one of them leads nowhere. */
export function follow(start: Raw | undefined, path: readonly PathStep[]): Raw | undefined {
  return path.reduce<Raw | undefined>((value, step) => {
    if (value === undefined || typeof value === 'string') return undefined
    return step.kind === 'last' ? value.at(-1) : value[step.index]
  }, start)
}

/** Comparing with a fresh encoding is what makes viem's lenient decoder strict. */
function decodeStrictly(
  types: readonly AbiParameter[],
  encoded: string,
): { readonly values: Raw; readonly again: string } | undefined {
  try {
    const values = decodeAbiParameters(types, `0x${encoded}`)
    return { values: values as Raw, again: encodeAbiParameters(types, values).slice(2) }
  } catch {
    return undefined // viem throws on whatever it cannot decode
  }
}

const word: AbiParameter = { type: 'bytes32' }

/** The same layout with every value read as a plain word: words that nobody reads may hold anything, and text need not be UTF-8. */
function masked(type: AbiType): AbiParameter {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return { type: 'bytes' }
    case 'array': {
      const element = masked(type.element)
      return { ...element, type: `${element.type}[${type.length ?? ''}]` }
    }
    case 'tuple':
      return { type: 'tuple', components: type.components.map((component) => masked(component.type)) }
    case 'address':
    case 'bool':
    case 'uint':
    case 'int':
    case 'fixedBytes':
      return word
    default:
      return type satisfies never
  }
}

/** As the ABI specification defines it. */
function isDynamic(type: AbiType): boolean {
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
