import { keccak256, stringToHex } from 'viem/utils'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Hex } from '../../policy/Hex.js'
import type { AbiFunction } from './parseType.js'

/** The canonical text of a type, as it stands in a signature: `(address,uint256)[]`. */
export function typeText(type: AbiType): string {
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

const typesText = (inputs: readonly Parameter[]): string => `(${inputs.map((input) => typeText(input.type)).join(',')})`

/** `transfer(address,uint256)`: what the selector is made of. */
export function signatureText(action: AbiFunction): string {
  return action.name + typesText(action.inputs)
}

const known = new Map<string, Hex>()

/** The first four bytes of the signature's keccak256 (Solidity ABI specification). */
export function selectorOf(signature: string): Hex {
  let selector = known.get(signature)
  if (selector === undefined) {
    selector = keccak256(stringToHex(signature)).slice(0, 10) as Hex
    if (known.size < 100_000) known.set(signature, selector)
  }
  return selector
}
