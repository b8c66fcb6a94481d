import type { AbiType, Parameter, ValueType } from '../../src/policy/AbiType.js'
import type { Source } from './Source.js'

// Names that real ABIs have: plain ones, keywords of the language, and none at all.
const NAMES = [
  'to',
  'quantity',
  'recipient',
  'from',
  'key',
  'value',
  'token',
  'account',
  'now',
  'in',
  'and',
  '',
  'a_b',
  'where',
  'args',
  'call',
]

/** A type of one word. */
export const buildValueType = (source: Source): ValueType => {
  switch (source.below(6)) {
    case 0:
      return { kind: 'uint', bits: 256 }
    case 1:
      return { kind: 'address' }
    case 2:
      return { kind: 'bool' }
    case 3:
      return { kind: 'uint', bits: 8 * (1 + source.below(32)) }
    case 4:
      return { kind: 'int', bits: 8 * (1 + source.below(32)) }
    default:
      return { kind: 'fixedBytes', size: 1 + source.below(32) }
  }
}

/** Any type, with at most `depth` arrays and tuples around a value. */
export const buildAbiType = (source: Source, depth: number): AbiType => {
  const choice = source.below(10)
  if (depth === 0 || choice < 4) return buildValueType(source)
  switch (choice) {
    case 4:
    case 5:
      return { kind: source.pick(['bytes', 'string']) }
    case 6:
      return { kind: 'array', element: buildAbiType(source, depth - 1) }
    case 7: {
      const element = buildAbiType(source, depth - 1)
      // The elements of an array of one in an array of one cannot be told from it (docs/format.md).
      const length = element.kind === 'array' || element.kind === 'tuple' ? 2 + source.below(2) : 1 + source.below(3)
      return { kind: 'array', element, length }
    }
    default:
      return { kind: 'tuple', components: buildParameters(source, depth - 1, 1) }
  }
}

/** Up to four parameters. */
export const buildParameters = (source: Source, depth: number, least: number): readonly Parameter[] =>
  source.many(least, 4, () => ({ name: source.pick(NAMES), type: buildAbiType(source, depth) }))
