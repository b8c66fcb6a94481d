import type { ValueType } from '../policy/AbiType.js'
import type { Constant, Operand } from '../policy/Operand.js'
import { sliceWidth } from './sliceWidth.js'

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
    case 'element':
      return sortOfType(operand.type)
    case 'packed element':
      return sortOfBytes(operand.size)
    case 'slice':
      return sortOfBytes(sliceWidth(operand.bytes.slice) ?? 0)
    case 'masked':
      return sortOf(operand.operand)
    case 'length':
    case 'total':
      return 'integer'
    default:
      return operand satisfies never
  }
}

const sortOfType = (type: ValueType): Sort => {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return 'integer'
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'address':
    case 'bool':
      return type.kind
    default:
      return type satisfies never
  }
}

/** Twenty bytes out of a byte string are an address. */
const sortOfBytes = (size: number): Sort => (size === 20 ? 'address' : `bytes${size}`)

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
