import type { AbiType, Parameter, ValueType } from '../../policy/AbiType.js'
import { type Variable, variableOf } from '../solve/Variable.js'
import type { InnerCall } from './InnerCall.js'

/** Arguments as a tree whose words, bytes and lengths can still be chosen; each kind is that of the type it fills. */
export type Value = WordValue | BytesValue | ArrayValue | TupleValue

export type WordValue = { readonly kind: 'word'; readonly type: ValueType; readonly variable: Variable }

export type BytesValue = {
  readonly kind: 'bytes'
  bytes: Uint8Array
  /** What stands in it in place of `bytes`. */
  holds?: Held
  /** The last change to its content, whatever it holds. */
  tamper?: (content: Uint8Array) => Uint8Array
}

/** Calls inside a byte string. */
export type Held =
  /** Selector and arguments; of a command the arguments alone. */
  | { readonly form: 'call'; readonly call: InnerCall }
  | { readonly form: 'records'; readonly records: InnerCall[] }
  /** The command bytes of the calls that stand in the inputs. */
  | { readonly form: 'commands'; readonly inputs: ArrayValue }

export type ArrayValue = {
  readonly kind: 'array'
  readonly counted: boolean
  readonly dynamic: boolean
  elements: Value[]
  /** An element with every word 0. */
  readonly fresh: () => Value
}

export type TupleValue = { readonly kind: 'tuple'; readonly dynamic: boolean; readonly components: readonly Value[] }

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
      const fresh = (): Value => emptyValue(type.element, `${path}.*`, lengths)
      const elements = Array.from({ length: type.length ?? lengths.array(path) }, fresh)
      return { kind: 'array', counted: type.length === undefined, dynamic: isDynamic(type), elements, fresh }
    }
    case 'tuple':
      return emptyTuple(type.components, path, lengths)
    default:
      return { kind: 'word', type, variable: variableOf(path, type) }
  }
}

/** Arguments, or the components of a tuple, with every word 0; a path of `` stands for the arguments themselves. */
export const emptyTuple = (components: readonly Parameter[], path: string, lengths: Lengths): TupleValue => ({
  kind: 'tuple',
  dynamic: components.some((component) => isDynamic(component.type)),
  components: components.map(({ type }, index) =>
    emptyValue(type, path === '' ? `${index}` : `${path}.${index}`, lengths),
  ),
})

/** A value with variables of its own, which have the same values. */
export const copyOf = (value: Value): Value => {
  switch (value.kind) {
    case 'word':
      return { ...value, variable: { ...value.variable } }
    case 'bytes':
      return { ...value, bytes: Uint8Array.from(value.bytes), ...(value.holds && { holds: copyOfHeld(value.holds) }) }
    case 'array':
      return { ...value, elements: value.elements.map(copyOf) }
    case 'tuple':
      return copyOfTuple(value)
    default:
      return value satisfies never
  }
}

const copyOfTuple = (value: TupleValue): TupleValue => ({ ...value, components: value.components.map(copyOf) })

const copyOfHeld = (held: Held): Held => {
  switch (held.form) {
    case 'call':
      return { ...held, call: copyOfCall(held.call) }
    case 'records':
      return { ...held, records: held.records.map(copyOfCall) }
    case 'commands':
      return held
    default:
      return held satisfies never
  }
}

/** A call with arguments of its own; the value of the call that carries it is shared. */
export const copyOfCall = (call: InnerCall): InnerCall => ({
  ...call,
  ...(call.args && { args: copyOfTuple(call.args) }),
})

/** Every word of a value, in the order of its encoding, those of calls inside it left out. */
export const wordsOf = (value: Value, found: WordValue[] = []): readonly WordValue[] => {
  if (value.kind === 'word') found.push(value)
  else for (const member of membersOf(value)) wordsOf(member, found)
  return found
}

/** The calls that stand directly inside a value, in order. */
export const innerCallsOf = (value: Value, found: InnerCall[] = []): readonly InnerCall[] => {
  if (value.kind !== 'bytes') for (const member of membersOf(value)) innerCallsOf(member, found)
  else if (value.holds?.form === 'call') found.push(value.holds.call)
  else if (value.holds?.form === 'records') found.push(...value.holds.records)
  return found
}

const NONE: readonly Value[] = []

/** The values that a value consists of; those of calls inside it are not. */
const membersOf = (value: Value): readonly Value[] => {
  switch (value.kind) {
    case 'word':
    case 'bytes':
      return NONE
    case 'array':
      return value.elements
    case 'tuple':
      return value.components
    default:
      return value satisfies never
  }
}
