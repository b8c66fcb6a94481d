import type { Span } from '../../diagnostic/Diagnostic.js'
import type { ArrayType, ValueType } from '../../policy/AbiType.js'
import type { Collection, Countable } from '../../policy/Collection.js'
import type { Scale } from '../../policy/Condition.js'
import type { Hex } from '../../policy/Hex.js'
import type { Operand } from '../../policy/Operand.js'
import type { Bytes, PathStep, Place } from '../../policy/Place.js'
import type { Asset, Decimal } from '../../policy/Units.js'

/** What an expression stands for, before it is compared with something. */
export type Value = { readonly span: Span } & (
  | NumberValue
  | WordValue
  | HexValue
  | TextValue
  | BytesValue
  | NowValue
  | TupleValue
  | ListValue
  | ArrayValue
  | SpreadValue
  | PackedValue
  | CallsValue
)

/** A sum of terms; its unit is an asset, or nothing for a plain number (which compares with every unit). */
export type NumberValue = { readonly kind: 'number'; readonly terms: readonly DraftTerm[]; readonly unit?: Asset }

/** An address, a bool or a bytesN (`size` bytes). */
export type WordValue = { readonly kind: 'word'; readonly type: WordType; readonly operand: Operand }
export type WordType =
  { readonly kind: 'address' } | { readonly kind: 'bool' } | { readonly kind: 'fixedBytes'; readonly size: number }

/** A literal `0x…` that what it meets makes an integer or bytes. */
export type HexValue = { readonly kind: 'hex'; readonly text: string }

/** A literal `"…"`, by its bytes. */
export type TextValue = { readonly kind: 'text'; readonly bytes: Hex }

/** A `bytes` or `string` of the calldata, or a part of it that is no word: of more than 32 bytes, or of a width that the range does not tell. */
export type BytesValue = { readonly kind: 'bytes'; readonly bytes: Bytes; readonly type: 'bytes' | 'string' }

/** A whole array of the calldata. */
export type ArrayValue = { readonly kind: 'array'; readonly place: Place; readonly type: ArrayType }

/** One word of every element of an array: `payments.amount`. */
export type SpreadValue = {
  readonly kind: 'spread'
  readonly place: Place
  /** From an element to the word. */
  readonly path: readonly PathStep[]
  readonly type: ValueType
}

/** `slices(path, 20, 3)` */
export type PackedValue = { readonly kind: 'packed'; readonly list: Extract<Collection, { readonly kind: 'packed' }> }

/** `calls(data)`, `multisend(transactions)`: nested calls, which can be counted. */
export type CallsValue = { readonly kind: 'calls'; readonly list: Countable }

/** `now` plus so many seconds (perhaps less than none). */
export type NowValue = { readonly kind: 'now'; readonly seconds: bigint }

export type TupleValue = { readonly kind: 'tuple'; readonly items: readonly Value[] }
export type ListValue = { readonly kind: 'list'; readonly items: readonly Value[] }

/** A term with as many factors and divisors as the author wrote; `finishSum` brings it to the policy's form. */
export type DraftTerm = {
  readonly negative: boolean
  /** Outermost first. */
  readonly scales: readonly Scale[]
  readonly factors: readonly Factor[]
  readonly divisors: readonly Operand[]
}

/** A factor; a literal that is no whole number becomes a percentage of its neighbours. */
export type Factor = Operand | { readonly kind: 'fraction'; readonly value: Decimal }

/** The number as a value of one term. */
export function numberValue(operand: Factor, span: Span, unit?: Asset): Value & NumberValue {
  const terms = [{ negative: false, scales: [], factors: [operand], divisors: [] }]
  return unit === undefined ? { kind: 'number', terms, span } : { kind: 'number', terms, unit, span }
}

/** The sum of that one operand. */
export const plainSum = (operand: Operand) => [{ negative: false, scales: [], factors: [operand] as const }] as const

/** The one operand that the value is, if it is nothing more. */
export function plainOperand(value: Value): Operand | undefined {
  if (value.kind === 'word') return value.operand
  if (value.kind !== 'number') return undefined
  const [term, ...others] = value.terms
  if (term === undefined || others.length > 0 || term.negative || term.scales.length + term.divisors.length > 0)
    return undefined
  const [factor, second] = term.factors
  return factor === undefined || second !== undefined || factor.kind === 'fraction' ? undefined : factor
}

/** The whole number that the value always is: a constant, or a sum or product of them. */
export function constantNumber(value: Value): bigint | undefined {
  if (value.kind !== 'number' || value.unit !== undefined) return undefined
  let sum = 0n
  for (const { negative, scales, factors, divisors } of value.terms) {
    let product = negative ? -1n : 1n
    if (scales.length + divisors.length > 0) return undefined
    for (const factor of factors) {
      if (factor.kind !== 'constant' || factor.constant.kind !== 'number') return undefined
      product *= factor.constant.value
    }
    sum += product
  }
  return sum
}

/** The byte string of the calldata that the value is: a part that is a word is one too. */
export function bytesOf(value: Value): Bytes | undefined {
  if (value.kind === 'bytes') return value.bytes
  return value.kind === 'word' && value.operand.kind === 'slice' ? value.operand.bytes : undefined
}

/** What the author would call the value: `an address`, `a number`, `an amount of ETH`. */
export function describe(value: Value, assetName: (asset: Asset) => string): string {
  switch (value.kind) {
    case 'number':
      return value.unit === undefined ? 'a number' : `an amount of ${assetName(value.unit)}`
    case 'word':
      return value.type.kind === 'fixedBytes'
        ? `bytes${value.type.size}`
        : { address: 'an address', bool: 'true or false' }[value.type.kind]
    case 'hex':
      return `${Math.ceil((value.text.length - 2) / 2)} bytes`
    case 'text':
      return `a text of ${value.bytes.length / 2 - 1} bytes`
    case 'bytes':
      return `${value.bytes.slice ? 'a part of ' : ''}${value.type === 'bytes' ? 'bytes' : 'a string'}`
    case 'array':
      return value.type.length === undefined ? 'an array' : `an array of ${value.type.length}`
    case 'spread':
      return 'one member of every element'
    case 'packed':
      return 'a list of slices'
    case 'calls':
      return 'a list of calls'
    case 'now':
      return 'a time'
    case 'tuple':
      return `a tuple of ${value.items.length}`
    case 'list':
      return 'a list'
    default:
      return value satisfies never
  }
}

/** The value as if it stood at another place, with all that is in it. */
export function respan(value: Value, span: Span): Value {
  return value.kind === 'tuple' || value.kind === 'list'
    ? { ...value, span, items: value.items.map((item) => respan(item, span)) }
    : { ...value, span }
}
