import { keccak256, stringToHex } from 'viem/utils'
import type { Hex } from '../../policy/Hex.js'
import { typesText } from '../../policy/typeText.js'
import type { AbiFunction } from './parseType.js'

export { typeText } from '../../policy/typeText.js'

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
