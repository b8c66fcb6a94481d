import type { ValueType } from '../../policy/AbiType.js'
import type { Operand } from '../../policy/Operand.js'

/** The numbers that an operand can be, and what to call them. */
export type NumberRange = { readonly min: bigint; readonly max: bigint; readonly name: string; readonly text: string }

/** The range of an integer operand; undefined for addresses, bytes, bools and constants. */
export function rangeOf(operand: Operand): NumberRange | undefined {
  switch (operand.kind) {
    case 'environment':
      return operand.name.startsWith('session.') ? undefined : unsigned(256)
    case 'argument':
    case 'element':
      return rangeOfType(operand.type)
    case 'length':
      return { ...unsigned(256), name: 'a length' }
    case 'total':
      return { ...unsigned(256), name: 'a sum' }
    case 'masked':
      return rangeOf(operand.operand)
    case 'constant':
    case 'slice':
    case 'packed element':
      return undefined
    default:
      return operand satisfies never
  }
}

function rangeOfType(type: ValueType): NumberRange | undefined {
  if (type.kind === 'uint') return unsigned(type.bits)
  if (type.kind !== 'int') return undefined
  const half = 1n << BigInt(type.bits - 1)
  const text = `numbers from -2^${type.bits - 1} to 2^${type.bits - 1} - 1`
  return { min: -half, max: half - 1n, name: `an int${type.bits}`, text }
}

function unsigned(bits: number): NumberRange {
  const max = (1n << BigInt(bits)) - 1n
  return {
    min: 0n,
    max,
    name: `a uint${bits}`,
    text: bits <= 32 ? `numbers from 0 to ${max}` : `numbers from 0 to 2^${bits} - 1`,
  }
}
