import type { AbiType, ValueType } from '../policy/AbiType.js'
import type { Collection, Countable } from '../policy/Collection.js'
import type { Bytes, PathStep, Place } from '../policy/Place.js'
import type { Token } from '../policy/Units.js'
import { headWordsOf, isDynamic, typeCodeOf } from './abi.js'
import type { FunctionShape } from './FunctionShape.js'
import { COLLECTION, PLACE, RANGE_FLAG, STEP } from './layout.js'
import { type ElementShape, isValue, isWords, memberOf } from './reach.js'
import type { Reader } from './Reader.js'

/** What bytes are read with: the tokens, the function whose arguments are meant, if any, and the elements of the quantifiers around, the innermost first. */
export type ReadScope = {
  readonly tokens: readonly Token[]
  readonly shape: FunctionShape | undefined
  readonly elements: readonly ElementShape[]
}

/** Where a path came to. `words` is there where a static array or tuple was reached: how many words into it the path goes on. */
type Reached = { readonly type: AbiType; readonly path: readonly PathStep[]; readonly words?: number }

/** A path from somewhere, of which a place or an operand is made. */
type From = Reached & { readonly place: (path: readonly PathStep[]) => Place }

/** Reads `bytes`. */
export const readBytes = (reader: Reader, scope: ReadScope): Bytes => {
  const at = reader.at
  const { place, path, type } = readPlace(reader, scope)
  if (type.kind !== 'bytes' && type.kind !== 'string') reader.fail('a place of no bytes', at)
  const flags = reader.uint(1)
  if ((flags & RANGE_FLAG.present) === 0) return { place: place(path) }
  const start = reader.uint(2)
  const end = (flags & RANGE_FLAG.end) === 0 ? undefined : reader.uint(2)
  // Signs of zeros and flags without a meaning are compared when the range is written again.
  const from = (flags & RANGE_FLAG.startFromEnd) === 0 ? start : 0 - start
  if (end === undefined) return { place: place(path), slice: { start: from } }
  return {
    place: place(path),
    slice: { start: from, end: (flags & RANGE_FLAG.endFromEnd) === 0 ? end : 0 - end },
  }
}

/** Reads a place that is a list of dynamic length. */
export const readList = (reader: Reader, scope: ReadScope): Place => {
  const at = reader.at
  const { place, path, type } = readPlace(reader, scope)
  if (type.kind !== 'array') reader.fail('a place of no array', at)
  return place(path)
}

/** Reads what has a length. */
export const readCountable = (reader: Reader, scope: ReadScope): Countable => {
  const code = reader.peek()
  if (code !== COLLECTION.bytes && code !== COLLECTION.multisend) return readCollection(reader, scope).collection
  reader.uint(1)
  return { kind: code === COLLECTION.bytes ? 'bytes' : 'multisend', bytes: readBytes(reader, scope) }
}

/** Reads `collection`, and says what its elements are. */
export const readCollection = (
  reader: Reader,
  scope: ReadScope,
): { readonly collection: Collection; readonly element: ElementShape } => {
  const at = reader.at
  const code = reader.uint(1)
  if (code === COLLECTION.packed) {
    const bytes = readBytes(reader, scope)
    const size = reader.uint(1)
    return { collection: { kind: 'packed', bytes, size, gap: reader.uint(1) }, element: { kind: 'packed', size } }
  }
  if (code !== COLLECTION.array && code !== COLLECTION.words) reader.fail('an unknown collection', at)
  const { place, path, type, words } = readPlace(reader, scope)
  const steps = [...path]
  const array = code === COLLECTION.array ? type : walkArray(type, words ?? 0, reader.uint(1), reader.uint(1), steps)
  if (array?.kind !== 'array') return reader.fail('a collection that is no array', at)
  return { collection: { kind: 'array', place: place(steps) }, element: { kind: 'typed', type: array.element } }
}

const readPlace = (reader: Reader, scope: ReadScope): From => {
  const at = reader.at
  const code = reader.uint(1)
  if (code === PLACE.heads) {
    return { ...headOf(reader, scope.shape), place: (path) => ({ kind: 'argument', path }) }
  }
  if (code === PLACE.arguments) {
    return { ...readSteps(reader, argumentsOf(scope), true), place: (path) => ({ kind: 'argument', path }) }
  }
  const depth = code - PLACE.element
  const type = typeOfElement(reader, scope, depth, at)
  return { ...readSteps(reader, type, false), place: (path) => ({ kind: 'element', depth, path }) }
}

