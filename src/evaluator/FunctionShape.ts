import { DESCRIPTOR } from '../compiler/layout.js'
import { toHex } from './hex.js'
import { keccak256 } from './keccak256.js'
import type { Signature } from './parseSignature.js'
import type { Tuple, Type } from './Type.js'

/** A function of the grant's table: how its calldata is laid out and what its parts are called. */
export type FunctionShape = {
  readonly signature: string
  readonly name: string
  /** What bodies and denies name it by: 8 digits. */
  readonly selector: string
  /** What calls are matched with: the selector, or a command's name. */
  readonly key: string
  readonly isCommand: boolean
  readonly inputs: Tuple
  /** Hex of the descriptor; empty where every argument is static. */
  readonly descriptor: string
}

/** Derives selector and descriptor from the signature. */
export const shapeOf = (bytes: Uint8Array, signature: string, { name, inputs }: Signature): FunctionShape => {
  const isCommand = name.startsWith('0x')
  const selector = isCommand ? `000000${name.slice(2)}` : toHex(keccak256(bytes).subarray(0, 4))
  return {
    signature,
    name,
    selector,
    key: isCommand ? name : selector,
    isCommand,
    inputs,
    descriptor: inputs.dynamic ? byte(inputs.components.length) + inputs.components.map(describe).join('') : '',
  }
}

const byte = (value: number): string => value.toString(16).padStart(2, '0')

const describe = (type: Type): string => {
  if (!type.dynamic) return byte(DESCRIPTOR.words) + byte(type.headWords)
  if (type.tuple) {
    const { components, words } = type.tuple
    return byte(DESCRIPTOR.tuple) + byte(components.length) + byte(words) + components.map(describe).join('')
  }
  if (!type.element) return byte(DESCRIPTOR.bytes)
  const form = type.length === undefined ? byte(DESCRIPTOR.array) : byte(DESCRIPTOR.fixedArray) + byte(type.length)
  return form + describe(type.element)
}

/** All tuples of the arguments in preorder, each name slot in the order of the grant's table. */
export const nameSlots = (inputs: Tuple): { readonly tuple: Tuple; readonly index: number }[] =>
  inputs.components.flatMap((component, index) => {
    const inner = tupleWithin(component)
    return [{ tuple: inputs, index }, ...(inner ? nameSlots(inner) : [])]
  })

const tupleWithin = (type: Type): Tuple | undefined =>
  type.tuple ?? (type.element ? tupleWithin(type.element) : undefined)
