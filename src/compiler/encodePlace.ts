import type { AbiType } from '../policy/AbiType.js'
import type { Collection, Countable } from '../policy/Collection.js'
import type { Bytes, PathStep, Place } from '../policy/Place.js'
import { headWordsOf, isDynamic } from './abi.js'
import type { FunctionShape } from './FunctionShape.js'
import { COLLECTION, PLACE, RANGE_FLAG, STEP } from './layout.js'
import { elementOf, isWords, memberOf, type Origins, typeAt } from './reach.js'
import type { Tables } from './Tables.js'
import type { Writer } from './Writer.js'

/** What bytes depend on: the tables, the function whose arguments are meant, if any, and the quantifiers around. */
export type Scope = Origins & { readonly tables: Tables; readonly shape: FunctionShape | undefined }

/** The scope outside all quantifiers. */
export const scopeOf = (tables: Tables, shape: FunctionShape | undefined): Scope => ({
  tables,
  shape,
  inputs: shape?.action.inputs,
  elements: [],
})

/** The scope inside a quantifier. */
export const insideOf = (collection: Collection, scope: Scope): Scope => {
  const element = elementOf(collection, scope) ?? unreachable()
  return { ...scope, elements: [element, ...scope.elements] }
}

/** Writes `place`. */
export const writePlace = (writer: Writer, place: Place, scope: Scope): void => {
  if (place.kind === 'element') {
    writer.uint(PLACE.element + place.depth, 1)
    writeSteps(writer, stepsFromElement(place.depth, place.path, scope))
    return
  }
  const from = argumentOf(place.path, scope)
  if (from.word === undefined) {
    writer.uint(PLACE.arguments, 1)
    writeSteps(writer, from.steps)
  } else {
    writer.uint(PLACE.heads, 1)
    writer.uint(from.word, 1)
  }
}

/** Writes `bytes`. */
export const writeBytes = (writer: Writer, { place, slice }: Bytes, scope: Scope): void => {
  writePlace(writer, place, scope)
  if (slice === undefined) {
    writer.uint(0, 1)
    return
  }
  const { start, end } = slice
  const flags =
    RANGE_FLAG.present |
    (start < 0 ? RANGE_FLAG.startFromEnd : 0) |
    (end === undefined ? 0 : RANGE_FLAG.end) |
    (end !== undefined && end < 0 ? RANGE_FLAG.endFromEnd : 0)
  writer.uint(flags, 1)
  writer.uint(Math.abs(start), 2)
  if (end !== undefined) writer.uint(Math.abs(end), 2)
}

/** Writes `collection`, or what else has a length. */
export const writeCountable = (writer: Writer, countable: Countable, scope: Scope): void => {
  switch (countable.kind) {
    case 'array': {
      const type = typeAt(countable.place, scope)
      if (type?.kind !== 'array') return unreachable()
      const words = type.length !== undefined && !isDynamic(type.element)
      writer.uint(words ? COLLECTION.words : COLLECTION.array, 1)
      writePlace(writer, countable.place, scope)
      if (!words) return
      writer.uint(type.length, 1)
      writer.uint(headWordsOf(type.element), 1)
      return
    }
    case 'packed':
      writer.uint(COLLECTION.packed, 1)
      writeBytes(writer, countable.bytes, scope)
      writer.uint(countable.size, 1)
      writer.uint(countable.gap, 1)
      return
    case 'bytes':
    case 'multisend':
      writer.uint(COLLECTION[countable.kind], 1)
      writeBytes(writer, countable.bytes, scope)
      return
    default:
      countable satisfies never
  }
}

/** A step as bytes: its kind and its index. */
type WrittenStep = { readonly step: number; readonly index: number }

/** Writes `stepCount1 ‖ { step1 ‖ index2 }*`. */
export const writeSteps = (writer: Writer, steps: readonly WrittenStep[]): void => {
  writer.uint(steps.length, 1)
  for (const { step, index } of steps) {
    writer.uint(step, 1)
    writer.uint(index, 2)
  }
}

/** How a path from the arguments is written: as a word of the heads, or, through a dynamic argument, in steps. */
export const argumentOf = (
  path: readonly PathStep[],
  { shape }: Scope,
): { readonly word: number } | { readonly word?: undefined; readonly steps: readonly WrittenStep[] } => {
  const [first, ...rest] = path
  const index = first?.kind === 'component' ? first.index : -1
  const type = shape?.action.inputs[index]?.type
  const head = shape?.heads[index]
  if (type === undefined || head === undefined) return unreachable()
  return isDynamic(type)
    ? { steps: [{ step: STEP.component, index }, ...stepsInside(type, rest)] }
    : { word: head + wordInside(type, rest) }
}

/** The steps from the element of the quantifier so many levels out. */
export const stepsFromElement = (
  depth: number,
  path: readonly PathStep[],
  { elements }: Origins,
): readonly WrittenStep[] => {
  const element = elements[depth]
  return element?.kind === 'typed' ? stepsInside(element.type, path) : unreachable()
}

/** The steps from a value of a type. Where it is an array or a tuple of words, one step says which word. */
export const stepsInside = (type: AbiType, path: readonly PathStep[]): readonly WrittenStep[] => {
  if (isWords(type)) return [{ step: STEP.wordOffset, index: wordInside(type, path) }]
  const [step, ...rest] = path
  if (step === undefined) return []
  const inside = stepsInside(memberOf(type, step) ?? unreachable(), rest)
  switch (step.kind) {
    case 'component':
      return [{ step: STEP.component, index: step.index }, ...inside]
    case 'element':
      return [{ step: STEP.element, index: step.index }, ...inside]
    case 'last':
      return [{ step: STEP.last, index: 0 }, ...inside]
    default:
      return step satisfies never
  }
}

/** The word of a static type that a path leads to. */
const wordInside = (type: AbiType, path: readonly PathStep[]): number => {
  const [step, ...rest] = path
  if (step === undefined) return 0
  const member = memberOf(type, step) ?? unreachable()
  const before = step.kind === 'last' ? 0 : step.index
  const start =
    type.kind === 'tuple'
      ? type.components.slice(0, before).reduce((sum, component) => sum + headWordsOf(component.type), 0)
      : before * headWordsOf(member)
  return start + wordInside(member, rest)
}

const unreachable = (): never => {
  throw new RangeError('a path leads nowhere: the policy cannot be encoded')
}
