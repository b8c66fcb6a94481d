import { toFunctionSelector } from 'viem'
import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { DeniedAction, FunctionAction } from '../policy/Action.js'
import type { Rule } from '../policy/Rule.js'
import type { Called } from './Called.js'

/** Whether the rule speaks of this call at all: its target and its action. */
export function concerns(rule: Rule, call: Called): boolean {
  return rule.target === call.to && matches(rule.action, call)
}

function matches(action: DeniedAction, { data, command }: Called): boolean {
  switch (action.kind) {
    case 'any':
      return true
    case 'send':
      return command === undefined && data === '0x'
    case 'call':
      return command === undefined && data.length >= 10 && data.slice(0, 10) === selectorOf(action)
    case 'command':
      return command === action.command
    default:
      return action satisfies never
  }
}

/** The parameters that conditions on the action may speak of. */
export function inputsOf(action: DeniedAction): readonly Parameter[] {
  return 'inputs' in action ? action.inputs : []
}

const selectors = new WeakMap<FunctionAction, string>()

/** Remembered, for hashing every rule's signature again for every call would take most of the time. */
function selectorOf(action: FunctionAction): string {
  const known = selectors.get(action)
  if (known !== undefined) return known
  const selector = toFunctionSelector(`${action.name}(${action.inputs.map(({ type }) => typeText(type)).join()})`)
  selectors.set(action, selector)
  return selector
}

function typeText(type: AbiType): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'fixedBytes':
      return `bytes${type.size}`
    case 'array':
      return `${typeText(type.element)}[${type.length ?? ''}]`
    case 'tuple':
      return `(${type.components.map((component) => typeText(component.type)).join()})`
    case 'address':
    case 'bool':
    case 'bytes':
    case 'string':
      return type.kind
    default:
      return type satisfies never
  }
}
