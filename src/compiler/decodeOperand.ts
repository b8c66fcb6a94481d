import type { EnvironmentName, Operand } from '../policy/Operand.js'
import {
  argumentsOf,
  headOf,
  readBytes,
  readCollection,
  readCountable,
  type ReadScope,
  readSteps,
  readTyped,
  typeOfElement,
} from './decodePlace.js'
import { readAsset } from './decodeTables.js'
import { ENVIRONMENT, OPERAND } from './layout.js'
import type { Reader } from './Reader.js'

const NAMES = new Map(
  Object.keys(ENVIRONMENT)
    .filter((name): name is EnvironmentName => name in ENVIRONMENT)
    .map((name) => [ENVIRONMENT[name], name]),
)

/** Reads one operand. Masks do not stand in masks: bytes that say so are no reason to go deeper. */
export const readOperand = (reader: Reader, scope: ReadScope, masks = true): Operand => {
  const at = reader.at
  const code = reader.uint(1)
  switch (code) {
    case OPERAND.number:
      return { kind: 'constant', constant: { kind: 'number', value: reader.integer() } }
    case OPERAND.negativeNumber:
      return { kind: 'constant', constant: { kind: 'number', value: -reader.integer() } }
    case OPERAND.address:
      return { kind: 'constant', constant: { kind: 'address', value: reader.hex(20) } }
    case OPERAND.bytes:
      return { kind: 'constant', constant: { kind: 'bytes', value: reader.hex(reader.uint(1)) } }
    case OPERAND.bool:
      return { kind: 'constant', constant: { kind: 'bool', value: readBool(reader) } }
    case OPERAND.amount: {
      const asset = readAsset(reader, scope.tokens)
      return { kind: 'constant', constant: { kind: 'amount', value: reader.integer(), asset } }
    }
    case OPERAND.argumentWord:
      return { kind: 'argument', ...readTyped(reader, headOf(reader, scope.shape)) }
    case OPERAND.argumentPath:
      return { kind: 'argument', ...readTyped(reader, readSteps(reader, argumentsOf(scope), true)) }
    case OPERAND.elementPath: {
      const depth = reader.uint(1)
      const type = typeOfElement(reader, scope, depth, at)
      return { kind: 'element', depth, ...readTyped(reader, readSteps(reader, type, false)) }
    }
    case OPERAND.packedElement:
      return { kind: 'packed element', depth: reader.uint(1), size: reader.uint(1) }
    case OPERAND.length:
      return { kind: 'length', of: readCountable(reader, scope) }
    case OPERAND.slice: {
      const { place, slice } = readBytes(reader, scope)
      return slice === undefined ? reader.fail('a slice of no range', at) : { kind: 'slice', bytes: { place, slice } }
    }
    case OPERAND.mask:
      return masks ? readMasked(reader, scope) : reader.fail('a mask on a mask', at)
    case OPERAND.sum:
      return readTotal(reader, scope)
    default: {
      const name = NAMES.get(code) ?? reader.fail('an unknown operand', at)
      return { kind: 'environment', name }
    }
  }
}

/** Reads a byte that is 0 or 1. */
export const readBool = (reader: Reader): boolean => {
  const at = reader.at
  const value = reader.uint(1)
  if (value > 1) reader.fail('a truth value that is neither 0 nor 1', at)
  return value === 1
}

const readMasked = (reader: Reader, scope: ReadScope): Operand => {
  const mask = reader.integer()
  const at = reader.at
  const operand = readOperand(reader, scope, false)
  switch (operand.kind) {
    case 'argument':
    case 'element':
    case 'packed element':
    case 'slice':
      return { kind: 'masked', operand, mask }
    default:
      return reader.fail('a mask on what has no bits', at)
  }
}

const readTotal = (reader: Reader, scope: ReadScope): Operand => {
  const at = reader.at
  const { collection, element } = readCollection(reader, scope)
  if (collection.kind !== 'array' || element.kind !== 'typed') return reader.fail('a sum over no array', at)
  return { kind: 'total', over: collection, ...readTyped(reader, readSteps(reader, element.type, false)) }
}
