import { toFunctionSelector } from 'viem'
import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { DeniedAction, FunctionAction } from '../policy/Action.js'

/** What is called: `transfer(address to, uint256 amount) (selector 0xa9059cbb)`, `a plain ETH transfer`, `any call`. */
export function printAction(action: DeniedAction): string {
  switch (action.kind) {
    case 'any':
      return 'any call'
    case 'send':
      return 'a plain ETH transfer (no calldata)'
    case 'call':
      return `${action.name}(${printParameters(action.inputs)}) (selector ${selectorOf(action)})`
    case 'command':
      return `${printActionName(action)} (${printParameters(action.inputs)})`
    default:
      return action satisfies never
  }
}

/** A short name of the same: `transfer`, `ETH transfer`, `command 0x08`. */
export function printActionName(action: DeniedAction): string {
  switch (action.kind) {
    case 'any':
      return 'any call'
    case 'send':
      return 'ETH transfer'
    case 'call':
      return action.name
    case 'command':
      return `command 0x${action.command.toString(16).padStart(2, '0')}`
    default:
      return action satisfies never
  }
}

// Four bytes can be ground to fit another name, so they stand beside it.
function selectorOf({ name, inputs }: FunctionAction): string {
  const nameless = inputs.map(({ type }) => printType(type, false)).join()
  return toFunctionSelector(`${name}(${nameless})`)
}

function printParameters(parameters: readonly Parameter[]): string {
  return parameters.map(({ name, type }) => `${printType(type)}${name === '' ? '' : ` ${name}`}`).join(', ')
}

function printType(type: AbiType, named = true): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'array':
      return `${printType(type.element, named)}[${type.length ?? ''}]`
    case 'tuple':
      return named
        ? `(${printParameters(type.components)})`
        : `(${type.components.map((component) => printType(component.type, false)).join()})`
    case 'address':
    case 'bool':
    case 'bytes':
    case 'string':
      return type.kind
    default:
      return type satisfies never
  }
}
