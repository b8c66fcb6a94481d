import type { Span } from '../../diagnostic/Diagnostic.js'
import type { AbiType } from '../../policy/AbiType.js'
import type { Bytes, Place } from '../../policy/Place.js'
import { widthOf } from './slice.js'
import { numberValue, type ArrayValue, type Value, type WordType } from './Value.js'

/** What stands at a place: a word, a tuple (as its members), or something whole. */
export function valueAt(type: AbiType, place: Place, span: Span): Value {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return numberValue({ ...place, type }, span)
    case 'address':
    case 'bool':
    case 'fixedBytes':
      return { kind: 'word', type, operand: { ...place, type }, span }
    case 'tuple': {
      const items = type.components.map((member, index) =>
        valueAt(member.type, { ...place, path: [...place.path, { kind: 'component', index }] }, span),
      )
      return { kind: 'tuple', items, span }
    }
    case 'array':
      return { kind: 'array', place, type, span }
    case 'bytes':
    case 'string':
      return bytesValue({ place }, type.kind, span)
    default:
      return type satisfies never
  }
}

/** The elements of an array whose type says how many there are. */
export function elementsOf({ type, place, span }: ArrayValue & { readonly span: Span }): readonly Value[] | undefined {
  if (type.length === undefined) return undefined
  return Array.from({ length: type.length }, (_, index) =>
    valueAt(type.element, { ...place, path: [...place.path, { kind: 'element', index }] }, span),
  )
}

/** A byte string as a value: a word where it is a part of 1 to 32 bytes whose width is known. */
export function bytesValue(bytes: Bytes, type: 'bytes' | 'string', span: Span): Value {
  const { place, slice } = bytes
  const width = slice && widthOf(slice)
  if (slice === undefined || width === undefined || width > 32) return { kind: 'bytes', bytes, type, span }
  return { kind: 'word', type: wordOfSize(width), operand: { kind: 'slice', bytes: { place, slice } }, span }
}

/** What so many bytes are as a word: 20 are an address. */
export const wordOfSize = (size: number): WordType => (size === 20 ? { kind: 'address' } : { kind: 'fixedBytes', size })
