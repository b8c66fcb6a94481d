import type { AbiType, Parameter, ValueType } from '../../policy/AbiType.js'
import { type Variable, variableOf } from '../solve/Variable.js'

/** Arguments as a tree whose words can still be chosen; each kind is that of the type it fills. */
export type Value =
  | { readonly kind: 'word'; readonly type: ValueType; readonly variable: Variable }
  | { readonly kind: 'bytes'; bytes: Uint8Array }
  | {
      readonly kind: 'array'
      readonly counted: boolean
      readonly dynamic: boolean
      readonly elements: readonly Value[]
    }
  | { readonly kind: 'tuple'; readonly dynamic: boolean; readonly components: readonly Value[] }

/** How long the dynamic parts of a value shall be. */
export type Lengths = {
  /** Elements of the array at a path such as `0.2`; `*` stands for the elements of an array around it. */
  readonly array: (path: string) => number
  readonly bytes: (path: string) => number
}

/** Whether an encoding of the type begins with an offset. */
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

/** A value of a type with every word 0. */
export const emptyValue = (type: AbiType, path: string, lengths: Lengths): Value => {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return { kind: 'bytes', bytes: new Uint8Array(lengths.bytes(path)) }
    case 'array': {
      const count = type.length ?? lengths.array(path)
      const elements = Array.from({ length: count }, () => emptyValue(type.element, `${path}.*`, lengths))
      return { kind: 'array', counted: type.length === undefined, dynamic: isDynamic(type), elements }
    }
    case 'tuple':
      return emptyTuple(type.components, path, lengths)
    default:
      return { kind: 'word', type, variable: variableOf(path, type) }
  }
}

/** Arguments, or the components of a tuple, with every word 0; a path of `` stands for the arguments themselves. */
export const emptyTuple = (
  components: readonly Parameter[],
  path: string,
  lengths: Lengths,
): Value & { kind: 'tuple' } => ({
  kind: 'tuple',
  dynamic: components.some((component) => isDynamic(component.type)),
  components: components.map(({ type }, index) =>
    emptyValue(type, path === '' ? `${index}` : `${path}.${index}`, lengths),
  ),
})

/** Every word of a value, in the order of its encoding. */
export function* wordsOf(value: Value): Generator<Value & { kind: 'word' }> {
  switch (value.kind) {
    case 'word':
      yield value
      return
    case 'bytes':
      return
    case 'array':
      for (const element of value.elements) yield* wordsOf(element)
      return
    case 'tuple':
      for (const component of value.components) yield* wordsOf(component)
      return
    default:
      value satisfies never
  }
}
