import { sliceWidth } from '../../src/compiler/sliceWidth.js'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { Masked, Operand, Slice, Total } from '../../src/policy/Operand.js'
import type { Bytes, PathStep, Place } from '../../src/policy/Place.js'
import type { ReadableList, Readables } from './readables.js'
import type { Source } from './Source.js'

/** Some of the operands that are made of what can be read: lengths, slices, sums, masks. */
export const deriveOperands = (source: Source, readables: Readables): readonly Operand[] =>
  // Twice, so that they are not lost among words.
  source.many(0, 4, () => deriveOperand(source, readables)).flatMap((operand) => (operand ? [operand, operand] : []))

const deriveOperand = (source: Source, readables: Readables): Operand | undefined => {
  const { words, bytes, lists } = readables
  switch (source.below(4)) {
    case 0: {
      const maskable = [...words, ...(bytes.length > 0 ? [buildSlice(source, source.pick(bytes))] : [])].filter(
        (operand) => bitsOf(operand) > 0,
      )
      if (maskable.length === 0) return undefined
      const operand = source.pick(maskable)
      return { kind: 'masked', operand, mask: buildMask(source, bitsOf(operand)) }
    }
    case 1:
      return bytes.length > 0 ? buildSlice(source, source.pick(bytes)) : undefined
    case 2: {
      const totals = totalsOf(lists)
      return totals.length > 0 ? source.pick(totals) : undefined
    }
    default:
      return buildLength(source, readables)
  }
}

/** How many bits of the operand a mask can keep: none where it is no uint, bytesN or slice. */
export const bitsOf = (operand: Masked['operand']): number => {
  switch (operand.kind) {
    case 'argument':
    case 'element':
      if (operand.type.kind === 'uint') return operand.type.bits
      return operand.type.kind === 'fixedBytes' ? 8 * operand.type.size : 0
    case 'packed element':
      return operand.size === 20 ? 0 : 8 * operand.size
    case 'slice': {
      const width = sliceWidth(operand.bytes.slice) ?? 20
      return width === 20 ? 0 : 8 * width
    }
    default:
      return operand satisfies never
  }
}

/** A mask of one bit, of the lowest ones, or of any. */
export const buildMask = (source: Source, bits: number): bigint => {
  switch (source.below(3)) {
    case 0:
      return 1n << BigInt(source.below(bits))
    case 1:
      return (1n << BigInt(1 + source.below(bits))) - 1n
    default:
      return source.random(bits) | 1n
  }
}

/** The sums of every uint of the elements of every list. */
export const totalsOf = (lists: readonly ReadableList[]): readonly Total[] =>
  lists.flatMap(({ place, type }) =>
    uintsOf(type.element, []).map(({ path, type }): Total => ({
      kind: 'total',
      over: { kind: 'array', place },
      path,
      type,
    })),
  )

const uintsOf = (type: AbiType, path: readonly PathStep[]): readonly Pick<Total, 'path' | 'type'>[] => {
  if (type.kind === 'uint') return [{ path, type }]
  if (type.kind !== 'tuple') return []
  return type.components.flatMap((component, index) => uintsOf(component.type, [...path, { kind: 'component', index }]))
}

const buildLength = (source: Source, { bytes, lists }: Readables): Operand | undefined => {
  const dynamic = lists.filter(({ type }) => type.length === undefined)
  const choices: Operand[] = dynamic.map(({ place }) => ({ kind: 'length', of: { kind: 'array', place } }))
  for (const place of bytes) {
    choices.push({ kind: 'length', of: { kind: 'bytes', bytes: buildPart(source, place) } })
    choices.push({ kind: 'length', of: { kind: 'multisend', bytes: { place } } })
    choices.push({ kind: 'length', of: { kind: 'packed', bytes: { place }, ...buildPacking(source) } })
  }
  return choices.length > 0 ? source.pick(choices) : undefined
}

/** Sizes and gaps of packed arrays: of addresses with fees between them, and others. */
export const buildPacking = (source: Source): { readonly size: number; readonly gap: number } => ({
  size: source.pick([20, 1, 32, 4, 3]),
  gap: source.pick([3, 0, 12, 1]),
})

/** A slice whose width is known. */
export const buildSlice = (source: Source, place: Place): Slice => {
  const width = source.pick([20, 4, 1, 32, 2, 3])
  const at = source.pick([0, 4, 20, 23, 1])
  const slice = source.pick([
    { start: at, end: at + width },
    { start: -width },
    { start: -width - 1 - at, end: -1 - at },
  ])
  return { kind: 'slice', bytes: { place, slice } }
}

/** The whole, or a part whose length is that of the whole less something. */
export const buildPart = (source: Source, place: Place): Bytes => {
  if (source.chance(60)) return { place }
  const at = 1 + source.below(30)
  return {
    place,
    slice: source.pick([{ start: at }, { start: at, end: -1 - source.below(20) }, { start: 0, end: -at }]),
  }
}

/** The operand as it is called inside one more quantifier. */
export const deeper = (operand: Operand): Operand => {
  switch (operand.kind) {
    case 'element':
    case 'packed element':
      return { ...operand, depth: operand.depth + 1 }
    case 'length':
      return operand.of.kind === 'array'
        ? { ...operand, of: { ...operand.of, place: deeperPlace(operand.of.place) } }
        : { ...operand, of: { ...operand.of, bytes: deeperBytes(operand.of.bytes) } }
    case 'slice':
      return { ...operand, bytes: { ...operand.bytes, place: deeperPlace(operand.bytes.place) } }
    case 'masked':
      return { ...operand, operand: deeper(operand.operand) as Masked['operand'] }
    case 'total':
      return { ...operand, over: { ...operand.over, place: deeperPlace(operand.over.place) } }
    case 'constant':
    case 'argument':
    case 'environment':
      return operand
    default:
      return operand satisfies never
  }
}

/** The place as it is called inside one more quantifier. */
export const deeperPlace = (place: Place): Place =>
  place.kind === 'element' ? { ...place, depth: place.depth + 1 } : place

const deeperBytes = (bytes: Bytes): Bytes => ({ ...bytes, place: deeperPlace(bytes.place) })
