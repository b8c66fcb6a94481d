import { stringToBytes, keccak256 } from 'viem/utils'
import type { AbiType } from '../policy/AbiType.js'
import type { CommandAction, DeniedAction, FunctionAction } from '../policy/Action.js'
import type { Hex } from '../policy/Hex.js'
import { typesText } from '../policy/typeText.js'
import { headWordsOf, headWordsOfAll, isDynamic, namesOf } from './abi.js'
import { DESCRIPTOR } from './layout.js'
import { Writer } from './Writer.js'

/** What has arguments: a function, or a command of a list of commands. */
export type Callable = FunctionAction | CommandAction

/** Whether an action has arguments. */
export const isCallable = (action: DeniedAction): action is Callable =>
  action.kind === 'call' || action.kind === 'command'

/** What the bytes need to know of a function or a command, worked out once. */
export type FunctionShape = {
  readonly action: Callable
  readonly signature: string
  /** Of a command three zero bytes and its byte. */
  readonly selector: Hex
  readonly names: readonly string[]
  /** Words of the arguments' heads. */
  readonly headWords: number
  /** For each argument, the word of the heads at which it begins. */
  readonly heads: readonly number[]
  /** Empty where every argument is static. */
  readonly descriptor: Uint8Array
}

/** `name(types)`; a command has its byte for a name, `0x08(types)`. */
export const signatureOf = (action: Callable): string => `${nameOf(action)}${typesText(action.inputs)}`

/** A function's name, or a command's byte as `0x08`. */
export const nameOf = (action: Callable): string =>
  action.kind === 'call' ? action.name : `0x${action.command.toString(16).padStart(2, '0')}`

/** Signature and names: what one entry of the functions' table is known by. */
export const keyOfFunction = (action: Callable): string => [signatureOf(action), ...namesOf(action.inputs)].join(' ')

/** The first four bytes of a signature's hash. */
export const selectorOf = (signature: string): Hex => `0x${keccak256(stringToBytes(signature)).slice(2, 10)}`

/** The shape of a function. */
export const shapeOf = (action: Callable): FunctionShape => {
  const { inputs } = action
  const signature = signatureOf(action)
  const heads: number[] = []
  let word = 0
  for (const { type } of inputs) {
    heads.push(word)
    word += headWordsOf(type)
  }
  const descriptor = new Writer()
  if (inputs.some(({ type }) => isDynamic(type))) {
    descriptor.uint(inputs.length, 1)
    for (const { type } of inputs) writeType(descriptor, type)
  }
  return {
    action,
    signature,
    selector: action.kind === 'call' ? selectorOf(signature) : `0x000000${nameOf(action).slice(2)}`,
    names: namesOf(inputs),
    headWords: headWordsOfAll(inputs),
    heads,
    descriptor: descriptor.bytes(),
  }
}

const writeType = (writer: Writer, type: AbiType): void => {
  if (!isDynamic(type)) {
    writer.uint(DESCRIPTOR.words, 1)
    writer.uint(headWordsOf(type), 1)
    return
  }
  switch (type.kind) {
    case 'array':
      if (type.length === undefined) {
        writer.uint(DESCRIPTOR.array, 1)
      } else {
        writer.uint(DESCRIPTOR.fixedArray, 1)
        writer.uint(type.length, 1)
      }
      writeType(writer, type.element)
      return
    case 'tuple':
      writer.uint(DESCRIPTOR.tuple, 1)
      writer.uint(type.components.length, 1)
      writer.uint(headWordsOfAll(type.components), 1)
      for (const component of type.components) writeType(writer, component.type)
      return
    default:
      writer.uint(DESCRIPTOR.bytes, 1)
  }
}
