import type { ValueType } from '../../policy/AbiType.js'

/** A number that a case may choose: a word of the arguments, `call.value`, a gas field. */
export type Variable = {
  readonly name: string
  /** What the word means: signed for intN, the number its N bytes make for bytesN. */
  value: bigint
  /** Inclusive. */
  readonly min: bigint
  /** Inclusive. */
  readonly max: bigint
  /** A part of something else that may not be there; what speaks of it then holds neither way. */
  readonly readable?: () => boolean
}

/** The least and greatest value of a type, both included. */
export const rangeOf = (type: ValueType): { readonly min: bigint; readonly max: bigint } => {
  switch (type.kind) {
    case 'address':
      return { min: 0n, max: (1n << 160n) - 1n }
    case 'bool':
      return { min: 0n, max: 1n }
    case 'uint':
      return { min: 0n, max: (1n << BigInt(type.bits)) - 1n }
    case 'int':
      return { min: -(1n << BigInt(type.bits - 1)), max: (1n << BigInt(type.bits - 1)) - 1n }
    case 'fixedBytes':
      return { min: 0n, max: (1n << BigInt(8 * type.size)) - 1n }
    default:
      return type satisfies never
  }
}

/** A variable of a type, at 0. */
export const variableOf = (name: string, type: ValueType): Variable => ({ name, value: 0n, ...rangeOf(type) })
