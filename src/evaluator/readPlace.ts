import { PLACE, STEP } from '../compiler/layout.js'
import type { Collection } from './Collection.js'
import type { PathStep, Place, Step } from './Place.js'
import type { Reader } from './Reader.js'
import type { Tables } from './Tables.js'
import { type Tuple, type Type, typeOf } from './Type.js'
import type { ValueType } from './ValueType.js'

/** What operands may be read at some place of the grant. */
export type Scope = {
  readonly tables: Tables
  /** The arguments; absent where there are none to read. */
  readonly inputs: Tuple | undefined
  /** A bound on now stands in bodies only; the fees line speaks of `op.*`, `session.*` and constants. */
  readonly place: 'body' | 'clause' | 'fees'
  /** What the quantifiers around go over, the innermost first. */
  readonly elements: readonly Collection[]
}

/** A place with its type: where `word` is given, that of what begins so many words inside the static `type`. */
export type Route = { readonly place: Place; readonly type: Type; readonly word: number | undefined }

/** Reads a place of any form. */
export const readPlace = (reader: Reader, scope: Scope): Route => {
  const start = reader.at
  const form = reader.byte()
  if (form === PLACE.arguments) return readFromArguments(reader, scope)
  if (form !== PLACE.heads) return readFromElement(reader, scope, form - PLACE.element)
  const inputs = inputsOf(reader, scope)
  const word = reader.byte()
  const within = staticAt(inputs, word) ?? reader.fail('a place is not in the heads', start)
  return { place: { inputs, argument: -1, word, depth: -1, over: undefined, steps: [], path: [] }, ...within }
}

export const inputsOf = (reader: Reader, scope: Scope): Tuple =>
  scope.inputs ?? reader.fail('an argument is read where there is none', reader.at - 1)

/** Reads steps from the arguments, the first of which comes to a dynamic one. */
export const readFromArguments = (reader: Reader, scope: Scope): Route => {
  const inputs = inputsOf(reader, scope)
  const { path, steps, ...end } = readSteps(reader, { ...typeOf(inputs), dynamic: true })
  const argument = path[0]?.index ?? -1
  reader.must(inputs.components[argument]?.dynamic === true, 'a static argument is written as a path')
  return { place: { inputs, argument, word: 0, depth: -1, over: undefined, steps: steps.slice(1), path }, ...end }
}

/** Reads steps from the element of the quantifier that is `depth` levels out. */
export const readFromElement = (reader: Reader, scope: Scope, depth: number): Route => {
  const over = scope.elements[depth]
  if (over?.kind !== 'array') return reader.fail('an element is read where there is none', reader.at - 1)
  return fromElement(reader, inputsOf(reader, scope), over, depth)
}

/** Reads steps from an element of the collection. */
export const fromElement = (
  reader: Reader,
  inputs: Tuple,
  over: Collection & { kind: 'array' },
  depth: number,
): Route => {
  const { path, steps, ...end } = readSteps(reader, over.element)
  return { place: { inputs, argument: -1, word: 0, depth, over, steps, path }, ...end }
}

type Steps = {
  readonly path: readonly PathStep[]
  readonly steps: readonly Step[]
  readonly type: Type
  readonly word: number | undefined
}

/** Reads `stepCount1 ‖ { step1 ‖ index2 }*`. */
const readSteps = (reader: Reader, from: Type): Steps => {
  const path: PathStep[] = []
  const steps: Step[] = []
  let type = from
  let word: number | undefined
  for (let left = reader.byte(); left > 0; left--) {
    const at = reader.at
    const raw = { kind: reader.byte(), index: reader.uint(2) }
    path.push(raw)
    if (raw.kind === STEP.wordOffset) {
      word = raw.index
      const inside = !type.dynamic && type.form !== 'value' && word < type.headWords && left === 1
      reader.must(inside, 'a word offset leads nowhere', at)
      steps.push(stepTo(word, 1, false))
      continue
    }
    const next = type.dynamic ? stepInto(type, raw) : undefined
    if (!next) return reader.fail('a step leads nowhere', at)
    steps.push(next.step)
    type = next.type
  }
  return { path, steps, type, word }
}

const stepTo = (index: number, stride: number, dynamic: boolean, counted = false, last = false): Step => ({
  counted,
  last,
  index,
  stride,
  dynamic,
})

const stepInto = (type: Type, { kind, index }: PathStep): { readonly step: Step; readonly type: Type } | undefined => {
  if (type.tuple) {
    const component = type.tuple.components[index]
    if (kind !== STEP.component || !component) return undefined
    return { step: stepTo(type.tuple.heads[index] ?? 0, 1, component.dynamic), type: component }
  }
  const { element, length } = type
  if (!element) return undefined
  const last = kind === STEP.last
  if (kind !== STEP.element && !(last && index === 0 && length === undefined)) return undefined
  if (length !== undefined && index >= length) return undefined
  return { step: stepTo(index, element.headWords, element.dynamic, length === undefined, last), type: element }
}

/** The static component that the word of the heads is in, and which of its words that is. */
const staticAt = (tuple: Tuple, word: number): { readonly type: Type; readonly word: number } | undefined => {
  const index = tuple.heads.findLastIndex((head) => head <= word)
  const type = tuple.components[index]
  const offset = word - (tuple.heads[index] ?? 0)
  return type && !type.dynamic && offset < type.headWords ? { type, word: offset } : undefined
}

/** The type of the word of the heads that is reached through static types only. */
export const valueInTuple = (tuple: Tuple, word: number): ValueType | undefined => {
  const found = staticAt(tuple, word)
  return found && valueIn(found.type, found.word)
}

const valueIn = (type: Type, word: number): ValueType | undefined => {
  if (type.tuple) return valueInTuple(type.tuple, word)
  return type.element ? valueIn(type.element, word % type.element.headWords) : type.value
}

/** The type of the word that the place is, if it is one. */
export const valueOf = ({ type, word }: Route): ValueType | undefined =>
  word === undefined ? type.value : valueIn(type, word)

/** The static arrays that begin at the place, from the outside in. */
export const arraysAt = ({ type, word }: Pick<Route, 'type' | 'word'>): readonly Type[] => {
  if (word === undefined) return []
  if (type.tuple) {
    const inner = staticAt(type.tuple, word)
    return inner ? arraysAt(inner) : []
  }
  const { element } = type
  if (!element) return []
  return [...(word === 0 ? [type] : []), ...arraysAt({ type: element, word: word % element.headWords })]
}
