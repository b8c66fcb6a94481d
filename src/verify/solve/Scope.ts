import type { Collection, Countable } from '../../policy/Collection.js'
import type { EnvironmentName, Operand, PathStep } from '../../policy/Operand.js'
import type { ByteRange, Bytes, Place } from '../../policy/Place.js'
import type { Policy } from '../../policy/Policy.js'
import type { Asset } from '../../policy/Units.js'
import { contentOf } from '../calldata/encode.js'
import type { BytesValue, Value } from '../calldata/Value.js'
import { arrayLength, bytesLength, masked, packedElement, packedLength, selected, slice } from '../calldata/views.js'
import type { Variable } from './Variable.js'

/** The gas fields that a case may choose. */
export type FeeVariables = Readonly<
  Record<
    'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas' | 'maxFeePerGas' | 'maxPriorityFeePerGas',
    Variable
  >
>

/** What operands can be read from: one call's arguments and value, and the operation's fields. */
export type Scope = {
  readonly policy: Policy
  readonly now: number
  /** The arguments as one tuple; absent for the fees line, and for calls without arguments. */
  readonly args?: Value
  readonly callValue?: Variable
  /** Absent on the runtime path. */
  readonly fees?: FeeVariables
  /** The elements that the quantifiers around name, the innermost first. */
  readonly elements?: readonly Element[]
}

/** An element of an array, or of a packed list. */
export type Element = Value | { readonly kind: 'packed'; readonly variable: Variable }

/** A byte string, or the part of it that a range selects. */
export type Part = { readonly value: BytesValue; readonly range?: ByteRange }

const environment = (name: EnvironmentName, scope: Scope): Variable | bigint | undefined => {
  switch (name) {
    case 'call.value':
      return scope.callValue
    case 'session.account':
      return BigInt(scope.policy.account)
    case 'session.key':
      return BigInt(scope.policy.key)
    case 'op.callGasLimit':
      return scope.fees?.callGasLimit
    case 'op.verificationGasLimit':
      return scope.fees?.verificationGasLimit
    case 'op.preVerificationGas':
      return scope.fees?.preVerificationGas
    case 'op.maxFeePerGas':
      return scope.fees?.maxFeePerGas
    case 'op.maxPriorityFeePerGas':
      return scope.fees?.maxPriorityFeePerGas
    default:
      return name satisfies never
  }
}

const step = (value: Value | undefined, { kind, ...rest }: PathStep): Value | undefined => {
  const members = value?.kind === 'tuple' ? value.components : value?.kind === 'array' ? value.elements : []
  return kind === 'last' ? members.at(-1) : members['index' in rest ? rest.index : 0]
}

/** What stands at a place; undefined where nothing does. */
export const valueAt = (place: Place, scope: Scope): Value | undefined => {
  const element = place.kind === 'element' ? scope.elements?.[place.depth] : undefined
  const root = place.kind === 'argument' ? scope.args : element?.kind === 'packed' ? undefined : element
  return place.path.reduce<Value | undefined>(step, root)
}

const bytesAt = ({ place }: Bytes, scope: Scope): BytesValue | undefined => {
  const value = valueAt(place, scope)
  return value?.kind === 'bytes' ? value : undefined
}

/** A part of a byte string that conditions compare; nothing where it lies outside. */
export const partAt = (bytes: Bytes, scope: Scope): Part | undefined => {
  const value = bytesAt(bytes, scope)
  return value && { value, ...(bytes.slice && { range: bytes.slice }) }
}

/** The elements that a quantifier goes over; undefined where they cannot be read. */
export const elementsOf = (collection: Collection, scope: Scope): readonly Element[] | undefined => {
  if (collection.kind === 'array') {
    const value = valueAt(collection.place, scope)
    return value?.kind === 'array' ? value.elements : undefined
  }
  const { bytes, size, gap } = collection
  const value = bytesAt(bytes, scope)
  const count = value && packedLength(value, bytes.slice, { size, gap })
  if (value === undefined || count?.readable?.() !== true) return undefined
  return Array.from({ length: Number(count.value) }, (_, index) => ({
    kind: 'packed',
    variable: packedElement(value, bytes.slice, { size, gap }, index),
  }))
}

const lengthOf = (of: Countable, scope: Scope): Variable | bigint | undefined => {
  switch (of.kind) {
    case 'array': {
      const value = valueAt(of.place, scope)
      return value?.kind === 'array' ? arrayLength(value) : undefined
    }
    case 'packed': {
      const value = bytesAt(of.bytes, scope)
      return value && packedLength(value, of.bytes.slice, of)
    }
    case 'bytes':
    case 'multisend': {
      const value = bytesAt(of.bytes, scope)
      if (value === undefined) return undefined
      if (of.bytes.slice === undefined) return bytesLength(value, of.kind === 'bytes' ? 'byte' : 'record')
      const part = selected(of.bytes.slice, contentOf(value).bytes.length)
      return of.kind === 'bytes' && part ? BigInt(part[1] - part[0]) : undefined
    }
    default:
      return of satisfies never
  }
}

/** The number of bytes that a range selects, whatever it is of; undefined where that depends. */
const widthOf = ({ start, end }: ByteRange): number | undefined => {
  if (end === undefined) return start < 0 ? -start : undefined
  return start < 0 === end < 0 ? end - start : undefined
}

/** The variable or the constant that an operand is here; undefined is a fault. A sum is several: see `addendsOf`. */
export const resolve = (operand: Operand, scope: Scope): Variable | bigint | undefined => {
  switch (operand.kind) {
    case 'constant':
      return BigInt(operand.constant.value)
    case 'argument':
    case 'element': {
      const word = valueAt(operand, scope)
      return word?.kind === 'word' ? word.variable : undefined
    }
    case 'packed element': {
      const element = scope.elements?.[operand.depth]
      return element?.kind === 'packed' ? element.variable : undefined
    }
    case 'environment':
      return environment(operand.name, scope)
    case 'length':
      return lengthOf(operand.of, scope)
    case 'slice': {
      const value = bytesAt(operand.bytes, scope)
      const range = operand.bytes.slice
      const width = range && widthOf(range)
      return value && range && width !== undefined ? slice(value, range, width) : undefined
    }
    case 'masked': {
      const inner = resolve(operand.operand, scope)
      return inner === undefined || typeof inner === 'bigint' ? undefined : masked(inner, operand.mask)
    }
    case 'total': {
      const [first, ...others] = addendsOf(operand, scope) ?? []
      return others.length > 0 ? undefined : first
    }
    default:
      return operand satisfies never
  }
}

/** The variables and constants whose sum an operand is; one but for `sum(…)`. Undefined is a fault. */
export const addendsOf = (operand: Operand, scope: Scope): readonly (Variable | bigint)[] | undefined => {
  if (operand.kind !== 'total') {
    const one = resolve(operand, scope)
    return one === undefined ? undefined : [one]
  }
  const elements = elementsOf(operand.over, scope)
  const words = elements?.map((element) => {
    const word = element.kind === 'packed' ? undefined : operand.path.reduce<Value | undefined>(step, element)
    return word?.kind === 'word' ? word.variable : undefined
  })
  if (words === undefined) return undefined
  const known = words.filter((word) => word !== undefined)
  return known.length < words.length ? undefined : known.length === 0 ? [0n] : known
}

/** Decimals that amounts of the asset are stated in; 0 for plain base units. */
export const decimalsOf = (asset: Asset, policy: Policy): number => {
  if (asset === 'ETH') return 18
  const decimals = policy.tokens.find((token) => token.address === asset)?.decimals
  return decimals === undefined || decimals === 'base units' ? 0 : decimals
}
