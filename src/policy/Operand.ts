import type { ValueType } from './AbiType.js'
import type { Address, Hex } from './Hex.js'
import type { Asset } from './Units.js'

/** A single value that a condition or a charge speaks of. */
export type Operand =
  | { readonly kind: 'constant'; readonly constant: Constant }
  | Argument
  | { readonly kind: 'environment'; readonly name: EnvironmentName }

/** A word of the arguments. The first step is the argument's index, as a component. */
export type Argument = { readonly kind: 'argument'; readonly path: readonly PathStep[]; readonly type: ValueType }

/** From a tuple (or the arguments) to a component, from an array to an element; `last` is the last element of a dynamic array. */
export type PathStep =
  | { readonly kind: 'component'; readonly index: number }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'last' }

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
