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

const selectors = new WeakMap<FunctionAction, Hex>()

/** The first 4 bytes of the hash of the function's canonical text; remembered, for each draft asks for those of all rules. */
export const selectorOf = (action: FunctionAction): Hex => {
  const known = selectors.get(action)
  if (known !== undefined) return known
  const { name, inputs } = action
  const hash = keccak256(stringToBytes(`${name}(${inputs.map((input) => typeText(input.type)).join(',')})`))
  const selector: Hex = `0x${hash.slice(2, 10)}`
  selectors.set(action, selector)
  return selector
}
