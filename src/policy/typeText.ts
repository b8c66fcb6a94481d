import type { AbiType, Parameter } from './AbiType.js'

/** The canonical text of a type, as it stands in a signature (Solidity ABI specification): `(address,uint256)[]`. */
export const typeText = (type: AbiType): string => {
  switch (type.kind) {
    case 'address':
    case 'bool':
    case 'bytes':
    case 'string':
      return type.kind
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'array':
      return `${typeText(type.element)}[${type.length ?? ''}]`
    case 'tuple':
      return typesText(type.components)
    default:
      return type satisfies never
  }
}

/** The types of parameters in parentheses. */
export const typesText = (parameters: readonly Parameter[]): string =>
  `(${parameters.map(({ type }) => typeText(type)).join(',')})`
