import type { Frame, Walk } from './Frame.js'
import { smallAt, zeros } from './hex.js'
import type { Tuple, Type } from './Type.js'

/**
 * Where the encoding of the dynamic argument begins, as a place in the text, or -1 unless every dynamic argument up to and
 * including it is canonical as a whole: each where the one before ended, lengths that fit, padding of zeros.
 */
export const tailOf = (frame: Frame, inputs: Tuple, argument: number): number => {
  const walk = walkTo(frame, inputs, argument)
  return walk.next > argument && (walk.end >= 0 || argument < walk.next - 1) ? (walk.tails[argument] ?? -1) : -1
}

/** The calldata is the canonical encoding of all arguments, and nothing stands behind it. */
export const isExact = (frame: Frame, inputs: Tuple): boolean =>
  walkTo(frame, inputs, inputs.components.length - 1).end === frame.dataEnd

const walkTo = (frame: Frame, inputs: Tuple, argument: number): Walk => {
  const walk = frame.walk?.inputs === inputs ? frame.walk : begin(frame, inputs)
  const start = frame.dataAt + 8
  while (walk.next <= argument && walk.end >= 0) {
    const type = inputs.components[walk.next]
    if (type?.dynamic) {
      walk.tails[walk.next] = walk.end
      const head = start + 64 * (inputs.heads[walk.next] ?? 0)
      walk.end =
        2 * smallAt(frame.text, head) === walk.end - start ? endOf(type, frame.text, walk.end, frame.dataEnd) : -1
    }
    walk.next++
  }
  return walk
}

const begin = (frame: Frame, inputs: Tuple): Walk => {
  const end = frame.dataAt + 8 + 64 * inputs.words
  return (frame.walk = { inputs, tails: [], next: 0, end: end <= frame.dataEnd ? end : -1 })
}

/** Where the canonical encoding of a dynamic type that begins here ends, or -1; nothing at `limit` or beyond is read. */
const endOf = (type: Type, text: string, at: number, limit: number): number => {
  if (type.tuple) return endOfTuple(type.tuple, text, at, limit)
  let base = at
  let count = type.length
  if (count === undefined) {
    base += 64
    count = base <= limit ? smallAt(text, at) : -1
    if (count < 0) return -1
  }
  const { element } = type
  if (!element) {
    const end = base + 64 * Math.ceil(count / 32)
    return end <= limit && text.slice(base + 2 * count, end) === zeros(end - base - 2 * count) ? end : -1
  }
  let end = base + 64 * count * element.headWords
  if (end > limit) return -1
  if (!element.dynamic) return end
  for (let index = 0; index < count; index++) {
    if (2 * smallAt(text, base + 64 * index) !== end - base) return -1
    end = endOf(element, text, end, limit)
    if (end < 0) return -1
  }
  return end
}

const endOfTuple = (tuple: Tuple, text: string, at: number, limit: number): number => {
  let end = at + 64 * tuple.words
  if (end > limit) return -1
  for (const [index, component] of tuple.components.entries()) {
    if (!component.dynamic) continue
    if (2 * smallAt(text, at + 64 * (tuple.heads[index] ?? 0)) !== end - at) return -1
    end = endOf(component, text, end, limit)
    if (end < 0) return -1
  }
  return end
}
