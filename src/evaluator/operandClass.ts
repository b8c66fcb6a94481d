import { ENVIRONMENT, OPERAND } from '../compiler/layout.js'
import type { Operand } from './Operand.js'

/** What an operand can be compared with: only its own class. Of bytes the size belongs to the class. */
export const classOf = (operand: Operand): string => {
  switch (operand.kind) {
    case 'constant':
      return classOfForm(operand.form, operand.size)
    case 'argument': {
      const { kind, bits } = operand.type
      if (kind === 'bytes') return `bytes${bits / 8}`
      return kind === 'uint' || kind === 'int' ? INTEGER : kind
    }
    case 'packed':
    case 'slice':
      return operand.size === 20 ? 'address' : `bytes${operand.size}`
    case 'masked':
      return classOf(operand.operand)
    case 'environment':
    case 'length':
    case 'total':
      return INTEGER
    default:
      return operand satisfies never
  }
}

/** The class of numbers and amounts: the only one with an order and with arithmetic. */
export const INTEGER = 'integer'

/** The class of constants whose operand byte is this. */
export const classOfForm = (form: number, size: number): string => {
  switch (form) {
    case OPERAND.address:
    case ENVIRONMENT['session.account']:
    case ENVIRONMENT['session.key']:
      return 'address'
    case OPERAND.bool:
      return 'bool'
    case OPERAND.bytes:
      return `bytes${size}`
    default:
      return INTEGER
  }
}

/** An argument of type int, or a negative number. */
export const isSigned = (operand: Operand): boolean =>
  operand.kind === 'argument' ? operand.type.signed : operand.kind === 'constant' && operand.value < 0n

/** How two operands are compared; a constant below 2^255 may stand on a signed side, nothing else unsigned may. */
export const signOf = (left: Operand, right: Operand): 'signed' | 'unsigned' | 'mixed' => {
  const operands = [left, right]
  if (!operands.some(isSigned)) return 'unsigned'
  return operands.every((operand) => isSigned(operand) || isEither(operand)) ? 'signed' : 'mixed'
}

const isEither = (operand: Operand): boolean => operand.kind === 'constant' && operand.value < 1n << 255n
