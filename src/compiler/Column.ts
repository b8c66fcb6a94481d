import type { Constant } from '../policy/Operand.js'
import type { Asset } from '../policy/Units.js'
import { OPERAND } from './layout.js'
import { widthOf } from './Writer.js'

/** How the constants in one column of a membership are written. */
export type Column = {
  /** The operand byte of the constants. */
  readonly form: number
  /** Amounts are all of one asset. */
  readonly asset?: Asset
  /** Bytes of each value. */
  readonly width: number
}

/** The column that these constants make; they are of one form, which `encodable` checks. */
export const columnOf = (constants: readonly (Constant | undefined)[]): Column => {
  const [first] = constants
  switch (first?.kind) {
    case undefined:
      throw new RangeError('a membership has no row: the policy cannot be encoded')
    case 'address':
      return { form: OPERAND.address, width: 20 }
    case 'bool':
      return { form: OPERAND.bool, width: 1 }
    case 'bytes':
      return { form: OPERAND.bytes, width: first.value.length / 2 - 1 }
    case 'amount':
      return { form: OPERAND.amount, asset: first.asset, width: unsignedWidth(integersOf(constants)) }
    case 'number': {
      const values = integersOf(constants)
      return values.some((value) => value < 0n)
        ? { form: OPERAND.negativeNumber, width: signedWidth(values) }
        : { form: OPERAND.number, width: unsignedWidth(values) }
    }
    default:
      return first satisfies never
  }
}

const integersOf = (constants: readonly (Constant | undefined)[]): readonly bigint[] =>
  constants.flatMap((constant) => (constant?.kind === 'number' || constant?.kind === 'amount' ? [constant.value] : []))

const unsignedWidth = (values: readonly bigint[]): number =>
  values.reduce((width, value) => Math.max(width, widthOf(value)), 1)

const signedWidth = (values: readonly bigint[]): number =>
  // A value needs one bit for its sign: the double of it (of its complement, if negative) shows how many bytes that is.
  values.reduce((width, value) => Math.max(width, widthOf(2n * (value < 0n ? -value - 1n : value))), 1)
