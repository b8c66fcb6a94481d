import { stringToBytes, keccak256 } from 'viem'
import type { AbiType } from '../policy/AbiType.js'
import type { FunctionAction } from '../policy/Action.js'
import type { Hex } from '../policy/Hex.js'
import { headWordsOf, headWordsOfAll, isDynamic, namesOf, typesText } from './abi.js'
import { DESCRIPTOR } from './layout.js'
import { Writer } from './Writer.js'

/** What the bytes need to know of a function, worked out once. */
export type FunctionShape = {
  readonly action: FunctionAction
  readonly signature: string
  readonly selector: Hex
  readonly names: readonly string[]
  /** Words of the arguments' heads. */
  readonly headWords: number
  /** For each argument, the word of the heads at which it begins. */
  readonly heads: readonly number[]
  /** Empty where every argument is static. */
  readonly descriptor: Uint8Array
}

/** `name(types)`. */
export const signatureOf = ({ name, inputs }: FunctionAction): string => `${name}${typesText(inputs)}`

/** Signature and names: what one entry of the functions' table is known by. */
export const keyOfFunction = (action: FunctionAction): string =>
  [signatureOf(action), ...namesOf(action.inputs)].join(' ')

/** The first four bytes of a signature's hash. */
export const selectorOf = (signature: string): Hex => `0x${keccak256(stringToBytes(signature)).slice(2, 10)}`

/** The shape of a function. */
export const shapeOf = (action: FunctionAction): FunctionShape => {
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
    selector: selectorOf(signature),
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
