import type { ByteRange } from '../../policy/Place.js'
import { hexOf, numberBytes, patched } from '../bytes.js'
import type { Variable } from '../solve/Variable.js'
import { contentOf } from './encode.js'
import { type ArrayValue, type BytesValue, copyOf, copyOfCall } from './Value.js'

/** Longer lists would not fit into a UserOperation anyway. */
export const MOST_ELEMENTS = 40
const MOST_BYTES = 2000

// A view is a variable that is a part of something else: reading looks there, writing changes it. One part has one view, for the solver
// knows variables by identity.
const views = new WeakMap<object, Map<string, Variable>>()

const viewOf = (whole: object, name: string, make: () => Variable): Variable => {
  const known = views.get(whole) ?? new Map<string, Variable>()
  views.set(whole, known)
  const view = known.get(name) ?? make()
  known.set(name, view)
  return view
}

/** How many elements an array has; to make it longer, its last element is written again. */
export const arrayLength = (array: ArrayValue): Variable =>
  viewOf(array, 'length', () => ({
    name: 'length',
    min: 0n,
    max: BigInt(MOST_ELEMENTS),
    get value() {
      return BigInt(array.elements.length)
    },
    set value(count: bigint) {
      array.elements = resized(array.elements, Number(count), copyOf, array.fresh)
    },
  }))

/** How many bytes a byte string has, or records a multisend; `each` says what is counted. */
export const bytesLength = (value: BytesValue, each: 'byte' | 'record'): Variable =>
  viewOf(value, `${each}s`, () => {
    const { holds } = value
    if (holds?.form === 'commands') return arrayLength(holds.inputs)
    const records = holds?.form === 'records' && each === 'record' ? holds.records : undefined
    return {
      name: 'length',
      min: 0n,
      max: BigInt(records ? MOST_ELEMENTS : MOST_BYTES),
      get value() {
        return BigInt(records ? records.length : contentOf(value).bytes.length)
      },
      set value(count: bigint) {
        if (records) records.splice(0, records.length, ...resized(records, Number(count), copyOfCall))
        else if (holds === undefined) value.bytes = resizedBytes(value.bytes, Number(count))
      },
      readable: () => each === 'byte' || records !== undefined,
    }
  })

const resized = <T>(list: readonly T[], count: number, copy: (item: T) => T, fresh?: () => T): T[] => {
  const next = list.slice(0, count)
  while (next.length < count) {
    const last = next.at(-1)
    if (last !== undefined) next.push(copy(last))
    else if (fresh) next.push(fresh())
    else break
  }
  return next
}

const resizedBytes = (bytes: Uint8Array, count: number): Uint8Array => {
  const next = new Uint8Array(count)
  next.set(bytes.subarray(0, count))
  return next
}

/** The positions that a range selects, or undefined where it lies outside. */
export const selected = (range: ByteRange | undefined, length: number): readonly [number, number] | undefined => {
  if (range === undefined) return [0, length]
  const place = (position: number): number => (position < 0 ? length + position : position)
  const [start, end] = [place(range.start), range.end === undefined ? length : place(range.end)]
  return 0 <= start && start <= end && end <= length ? [start, end] : undefined
}

/** The number that a part of 1 to 32 bytes makes. */
export const slice = (value: BytesValue, range: ByteRange, size: number): Variable =>
  partOf(value, size, (length) => selected(range, length)?.[0])

/** Element number `index` of a packed list in a part of a byte string. */
export const packedElement = (
  value: BytesValue,
  range: ByteRange | undefined,
  { size, gap }: { readonly size: number; readonly gap: number },
  index: number,
): Variable =>
  partOf(value, size, (length) => {
    const start = selected(range, length)?.[0]
    return start === undefined ? undefined : start + index * (size + gap)
  })

/** How many elements a packed list has; undefined where its length is none of a list. */
export const packedCount = (
  length: number,
  { size, gap }: { readonly size: number; readonly gap: number },
): number | undefined => {
  if (length === 0 && gap === 0) return 0
  const count = (length + gap) / (size + gap)
  return Number.isInteger(count) && length >= size ? count : undefined
}

/** Bytes outside a part that grows with the whole. */
const besidePart = (range: ByteRange | undefined): number =>
  range === undefined ? 0 : Math.max(0, range.start) + Math.max(0, -(range.end ?? 0))

/** The packed list's length in elements as something to choose; it ends where the byte string ends. */
export const packedLength = (
  value: BytesValue,
  range: ByteRange | undefined,
  form: { readonly size: number; readonly gap: number },
): Variable =>
  viewOf(value, `packed ${range?.start ?? 0}:${range?.end ?? ''}/${form.size}/${form.gap}`, () => {
    const length = (): number | undefined => {
      const whole = contentOf(value).bytes.length
      const part = selected(range, whole)
      return part && packedCount(part[1] - part[0], form)
    }
    return {
      name: 'elements',
      min: 0n,
      max: BigInt(MOST_ELEMENTS),
      get value() {
        return BigInt(length() ?? 0)
      },
      set value(count: bigint) {
        const step = form.size + form.gap
        const old = length()
        // Of a length that is none of a list, nothing can be added to: the list is then made anew.
        const next =
          old === undefined
            ? besidePart(range) + Math.max(0, Number(count) * step - form.gap)
            : value.bytes.length + (Number(count) - old) * step
        if (value.holds || next < 0) return
        // What is added repeats what stood before, so that it is likely to be allowed too.
        const repeated = (at: number): number => value.bytes[at < value.bytes.length ? at : at % step] ?? 0
        value.bytes = Uint8Array.from({ length: next }, (_, at) => repeated(at))
      },
      readable: () => length() !== undefined,
    }
  })

/**
 * `size` bytes from a position that may depend on the length. Parts that begin at one place now are one variable, however they are called: `path[0:20]` and the
 * first element of `slices(path, 20, 3)`.
 */
const partOf = (value: BytesValue, size: number, find: (length: number) => number | undefined): Variable => {
  const present = contentOf(value).bytes.length
  const begin = find(present)
  if (begin === undefined || begin + size > present) return { ...nowhere, max: (1n << BigInt(8 * size)) - 1n }
  return viewOf(value, `${begin}+${size}`, () => {
    const isThere = (): boolean => begin + size <= contentOf(value).bytes.length
    return {
      name: `bytes ${begin} to ${begin + size}`,
      min: 0n,
      max: (1n << BigInt(8 * size)) - 1n,
      get value() {
        return isThere() ? BigInt(hexOf(contentOf(value).bytes.subarray(begin, begin + size))) : 0n
      },
      set value(number: bigint) {
        if (isThere() && !value.holds) value.bytes = patched(value.bytes, begin, numberBytes(number, size))
      },
      readable: isThere,
    }
  })
}

/** What cannot be read, and not be written either. */
const nowhere: Omit<Variable, 'max'> = { name: 'nowhere', value: 0n, min: 0n, readable: () => false }

/** The bits of a variable that a mask keeps; writing leaves the others as they are. */
export const masked = (variable: Variable, mask: bigint): Variable =>
  viewOf(variable, `mask ${mask}`, () => ({
    name: `${variable.name} & ${mask}`,
    min: 0n,
    max: mask,
    get value() {
      return variable.value & mask
    },
    set value(bits: bigint) {
      variable.value = (variable.value & ~mask) | (bits & mask)
    },
    ...(variable.readable && { readable: variable.readable }),
  }))
