import { encodeAbiParameters, toFunctionSelector } from 'viem'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { DeniedAction } from '../../src/policy/Action.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Called } from '../../src/semantics/Called.js'
import type { Context } from '../../src/semantics/Context.js'
import { inputsOf } from '../../src/semantics/concerns.js'
import type { Raw } from '../../src/semantics/Raw.js'
import { type Cell, valueIn } from './cell.js'
import { rawType, rawValue, type Value } from './value.js'

/** A call (and the gas fields beside it) while it is made to fit a rule. */
export type Draft = {
  readonly policy: Policy
  readonly now: number
  readonly to: Address
  readonly action: DeniedAction
  readonly values: Value[]
  value: bigint
  fees: OperationFees | undefined
  /** How another call carries it; then its value may be that call's. */
  readonly carried?: Nested['form']
  /** The elements that the quantifiers around speak of, the innermost first. */
  readonly elements: DraftElement[]
}

/** An element of an array, or a part of a byte string. */
export type DraftElement =
  | { readonly kind: 'typed'; readonly cell: Cell }
  | { readonly kind: 'packed'; readonly cell: Cell; readonly start: number; readonly size: number }

/** A draft with nothing in it yet but values. */
export function draftOf(
  parts: Omit<Draft, 'elements' | 'value' | 'fees'> & Partial<Pick<Draft, 'value' | 'fees'>>,
): Draft {
  return { value: 0n, fees: undefined, ...parts, elements: [] }
}

/** What the draft stands for. */
export function draftedCall({ action, to, value, values, carried }: Draft): Called {
  const encoded = 'inputs' in action ? encode(action.inputs, values) : ''
  const call = { to, value, ...(carried === undefined ? {} : { carried }) }
  switch (action.kind) {
    case 'call':
      return { ...call, data: `${selectorOf(action)}${encoded}` }
    case 'command':
      return { ...call, data: `0x${encoded}`, command: action.command }
    case 'send':
    case 'any':
      return { ...call, data: '0x' }
    default:
      return action satisfies never
  }
}

/** The draft as the reference sees it. */
export function draftedContext(draft: Draft): Context {
  const { policy, now, fees, action, elements } = draft
  return { policy, now, fees, call: draftedCall(draft), inputs: inputsOf(action), elements: elements.map(rawElement) }
}

function rawElement(element: DraftElement): Raw {
  const value = valueIn(element.cell) ?? '0x'
  if (element.kind === 'typed') return rawValue(value)
  const digits = typeof value === 'string' ? value.slice(2) : ''
  // What made the byte string shorter meanwhile may make it longer again.
  const part = digits.slice(2 * element.start, 2 * (element.start + element.size))
  return `0x${part.padEnd(2 * element.size, '0')}`
}

function encode(inputs: readonly Parameter[], values: readonly Value[]): string {
  return encodeAbiParameters(
    inputs.map(({ type }) => rawType(type)),
    values.map(rawValue),
  ).slice(2)
}

/** The four bytes of a function. */
export function selectorOf({ name, inputs }: { name: string; inputs: readonly Parameter[] }): Hex {
  return toFunctionSelector(`${name}(${inputs.map(({ type }) => typeText(type)).join()})`)
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
