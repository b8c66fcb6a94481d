import { toHex } from 'viem'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Constant, Operand } from '../../src/policy/Operand.js'
import type { PathStep } from '../../src/policy/Place.js'

/** A condition for every word, length and byte string of the arguments: it holds iff that is read as the given values have it. */
export function readingsOf(inputs: readonly Parameter[], values: readonly unknown[]): readonly Condition[] {
  return inputs.flatMap(({ type }, index) => readings(type, values[index], [{ kind: 'component', index }]))
}

function readings(type: AbiType, value: unknown, path: readonly PathStep[]): readonly Condition[] {
  switch (type.kind) {
    case 'bytes':
    case 'string': {
      const right = type.kind === 'bytes' ? (value as Hex) : toHex(value as string)
      return [{ kind: 'bytes', operator: '==', left: { place: { kind: 'argument', path } }, right }]
    }
    case 'array': {
      const elements = value as readonly unknown[]
      const inside = elements.flatMap((element, index) =>
        readings(type.element, element, [...path, { kind: 'element', index }]),
      )
      if (type.length !== undefined) return inside
      const length: Operand = { kind: 'length', of: { kind: 'array', place: { kind: 'argument', path } } }
      return [equal(length, { kind: 'number', value: BigInt(elements.length) }), ...inside]
    }
    case 'tuple': {
      const members = Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value as object)
      return type.components.flatMap((component, index) =>
        readings(component.type, members[index], [...path, { kind: 'component', index }]),
      )
    }
    case 'address':
      return [word({ kind: 'address', value: (value as string).toLowerCase() as Address })]
    case 'bool':
      return [word({ kind: 'bool', value: value as boolean })]
    case 'uint':
    case 'int':
      return [word({ kind: 'number', value: BigInt(value as bigint) })]
    case 'fixedBytes':
      return [word({ kind: 'bytes', value: (value as string).toLowerCase() as Hex })]
    default:
      return type satisfies never
  }
  function word(constant: Constant): Condition {
    if (!('kind' in type) || !isWord(type)) throw new Error('no word')
    return equal({ kind: 'argument', path, type }, constant)
  }
}

function isWord(type: AbiType): type is Extract<AbiType, { kind: 'address' | 'bool' | 'uint' | 'int' | 'fixedBytes' }> {
  return ['address', 'bool', 'uint', 'int', 'fixedBytes'].includes(type.kind)
}

function equal(operand: Operand, constant: Constant): Condition {
  const side = (factor: Operand) => [{ negative: false, scales: [], factors: [factor] as const }]
  return { kind: 'compare', operator: '==', left: side(operand), right: side({ kind: 'constant', constant }) }
}
