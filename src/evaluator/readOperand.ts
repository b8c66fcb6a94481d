import { ENVIRONMENT, OPERAND } from '../compiler/layout.js'
import type { ArgumentOperand, ConstantOperand, EnvironmentOperand, MaskedOperand, Operand } from './Operand.js'
import type { Reader } from './Reader.js'
import { readBytes, readCollection, readCountable, widthOf } from './readCollection.js'
import {
  type Route,
  type Scope,
  fromElement,
  inputsOf,
  readFromArguments,
  readFromElement,
  valueInTuple,
  valueOf,
} from './readPlace.js'
import { type Tables, readAsset } from './Tables.js'
import type { ValueType } from './ValueType.js'

const ENVIRONMENT_NAMES: readonly EnvironmentOperand['name'][] = [
  'call.value',
  'op.callGasLimit',
  'op.verificationGasLimit',
  'op.preVerificationGas',
  'op.maxFeePerGas',
  'op.maxPriorityFeePerGas',
]

/** Reads one operand. */
export const readOperand = (reader: Reader, scope: Scope): Operand => {
  const at = reader.at
  const form = reader.byte()
  switch (form) {
    case OPERAND.argumentWord:
      return readWord(reader, scope)
    case OPERAND.argumentPath:
      return argumentAt(reader, readFromArguments(reader, scope))
    case OPERAND.elementPath:
      return argumentAt(reader, readFromElement(reader, scope, reader.byte()))
    case OPERAND.packedElement: {
      const depth = reader.byte()
      const size = reader.byte()
      const over = scope.elements[depth]
      if (over?.kind !== 'packed' || over.size !== size)
        return reader.fail('a packed element is read where none is', at)
      return { kind: 'packed', depth, over, size }
    }
    case OPERAND.slice: {
      const bytes = readBytes(reader, scope)
      return { kind: 'slice', bytes, size: widthOf(bytes) ?? reader.fail('a slice is no value', at) }
    }
    case OPERAND.mask:
      return readMasked(reader, scope)
    case OPERAND.length: {
      const of = readCountable(reader, scope)
      reader.must(of.kind !== 'array' || of.length === undefined, 'a length is fixed', at)
      return { kind: 'length', of }
    }
    case OPERAND.sum: {
      const over = readCollection(reader, scope)
      if (over.kind === 'packed') return reader.fail('a sum goes over packed elements', at)
      const word = argumentAt(reader, fromElement(reader, inputsOf(reader, scope), over, 0))
      reader.must(word.type.kind === 'uint', 'a sum is of no unsigned numbers', at)
      return { kind: 'total', over, word }
    }
    case ENVIRONMENT['session.account']:
      return constant(form, BigInt(`0x${scope.tables.account}`))
    case ENVIRONMENT['session.key']:
      return constant(form, BigInt(`0x${scope.tables.key}`))
  }
  const name = ENVIRONMENT_NAMES.find((candidate) => ENVIRONMENT[candidate] === form)
  if (name === undefined) return readConstant(reader, scope.tables, form, at)
  reader.must(scope.place !== 'fees' || name !== 'call.value', 'the fees speak of call.value', at)
  return { kind: 'environment', form, name }
}

const constant = (form: number, value: bigint, size = 0): ConstantOperand => ({ kind: 'constant', form, value, size })

const readConstant = (reader: Reader, tables: Tables, form: number, at: number): ConstantOperand => {
  switch (form) {
    case OPERAND.number:
      return constant(form, reader.integer())
    case OPERAND.negativeNumber: {
      const magnitude = reader.integer()
      reader.must(magnitude > 0n && magnitude <= 1n << 255n, 'a negative number is zero or below -2^255', at)
      return constant(form, -magnitude)
    }
    case OPERAND.address: {
      const address = reader.hex(20)
      tables.unused.delete(address)
      return constant(form, BigInt(`0x${address}`))
    }
    case OPERAND.bytes: {
      const size = reader.byte()
      reader.must(size >= 1 && size <= 32, 'a bytes constant has not 1 to 32 bytes', at)
      return constant(form, reader.big(size), size)
    }
    case OPERAND.bool: {
      const value = reader.byte()
      reader.must(value <= 1, 'a bool is neither 0 nor 1', at)
      return constant(form, BigInt(value))
    }
    case OPERAND.amount:
      readAsset(reader, tables)
      return constant(form, reader.integer())
    default:
      return reader.fail('an operand is of no known kind', at)
  }
}

const readType = (reader: Reader, type: ValueType | undefined): ValueType => {
  const at = reader.at
  const code = reader.byte()
  reader.must(type !== undefined && type.code === code, "an argument's type is not the function's", at)
  return type
}

const readWord = (reader: Reader, scope: Scope): ArgumentOperand => {
  const inputs = inputsOf(reader, scope)
  const word = reader.byte()
  const type = readType(reader, valueInTuple(inputs, word))
  return (inputs.operands[word] ??= {
    kind: 'argument',
    type,
    inputs,
    argument: -1,
    word,
    depth: -1,
    over: undefined,
    steps: [],
    path: [],
  })
}

const argumentAt = (reader: Reader, route: Route): ArgumentOperand => ({
  kind: 'argument',
  type: readType(reader, valueOf(route)),
  ...route.place,
})

const readMasked = (reader: Reader, scope: Scope): MaskedOperand => {
  const at = reader.at
  const mask = reader.integer()
  // Masks inside masks would lead as deep as the bytes are many.
  reader.must(reader.peek() !== OPERAND.mask, 'a mask fits nothing', at)
  const operand = readOperand(reader, scope)
  reader.must(mask > 0n && mask >> BigInt(maskable(operand)) === 0n, 'a mask fits nothing', at)
  return { kind: 'masked', operand, mask }
}

/** How many bits a mask may keep. */
const maskable = (operand: Operand): number => {
  if (operand.kind === 'argument')
    return operand.type.kind === 'uint' || operand.type.kind === 'bytes' ? operand.type.bits : 0
  // Twenty bytes are an address, which has no bits to speak of.
  return (operand.kind === 'packed' || operand.kind === 'slice') && operand.size !== 20 ? 8 * operand.size : 0
}
