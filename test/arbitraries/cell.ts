import type { AbiType } from '../../src/policy/AbiType.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Bytes, ByteRange, PathStep, Place } from '../../src/policy/Place.js'
import { inputsOf } from '../../src/semantics/concerns.js'
import type { Draft } from './draft.js'
import { type Value, zeroOf } from './value.js'

/** Where a value of a draft stands, so that it can be changed. */
export type Cell = { readonly list: Value[]; readonly index: number; readonly type: AbiType }

/** What stands there. */
export const valueIn = ({ list, index }: Cell): Value | undefined => list[index]

/** Puts another value there, unless the list has become too short for it meanwhile. */
export const put = ({ list, index }: Cell, value: Value): void => {
  if (index < list.length) list[index] = value
}

/** The cell of a place; arrays are made long enough on the way. Undefined if the path leads nowhere. */
export const cellAt = (draft: Draft, place: Place): Cell | undefined => {
  if (place.kind === 'element') {
    const element = draft.elements[place.depth]
    return element?.kind === 'typed' ? cellAlong(element.cell, place.path) : undefined
  }
  const all: Cell = { list: [draft.values], index: 0, type: { kind: 'tuple', components: inputsOf(draft.action) } }
  return cellAlong(all, place.path)
}

/** The cell at the end of a path from another one. */
export const cellAlong = (start: Cell, path: readonly PathStep[]): Cell | undefined =>
  path.reduce<Cell | undefined>((cell, step) => cell && stepInto(cell, step), start)

const stepInto = (cell: Cell, step: PathStep): Cell | undefined => {
  const { type } = cell
  const list = valueIn(cell)
  if (!Array.isArray(list)) return undefined
  if (type.kind === 'tuple') {
    const component = step.kind === 'component' ? type.components[step.index] : undefined
    return component && step.kind === 'component' ? { list, index: step.index, type: component.type } : undefined
  }
  if (type.kind !== 'array' || step.kind === 'component') return undefined
  const index = step.kind === 'last' ? Math.max(0, list.length - 1) : step.index
  return index < list.length || (type.length === undefined && resizeList(cell, index + 1))
    ? { list, index, type: type.element }
    : undefined
}

const MOST_ELEMENTS = 64
const MOST_BYTES = 4096

/** Cuts a `T[]` or makes it longer with zeros; false if that cannot be. */
export const resizeList = (cell: Cell, length: number): boolean => {
  const list = valueIn(cell)
  if (!Array.isArray(list) || cell.type.kind !== 'array') return false
  if (cell.type.length !== undefined) return length === list.length
  if (length > MOST_ELEMENTS) return false
  const { element } = cell.type
  list.length = Math.min(list.length, length)
  while (list.length < length) list.push(zeroOf(element))
  return true
}

/** The bytes that a place and a range name, with the cell they stand in and where they begin there. */
export type Part = { readonly cell: Cell; readonly start: number; readonly data: Hex }

/** Reads the part; undefined where it is not inside. */
export const partAt = (draft: Draft, { place, slice }: Bytes): Part | undefined => {
  const cell = cellAt(draft, place)
  const whole = cell && valueIn(cell)
  if (cell === undefined || typeof whole !== 'string') return undefined
  const length = whole.length / 2 - 1
  const at = (position: number): number => (position < 0 ? length + position : position)
  const start = at(slice?.start ?? 0)
  const end = slice?.end === undefined ? length : at(slice.end)
  if (start < 0 || start > end || end > length) return undefined
  return { cell, start, data: `0x${whole.slice(2 + 2 * start, 2 + 2 * end)}` }
}

/** Makes the part `length` bytes long by changing the length of the whole, at its end; false if that cannot be. */
export const resizePart = (draft: Draft, bytes: Bytes, length: number): boolean => {
  const cell = cellAt(draft, bytes.place)
  const whole = cell && valueIn(cell)
  const size = wholeFor(bytes.slice, length)
  if (cell === undefined || typeof whole !== 'string' || size === undefined || size > MOST_BYTES) return false
  // A range with both ends from one side says the same of every whole that is long enough.
  const kept = isFixed(bytes.slice) ? Math.max(size, whole.length / 2 - 1) : size
  put(cell, `0x${whole.slice(2, 2 + 2 * kept).padEnd(2 * kept, '0')}`)
  return true
}

const isFixed = (slice: ByteRange | undefined): boolean =>
  slice !== undefined && (slice.end === undefined ? slice.start < 0 : slice.start < 0 === slice.end < 0)

/** The least length of a whole whose part is so long. */
const wholeFor = (slice: ByteRange | undefined, length: number): number | undefined => {
  if (slice === undefined) return length
  const { start, end } = slice
  if (end === undefined) return start >= 0 ? start + length : length === -start ? length : undefined
  if (start < 0 === end < 0) return length === end - start ? (end < 0 ? -start : end) : undefined
  // From the front to a distance from the end, or the other way round.
  return start >= 0 ? start + length - end : end - start - length
}

/** Overwrites bytes from `offset` of the part on; what does not fit is left out. */
export const overwrite = ({ cell, start, data }: Part, offset: number, bytes: Hex): void => {
  const whole = valueIn(cell)
  if (typeof whole !== 'string') return
  const room = data.length - 2 - 2 * offset
  const written = bytes.slice(2, 2 + Math.max(0, room))
  const at = 2 + 2 * (start + offset)
  put(cell, `0x${whole.slice(2, at)}${written}${whole.slice(at + written.length)}`)
}
