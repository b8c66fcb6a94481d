import type { AbiType, Parameter } from '../../policy/AbiType.js'
import { typeText } from '../../policy/typeText.js'
import { type Callable, nameOf } from '../FunctionShape.js'

/** `transfer(address to, uint256 amount)`, `0x08(address recipient)` */
export const signatureText = (action: Callable): string => `${nameOf(action)}${parametersText(action.inputs)}`

const parametersText = (parameters: readonly Parameter[]): string =>
  `(${parameters.map(({ name, type }) => (name === '' ? namedTypeText(type) : `${namedTypeText(type)} ${name}`)).join(', ')})`

/** A type with the names of its components. */
const namedTypeText = (type: AbiType): string => {
  switch (type.kind) {
    case 'tuple':
      return parametersText(type.components)
    case 'array':
      return `${namedTypeText(type.element)}[${type.length ?? ''}]`
    default:
      return typeText(type)
  }
}
