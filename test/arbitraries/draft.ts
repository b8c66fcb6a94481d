import { type AbiParameter, encodeAbiParameters, toFunctionSelector } from 'viem'
import type { AbiType, Parameter, ValueType } from '../../src/policy/AbiType.js'
import type { DeniedAction } from '../../src/policy/Action.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Operand, PathStep } from '../../src/policy/Operand.js'
import type { Call, OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Context } from '../../src/semantics/Context.js'
import { hexOf } from './address.js'
import type { Source } from './Source.js'

/** A value of the ABI with its words left raw: 256 bits that need not fit their type, bytes, or the parts of an array or tuple. */
export type Value = bigint | Hex | Value[]

/** A call (and the gas fields beside it) while it is made to fit a rule. */
export type Draft = {
  readonly policy: Policy
  readonly now: number
  readonly to: Address
  readonly action: DeniedAction
  readonly values: Value[]
  value: bigint
  fees: OperationFees | undefined
}

/** What the draft stands for. */
export function draftedCall({ action, to, value, values }: Draft): Call {
  if (action.kind !== 'call') return { to, value, data: '0x' }
  const types = action.inputs.map(({ type }) => rawType(type))
  return { to, value, data: `${selectorOf(action)}${encodeAbiParameters(types, values.map(rawValue)).slice(2)}` }
}

/** The draft as the reference sees it. */
export function draftedContext(draft: Draft): Context {
  const { policy, now, fees, action } = draft
  return { policy, now, fees, call: draftedCall(draft), inputs: action.kind === 'call' ? action.inputs : [] }
}

/** Sets what the operand reads; false if it reads a constant or something that no operation can choose. */
export function assign(draft: Draft, operand: Operand, value: bigint): boolean {
  if (operand.kind === 'constant') return false
  if (operand.kind === 'argument') {
    const word = wordOf(value, operand.type)
    return place({ values: draft.values, parameters: inputsOf(draft.action) }, operand.path, word)
  }
  if (operand.name === 'call.value') {
    if (value < 0n || value >= 2n ** 256n) return false
    draft.value = value
    return true
  }
  if (draft.fees === undefined || !operand.name.startsWith('op.') || value < 0n || value >= 2n ** 128n) return false
  draft.fees = { ...draft.fees, [operand.name.slice(3)]: value }
  return true
}

/** Values of the type with arrays of up to three elements and words mostly in range. */
export function buildValue(source: Source, type: AbiType): Value {
  switch (type.kind) {
    case 'bytes':
    case 'string': {
      const size = source.pick([0, 1, 32, 33, 4])
      return size === 0 ? '0x' : hexOf(source.random(8 * size), size)
    }
    case 'array':
      return source.many(type.length ?? 0, type.length ?? 3, () => buildValue(source, type.element))
    case 'tuple':
      return type.components.map((component) => buildValue(source, component.type))
    default:
      return source.chance(98) ? wordOf(buildWord(source, type), type) : source.random(256)
  }
}

/** The simplest value of the type. */
export function zeroOf(type: AbiType): Value {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return '0x'
    case 'array':
      return Array.from({ length: type.length ?? 0 }, () => zeroOf(type.element))
    case 'tuple':
      return type.components.map((component) => zeroOf(component.type))
    default:
      return 0n
  }
}

/** The least and the greatest value of a type, as the reference counts them. */
export function rangeOf(type: ValueType): readonly [bigint, bigint] {
  switch (type.kind) {
    case 'address':
      return [0n, 2n ** 160n - 1n]
    case 'bool':
      return [0n, 1n]
    case 'uint':
      return [0n, 2n ** BigInt(type.bits) - 1n]
    case 'int':
      return [-(2n ** BigInt(type.bits - 1)), 2n ** BigInt(type.bits - 1) - 1n]
    case 'fixedBytes':
      return [0n, 2n ** BigInt(8 * type.size) - 1n]
    default:
      return type satisfies never
  }
}

/** The four bytes of a function. */
export function selectorOf({ name, inputs }: { name: string; inputs: readonly Parameter[] }): Hex {
  return toFunctionSelector(`${name}(${inputs.map(({ type }) => typeText(type)).join()})`)
}

/** viem's name of the type with every value a bytes32 and every string bytes. */
export function rawType(type: AbiType): AbiParameter {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return { type: 'bytes' }
    case 'array': {
      const element = rawType(type.element)
      return { ...element, type: `${element.type}[${type.length ?? ''}]` }
    }
    case 'tuple':
      return { type: 'tuple', components: type.components.map((component) => rawType(component.type)) }
    default:
      return { type: 'bytes32' }
  }
}

/** The value as viem encodes it. */
export function rawValue(value: Value): unknown {
  if (typeof value === 'bigint') return hexOf(value, 32)
  return Array.isArray(value) ? value.map(rawValue) : value
}

/** The word of a value: two's complement for intN, to the left for bytesN. */
export function wordOf(value: bigint, type: ValueType): bigint {
  return BigInt.asUintN(256, type.kind === 'fixedBytes' ? value << BigInt(256 - 8 * type.size) : value)
}

function buildWord(source: Source, type: ValueType): bigint {
  const [least, most] = rangeOf(type)
  const bits = most.toString(2).length
  const value = source.bits(bits)
  return least < 0n && source.chance(50) ? -value - 1n : value
}

type Place = { values: Value[]; parameters: readonly Parameter[]; element?: AbiType; growing?: boolean }

/** Puts a word at the end of a path, making arrays long enough on the way. */
function place({ values, parameters, element, growing }: Place, path: readonly PathStep[], word: bigint): boolean {
  const [step, ...rest] = path
  if (step === undefined) return false
  const index = step.kind === 'last' ? Math.max(0, values.length - 1) : step.index
  const type = element ?? parameters[index]?.type
  if (type === undefined || (index >= values.length && !growing) || index > 64) return false
  while (values.length <= index) values.push(zeroOf(type))
  if (rest.length === 0) {
    values[index] = word
    return true
  }
  const inner = values[index]
  if (!Array.isArray(inner)) return false
  if (type.kind === 'tuple') return place({ values: inner, parameters: type.components }, rest, word)
  if (type.kind !== 'array') return false
  return place({ values: inner, parameters: [], element: type.element, growing: type.length === undefined }, rest, word)
}

function inputsOf(action: DeniedAction): readonly Parameter[] {
  return action.kind === 'call' ? action.inputs : []
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
    default:
      return type.kind
  }
}
