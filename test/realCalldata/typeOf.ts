import type { AbiParameter } from 'viem'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'

/** A parameter of viem's in our words. */
export function parameterOf(parameter: AbiParameter): Parameter {
  return { name: '', type: typeOf(parameter) }
}

function typeOf(parameter: AbiParameter): AbiType {
  const array = /^(.*)\[(\d*)\]$/.exec(parameter.type)
  if (array) {
    const [, inner = '', length = ''] = array
    const element = typeOf({ ...parameter, type: inner })
    return length === '' ? { kind: 'array', element } : { kind: 'array', element, length: Number(length) }
  }
  const [, kind = '', digits = ''] = /^([a-z]+)(\d*)$/.exec(parameter.type) ?? []
  switch (kind) {
    case 'tuple':
      return { kind, components: 'components' in parameter ? parameter.components.map(parameterOf) : [] }
    case 'address':
    case 'bool':
    case 'string':
      return { kind }
    case 'uint':
    case 'int':
      return { kind, bits: Number(digits || '256') }
    case 'bytes':
      return digits === '' ? { kind } : { kind: 'fixedBytes', size: Number(digits) }
    default:
      throw new Error(`no type of the ABI: ${parameter.type}`)
  }
}
