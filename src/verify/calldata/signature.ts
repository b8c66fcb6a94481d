import { keccak256, stringToBytes } from 'viem'
import type { FunctionAction } from '../../policy/Action.js'
import type { AbiType } from '../../policy/AbiType.js'
import type { Hex } from '../../policy/Hex.js'

const typeText = (type: AbiType): string => {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'array':
      return `${typeText(type.element)}[${type.length ?? ''}]`
    case 'tuple':
      return `(${type.components.map((component) => typeText(component.type)).join(',')})`
    default:
      return type.kind
  }
}

/** The first 4 bytes of the hash of the function's canonical text. */
export const selectorOf = ({ name, inputs }: FunctionAction): Hex => {
  const hash = keccak256(stringToBytes(`${name}(${inputs.map((input) => typeText(input.type)).join(',')})`))
  return `0x${hash.slice(2, 10)}`
}
