import type { Constant, Operand } from '../policy/Operand.js'

/** What may be compared with what: integers and amounts, addresses, truth values, bytes of one length. */
export type Sort = 'integer' | 'address' | 'bool' | `bytes${number}`

/** The sort of an operand. */
export const sortOf = (operand: Operand): Sort => {
  switch (operand.kind) {
    case 'constant':
      return sortOfConstant(operand.constant)
    case 'environment':
      return operand.name === 'session.account' || operand.name === 'session.key' ? 'address' : 'integer'
    case 'argument':
      switch (operand.type.kind) {
        case 'uint':
        case 'int':
          return 'integer'
        case 'fixedBytes':
          return `bytes${operand.type.size}`
        case 'address':
        case 'bool':
          return operand.type.kind
        default:
          return operand.type satisfies never
      }
    default:
      return operand satisfies never
  }
}

/** The sort of a constant. */
export const sortOfConstant = (constant: Constant): Sort => {
  switch (constant.kind) {
    case 'number':
    case 'amount':
      return 'integer'
    case 'bytes':
      return `bytes${constant.value.length / 2 - 1}`
    case 'address':
    case 'bool':
      return constant.kind
    default:
      return constant satisfies never
  }
}
