import type { AbiType } from '../../policy/AbiType.js'
import type { Collection, Countable } from '../../policy/Collection.js'
import type { ByteRange, Bytes, PathStep, Place } from '../../policy/Place.js'
import { memberOf } from '../reach.js'
import type { Lines } from './Lines.js'
import { shownName } from './names.js'
import { itemName, type PrintScope } from './PrintScope.js'

/** A place by the name of what stands there and its position, which is what counts: `recipient@0.3`, `arg@2.last`, `amount@item.1`, `item`. */
export const printPlace = (lines: Lines, place: Place, scope: PrintScope, range?: ByteRange): void =>
  printPath(lines, place, [], scope, range)

/** The path to a word of every element of an array: `amount@1.*.0`. */
export const printWordOfEach = (lines: Lines, place: Place, path: readonly PathStep[], scope: PrintScope): void =>
  printPath(lines, place, path, scope, undefined, true)

/** A byte string, or a part of it: `path@0[-20:]`. */
export const printBytes = (lines: Lines, { place, slice }: Bytes, scope: PrintScope): void =>
  printPlace(lines, place, scope, slice)

/** What a quantifier goes over: `path@2`, `20 bytes gap 3 in path@0`. */
export const printCollection = (lines: Lines, collection: Collection, scope: PrintScope): void => {
  switch (collection.kind) {
    case 'array':
      printPlace(lines, collection.place, scope)
      return
    case 'packed':
      lines.word(String(collection.size))
      lines.more('bytes')
      lines.word('gap')
      lines.more(String(collection.gap))
      lines.word('in')
      printBytes(lines, collection.bytes, scope)
      return
    default:
      collection satisfies never
  }
}

/** A length: `length of path@2`, `number of 20 bytes gap 3 in path@0`, `number of calls in data@0`. */
export const printLength = (lines: Lines, countable: Countable, scope: PrintScope): void => {
  switch (countable.kind) {
    case 'array':
    case 'bytes':
      lines.word('length')
      lines.word('of')
      if (countable.kind === 'array') printPlace(lines, countable.place, scope)
      else printBytes(lines, countable.bytes, scope)
      return
    case 'packed':
      lines.word('number')
      lines.word('of')
      printCollection(lines, countable, scope)
      return
    case 'multisend':
      lines.word('number')
      lines.word('of')
      lines.word('calls')
      lines.word('in')
      printBytes(lines, countable.bytes, scope)
      return
    default:
      countable satisfies never
  }
}

const printPath = (
  lines: Lines,
  place: Place,
  inside: readonly PathStep[],
  scope: PrintScope,
  range: ByteRange | undefined,
  each = false,
): void => {
  const steps = [...place.path.map(stepText), ...(each ? ['*'] : []), ...inside.map(stepText)]
  const all: readonly PathStep[] = each ? [...place.path, FIRST, ...inside] : place.path
  const root = place.kind === 'argument' ? [] : [itemName(place.depth, scope)]
  const pieces = [...root, ...steps]
  const path = pieces.join('.')
  const name = shownName(nameAlong(startOf(place, scope), all), path)
  const start = name === undefined ? (place.kind === 'argument' ? 'arg@' : '') : `${name}@`
  for (const [index, piece] of pieces.entries()) {
    const text = index === pieces.length - 1 ? piece : `${piece}.`
    if (index === 0) lines.word(start + text)
    else lines.soft(text)
  }
  if (range !== undefined) lines.soft(`[${range.start}:${range.end ?? ''}]`)
}

/** Any element has the type of the first. */
const FIRST: PathStep = { kind: 'element', index: 0 }

const stepText = (step: PathStep): string => (step.kind === 'last' ? 'last' : String(step.index))

const startOf = (place: Place, { inputs, elements }: PrintScope): AbiType | undefined => {
  if (place.kind === 'argument') return { kind: 'tuple', components: inputs }
  const element = elements[place.depth]
  return element?.kind === 'typed' ? element.type : undefined
}

/** The name of the last argument or component on the way, empty if there is none. */
const nameAlong = (start: AbiType | undefined, path: readonly PathStep[]): string => {
  let name = ''
  let type = start
  for (const step of path) {
    if (step.kind === 'component' && type?.kind === 'tuple') name = type.components[step.index]?.name ?? ''
    type = type && memberOf(type, step)
  }
  return name
}
