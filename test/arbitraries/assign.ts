import type { Collection, Countable } from '../../src/policy/Collection.js'
import type { Masked, Operand, Total } from '../../src/policy/Operand.js'
import { valueOf } from '../../src/semantics/valueOf.js'
import { hexOf } from './address.js'
import { cellAlong, cellAt, overwrite, partAt, put, resizeList, resizePart, valueIn } from './cell.js'
import { type Draft, type DraftElement, draftedContext } from './draft.js'
import { rangeOf, wordOf } from './value.js'

/** Sets what the operand reads; false if it reads a constant or something that no operation can choose, or not so. */
export function assign(draft: Draft, operand: Operand, value: bigint): boolean {
  switch (operand.kind) {
    case 'constant':
      return false
    case 'argument':
    case 'element': {
      const cell = cellAt(draft, operand)
      if (cell === undefined) return false
      put(cell, wordOf(value, operand.type))
      return true
    }
    case 'packed element': {
      const element = draft.elements[operand.depth]
      const whole = element && valueIn(element.cell)
      if (element?.kind !== 'packed' || typeof whole !== 'string' || !fits(value, operand.size)) return false
      overwrite({ cell: element.cell, start: 0, data: whole }, element.start, hexOf(value, operand.size))
      return true
    }
    case 'environment':
      return assignEnvironment(draft, operand.name, value)
    case 'length':
      return value >= 0n && value <= 4096n && resize(draft, operand.of, Number(value))
    case 'slice': {
      const { start, end } = operand.bytes.slice as { start: number; end?: number }
      const width = end === undefined ? -start : end - start
      if (!fits(value, width) || !resizePart(draft, operand.bytes, width)) return false
      const part = partAt(draft, operand.bytes)
      if (part !== undefined) overwrite(part, 0, hexOf(value, width))
      return part !== undefined
    }
    case 'masked':
      return assignMasked(draft, operand, value)
    case 'total':
      return assignTotal(draft, operand, value)
    default:
      return operand satisfies never
  }
}

/** The elements of a collection, as the bodies of quantifiers speak of them. */
export function elementsOf(draft: Draft, collection: Collection): readonly DraftElement[] {
  if (collection.kind === 'array') {
    const cell = cellAt(draft, collection.place)
    const list = cell && valueIn(cell)
    if (!Array.isArray(list) || cell?.type.kind !== 'array') return []
    const { element } = cell.type
    return list.map((_, index) => ({ kind: 'typed', cell: { list, index, type: element } }))
  }
  const part = partAt(draft, collection.bytes)
  if (part === undefined) return []
  const { size, gap } = collection
  const count = Math.floor((part.data.length / 2 - 1 + gap) / (size + gap))
  return Array.from({ length: count }, (_, index) => {
    return { kind: 'packed', cell: part.cell, start: part.start + index * (size + gap), size }
  })
}

/** Gives a list, or a byte string, the length; false if it cannot have it. */
export function resize(draft: Draft, countable: Countable, length: number): boolean {
  switch (countable.kind) {
    case 'array': {
      const cell = cellAt(draft, countable.place)
      return cell !== undefined && resizeList(cell, length)
    }
    case 'packed': {
      const { size, gap } = countable
      if (length === 0 && gap > 0) return false
      return resizePart(draft, countable.bytes, length === 0 ? 0 : length * (size + gap) - gap)
    }
    case 'bytes':
      return resizePart(draft, countable.bytes, length)
    case 'multisend': {
      // A record of zeros is a call of nothing to nobody.
      if (length > 8 || !resizePart(draft, countable.bytes, 85 * length)) return false
      const part = partAt(draft, countable.bytes)
      if (part !== undefined) overwrite(part, 0, `0x${'00'.repeat(85 * length)}`)
      return part !== undefined
    }
    default:
      return countable satisfies never
  }
}

function assignEnvironment(draft: Draft, name: (Operand & { kind: 'environment' })['name'], value: bigint): boolean {
  if (name === 'call.value') {
    const given = draft.carried === 'calls' || draft.carried === 'commands'
    if (given || value < 0n || value >= 2n ** 256n) return false
    draft.value = value
    return true
  }
  if (draft.fees === undefined || !name.startsWith('op.') || value < 0n || value >= 2n ** 128n) return false
  draft.fees = { ...draft.fees, [name.slice(3)]: value }
  return true
}

function assignMasked(draft: Draft, { operand, mask }: Masked, value: bigint): boolean {
  if (value < 0n || (value & ~mask) !== 0n) return false
  const before = valueOf(operand, draftedContext(draft)) ?? 0n
  return assign(draft, operand, (before & ~mask) | value)
}

/** Shares the value out over the elements. */
function assignTotal(draft: Draft, { over, path, type }: Total, value: bigint): boolean {
  if (value < 0n || value >= 2n ** 256n) return false
  if (value > 0n && elementsOf(draft, over).length === 0) resize(draft, over, 1)
  const elements = elementsOf(draft, over)
  const [, most] = rangeOf(type)
  let left = value
  for (const [index, element] of elements.entries()) {
    const cell = cellAlong(element.cell, path)
    if (cell === undefined) return false
    const fair = left / BigInt(elements.length - index)
    const share = index === elements.length - 1 || fair > most ? (left < most ? left : most) : fair
    put(cell, share)
    left -= share
  }
  return left === 0n
}

function fits(value: bigint, size: number): boolean {
  return value >= 0n && size > 0 && value < 1n << BigInt(8 * size)
}
