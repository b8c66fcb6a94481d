import type { AbiType, ValueType } from '../policy/AbiType.js'
import type { EnvironmentName, Operand, PathStep } from '../policy/Operand.js'
import type { Token } from '../policy/Units.js'
import { headWordsOf, isDynamic, typeCodeOf } from './abi.js'
import { readAsset } from './decodeTables.js'
import type { FunctionShape } from './FunctionShape.js'
import { ENVIRONMENT, OPERAND, STEP } from './layout.js'
import type { Reader } from './Reader.js'

/** What an operand's bytes are read with: the tokens, and the function whose arguments are meant, if any. */
export type ReadScope = { readonly tokens: readonly Token[]; readonly shape: FunctionShape | undefined }

const NAMES = new Map(
  Object.keys(ENVIRONMENT)
    .filter((name): name is EnvironmentName => name in ENVIRONMENT)
    .map((name) => [ENVIRONMENT[name], name]),
)

/** Reads one operand. */
export const readOperand = (reader: Reader, scope: ReadScope): Operand => {
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
      return readWord(reader, scope.shape)
    case OPERAND.argumentPath:
      return readPath(reader, scope.shape)
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

const readWord = (reader: Reader, shape: FunctionShape | undefined): Operand => {
  const at = reader.at
  const word = reader.uint(1)
  const index = shape?.heads.findLastIndex((head) => head <= word) ?? -1
  const type = shape?.action.inputs[index]?.type
  const head = shape?.heads[index]
  if (type === undefined || head === undefined || isDynamic(type))
    return reader.fail('a word of no static argument', at)
  const path: PathStep[] = [{ kind: 'component', index }]
  const value = walkWords(type, word - head, path) ?? reader.fail('a word past the arguments', at)
  return readTyped(reader, path, value)
}

const readPath = (reader: Reader, shape: FunctionShape | undefined): Operand => {
  const at = reader.at
  const count = reader.uint(1)
  const path: PathStep[] = []
  // The arguments themselves are a tuple to step into.
  let type: AbiType = { kind: 'tuple', components: shape?.action.inputs ?? [] }
  let inside = false
  for (let i = 0; i < count; i += 1) {
    const step = reader.uint(1)
    const index = reader.uint(2)
    if (i > 0 && !isDynamic(type)) {
      if (step !== STEP.wordOffset || inside) reader.fail('a step where a word offset belongs', at)
      inside = true
      type = walkWords(type, index, path) ?? reader.fail('a word offset past its type', at)
    } else {
      const next: AbiType | undefined = takeStep(type, step, index, path)
      type = next ?? reader.fail('a step that leads nowhere', at)
    }
  }
  return readTyped(reader, path, isValue(type) ? type : reader.fail('a path that ends at no value', at))
}

/** Reads the type byte, which says what the function's signature says. */
const readTyped = (reader: Reader, path: readonly PathStep[], type: ValueType): Operand => {
  const at = reader.at
  if (reader.uint(1) !== typeCodeOf(type)) reader.fail("a type that is not the argument's", at)
  return { kind: 'argument', path, type }
}

/** Takes one step into a dynamic type; adds it to the path. */
const takeStep = (type: AbiType, step: number, index: number, path: PathStep[]): AbiType | undefined => {
  if (type.kind === 'tuple' && step === STEP.component) {
    path.push({ kind: 'component', index })
    return type.components[index]?.type
  }
  if (type.kind !== 'array') return undefined
  if (step === STEP.element && index < (type.length ?? Infinity)) {
    path.push({ kind: 'element', index })
    return type.element
  }
  if (step === STEP.last && index === 0 && type.length === undefined) {
    path.push({ kind: 'last' })
    return type.element
  }
  return undefined
}

/** Follows a word offset inside a static type to the value it is; adds the steps to the path. */
const walkWords = (type: AbiType, offset: number, path: PathStep[]): ValueType | undefined => {
  if (isValue(type)) return offset === 0 ? type : undefined
  if (type.kind === 'array') {
    const words = headWordsOf(type.element)
    const index = Math.floor(offset / words)
    if (!(index < (type.length ?? 0))) return undefined
    path.push({ kind: 'element', index })
    return walkWords(type.element, offset - index * words, path)
  }
  if (type.kind !== 'tuple') return undefined
  let start = 0
  for (const [index, component] of type.components.entries()) {
    const words = headWordsOf(component.type)
    if (offset < start + words) {
      path.push({ kind: 'component', index })
      return walkWords(component.type, offset - start, path)
    }
    start += words
  }
  return undefined
}

const isValue = (type: AbiType): type is ValueType => {
  switch (type.kind) {
    case 'bytes':
    case 'string':
    case 'array':
    case 'tuple':
      return false
    case 'address':
    case 'bool':
    case 'uint':
    case 'int':
    case 'fixedBytes':
      return true
    default:
      return type satisfies never
  }
}