/** The arguments themselves: a tuple to step into. */
export const argumentsOf = ({ shape }: ReadScope): AbiType => ({
  kind: 'tuple',
  components: shape?.action.inputs ?? [],
})

/** The type of the element of the quantifier so many levels out. */
export const typeOfElement = (reader: Reader, { elements }: ReadScope, depth: number, at: number): AbiType => {
  const element = elements[depth]
  return element?.kind === 'typed' ? element.type : reader.fail('an element of no quantifier', at)
}

/** Reads `word1`: the static argument there, and how many words into it that is. */
export const headOf = (reader: Reader, shape: FunctionShape | undefined): Reached => {
  const at = reader.at
  const word = reader.uint(1)
  const index = shape?.heads.findLastIndex((head) => head <= word) ?? -1
  const type = shape?.action.inputs[index]?.type
  const head = shape?.heads[index]
  if (type === undefined || head === undefined || isDynamic(type))
    return reader.fail('a word of no static argument', at)
  return { type, path: [{ kind: 'component', index }], words: word - head }
}

/** Reads `stepCount1 ‖ { step1 ‖ index2 }*` from a value of a type. */
export const readSteps = (reader: Reader, start: AbiType, fromArguments: boolean): Reached => {
  const at = reader.at
  const count = reader.uint(1)
  const path: PathStep[] = []
  let type = start
  for (let i = 0; i < count; i += 1) {
    const step = reader.uint(1)
    const index = reader.uint(2)
    if (isWords(type) && !(fromArguments && i === 0)) {
      if (step !== STEP.wordOffset || i !== count - 1) reader.fail('a step where a word offset belongs', at)
      return { type, path, words: index }
    }
    const taken = stepOf(step, index)
    const member = taken && memberOf(type, taken)
    if (taken === undefined || member === undefined) return reader.fail('a step that leads nowhere', at)
    path.push(taken)
    type = member
  }
  return { type, path }
}

const stepOf = (step: number, index: number): PathStep | undefined => {
  if (step === STEP.component) return { kind: 'component', index }
  if (step === STEP.element) return { kind: 'element', index }
  return step === STEP.last && index === 0 ? { kind: 'last' } : undefined
}

/** Reads the type byte of the word that was reached, which says what the function's signature says. */
export const readTyped = (
  reader: Reader,
  { type, path, words }: Reached,
): { readonly path: readonly PathStep[]; readonly type: ValueType } => {
  const at = reader.at
  const steps = [...path]
  const value = walkWords(type, words ?? 0, steps) ?? reader.fail('a path that ends at no value', at)
  if (reader.uint(1) !== typeCodeOf(value)) reader.fail("a type that is not the argument's", at)
  return { path: steps, type: value }
}

/** Follows a word offset inside a static type to the value it is; adds the steps to the path. */
const walkWords = (type: AbiType, offset: number, path: PathStep[]): ValueType | undefined => {
  if (isValue(type)) return offset === 0 ? type : undefined
  const step = isWords(type) ? stepInto(type, offset) : undefined
  if (step === undefined) return undefined
  path.push(step.step)
  return walkWords(step.type, step.rest, path)
}

/** The outermost array of so many elements of so many words that begins at a word offset inside a static type; adds the steps to the path. */
const walkArray = (
  type: AbiType,
  offset: number,
  count: number,
  words: number,
  path: PathStep[],
): AbiType | undefined => {
  if (!isWords(type)) return undefined
  const found = type.kind === 'array' && type.length === count && headWordsOf(type.element) === words
  if (found && offset === 0) return type
  const step = stepInto(type, offset)
  if (step === undefined) return undefined
  path.push(step.step)
  return walkArray(step.type, step.rest, count, words, path)
}

/** The member of a static array or tuple in which a word stands, and how many words into it that is. */
const stepInto = (
  type: AbiType,
  offset: number,
): { readonly step: PathStep; readonly type: AbiType; readonly rest: number } | undefined => {
  if (type.kind === 'array') {
    const words = headWordsOf(type.element)
    const index = Math.floor(offset / words)
    if (!(index < (type.length ?? 0))) return undefined
    return { step: { kind: 'element', index }, type: type.element, rest: offset - index * words }
  }
  if (type.kind !== 'tuple') return undefined
  let start = 0
  for (const [index, component] of type.components.entries()) {
    const words = headWordsOf(component.type)
    if (offset < start + words)
      return { step: { kind: 'component', index }, type: component.type, rest: offset - start }
    start += words
  }
  return undefined
}
