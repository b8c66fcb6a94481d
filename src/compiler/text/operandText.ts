import { getAddress } from 'viem/utils'
import type { Constant, Masked, Operand, Total } from '../../policy/Operand.js'
import { elementOf } from '../reach.js'
import { maskedSize } from '../maskedSize.js'
import { hasInput, type NameScope } from './NameScope.js'
import { amountText, tokenOf } from './numberText.js'
import { bytesText, collectionText, countableText, pathText, stepsText, variableText } from './placeText.js'

/** One operand as a writ spells it, with no other reading. */
export const operandText = (operand: Operand, scope: NameScope): string => {
  switch (operand.kind) {
    case 'constant':
      return constantText(operand.constant, scope)
    case 'argument':
    case 'element':
      return pathText(operand, scope)
    case 'packed element':
      return variableText(operand.depth, scope)
    case 'environment':
      if (operand.name !== 'session.account') return operand.name
      return hasInput('account', scope) ? operand.name : 'account'
    case 'length':
      return `len(${countableText(operand.of, scope)})`
    case 'slice':
      return bytesText(operand.bytes, scope)
    case 'masked':
      // Always in parentheses: readers of other languages disagree on how tightly `&` holds.
      return `(${operandText(operand.operand, scope)} & ${maskText(operand)})`
    case 'total':
      return totalText(operand, scope)
    default:
      return operand satisfies never
  }
}

/** The bits as a number where they are a number's, else as bytes. */
const maskText = ({ operand, mask }: Masked): string => {
  const size = maskedSize(operand)
  return size === undefined ? mask.toString() : `0x${mask.toString(16).padStart(2 * size, '0')}`
}

const totalText = ({ over, path }: Total, scope: NameScope): string => {
  const element = elementOf(over, scope)
  const type = element?.kind === 'typed' ? element.type : undefined
  const steps = stepsText(path, type)
  // `list[0]` would be one element; `list[:][0]` is the first member of each.
  return `sum(${collectionText(over, scope)}${steps.startsWith('[') ? '[:]' : ''}${steps})`
}

/** One constant; a token's address by its symbol, unless an argument has that name. */
export const constantText = (constant: Constant, scope: NameScope): string => {
  switch (constant.kind) {
    case 'number':
      return constant.value.toString()
    case 'amount':
      return amountText(constant.value, constant.asset, scope.tokens)
    case 'address': {
      const symbol = tokenOf(constant.value, scope.tokens)?.symbol
      return symbol === undefined || hasInput(symbol, scope) ? getAddress(constant.value) : symbol
    }
    case 'bool':
      return String(constant.value)
    case 'bytes':
      return constant.value
    default:
      return constant satisfies never
  }
}
