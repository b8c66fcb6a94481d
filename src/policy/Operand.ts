import type { ValueType } from './AbiType.js'
import type { Collection, Countable } from './Collection.js'
import type { Address, Hex } from './Hex.js'
import type { Bytes, PathStep } from './Place.js'
import type { Asset } from './Units.js'

/** A single value that a condition or a charge speaks of. */
export type Operand =
  | { readonly kind: 'constant'; readonly constant: Constant }
  | Argument
  | Element
  | PackedElement
  | { readonly kind: 'environment'; readonly name: EnvironmentName }
  | Length
  | Slice
  | Masked
  | Total

/** A word of the arguments. The first step is the argument's index, as a component. */
export type Argument = { readonly kind: 'argument'; readonly path: readonly PathStep[]; readonly type: ValueType }

/** A word of an array element that a quantifier names. `depth` 0 is the innermost quantifier around; the path may be empty. */
export type Element = {
  readonly kind: 'element'
  readonly depth: number
  readonly path: readonly PathStep[]
  readonly type: ValueType
}

/** An element of a packed array that a quantifier names: an address where it has 20 bytes, else a bytesN. */
export type PackedElement = { readonly kind: 'packed element'; readonly depth: number; readonly size: number }

/** How many elements a list has, or bytes a byte string. */
export type Length = { readonly kind: 'length'; readonly of: Countable }

/** 1 to 32 bytes out of a byte string; an address where they are 20, else a bytesN. `bytes.slice` is given, and its width is known. */
export type Slice = { readonly kind: 'slice'; readonly bytes: Bytes & { readonly slice: object } }

/** The bits of a word that a mask keeps: of an argument or element of type uintN or bytesN, or of a slice that is no address. The mask is not 0 and fits the type. */
export type Masked = {
  readonly kind: 'masked'
  readonly operand: Argument | Element | PackedElement | Slice
  readonly mask: bigint
}

/** The sum of a word (of type uintN) of every element; 2^256 or more is a fault. `path` leads from the element to the word and is empty where the element is it. */
export type Total = {
  readonly kind: 'total'
  readonly over: Extract<Collection, { readonly kind: 'array' }>
  readonly path: readonly PathStep[]
  readonly type: ValueType
}

/** `op.*` cannot be read on the runtime path: a fault there. */
export type EnvironmentName =
  | 'call.value'
  | 'session.account'
  | 'session.key'
  | 'op.callGasLimit'
  | 'op.verificationGasLimit'
  | 'op.preVerificationGas'
  | 'op.maxFeePerGas'
  | 'op.maxPriorityFeePerGas'

export type Constant =
  | { readonly kind: 'number'; readonly value: bigint }
  /** In the asset's base unit, not negative. */
  | { readonly kind: 'amount'; readonly value: bigint; readonly asset: Asset }
  | { readonly kind: 'address'; readonly value: Address }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** 1 to 32 bytes, compared with a bytesN of the same length. */
  | { readonly kind: 'bytes'; readonly value: Hex }

export type { PathStep } from './Place.js'
