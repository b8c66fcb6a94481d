import type { Constant, EnvironmentName, Operand } from '../../src/policy/Operand.js'
import { buildAddress, hexOf } from './address.js'
import type { Source } from './Source.js'
import type { World } from './World.js'

/** What may be compared with what: integers and amounts, addresses, truth values, bytes of one length. */
export type Sort = 'number' | 'address' | 'bool' | `bytes${number}`

const FEES: readonly EnvironmentName[] = [
  'op.callGasLimit',
  'op.verificationGasLimit',
  'op.preVerificationGas',
  'op.maxFeePerGas',
  'op.maxPriorityFeePerGas',
]

/** An operand of the environment. */
export const environment = (name: EnvironmentName): Operand => ({ kind: 'environment', name })

/** The words that the fees line may speak of. */
export const FEE_OPERANDS: readonly Operand[] = FEES.map(environment)

/** The words besides the arguments that a rule may speak of. */
export const RULE_OPERANDS: readonly Operand[] = [
  environment('session.account'),
  environment('session.key'),
  ...FEE_OPERANDS,
]

/** The sort of an operand. */
export const sortOf = (operand: Operand): Sort => {
  switch (operand.kind) {
    case 'constant':
      return sortOfConstant(operand.constant)
    case 'environment':
      return operand.name === 'session.account' || operand.name === 'session.key' ? 'address' : 'number'
    case 'argument':
      switch (operand.type.kind) {
        case 'uint':
        case 'int':
          return 'number'
        case 'fixedBytes':
          return `bytes${operand.type.size}`
        case 'address':
        case 'bool':
          return operand.type.kind
        default:
          return operand.type satisfies never
      }
    default:
      return operand satisfies never
  }
}

const sortOfConstant = (constant: Constant): Sort => {
  switch (constant.kind) {
    case 'number':
    case 'amount':
      return 'number'
    case 'bytes':
      return `bytes${constant.value.length / 2 - 1}`
    case 'address':
    case 'bool':
      return constant.kind
    default:
      return constant satisfies never
  }
}

/** Least and greatest value of an operand that is an integer. */
const rangeOf = (operand: Operand): { readonly signed: boolean; readonly bits: number } => {
  if (operand.kind !== 'argument') return { signed: false, bits: 128 }
  switch (operand.type.kind) {
    case 'uint':
      return { signed: false, bits: operand.type.bits }
    case 'int':
      return { signed: true, bits: operand.type.bits }
    default:
      return { signed: false, bits: 256 }
  }
}

/** An integer that the operand can be. */
export const buildInteger = (source: Source, operand: Operand): bigint => {
  const { signed, bits } = rangeOf(operand)
  if (!signed) return source.bits(bits)
  const magnitude = source.bits(bits - 1)
  return source.chance(50) ? -magnitude - 1n : magnitude
}

/** A constant that the operand can be compared with; `form` is one of 'number' and an asset where it is an integer. */
export const buildConstant = (source: Source, world: World, operand: Operand, asset?: string): Constant => {
  const sort = sortOf(operand)
  switch (sort) {
    case 'number': {
      const value = buildInteger(source, operand)
      if (asset === undefined || value < 0n) return { kind: 'number', value }
      return { kind: 'amount', value, asset: asset === 'ETH' ? 'ETH' : `0x${asset.slice(2)}` }
    }
    case 'address':
      return {
        kind: 'address',
        value: source.chance(40) && world.tokens.length > 0 ? source.pick(world.tokens).address : buildAddress(source),
      }
    case 'bool':
      return { kind: 'bool', value: source.chance(50) }
    default: {
      const size = Number(sort.slice('bytes'.length))
      return { kind: 'bytes', value: hexOf(source.bits(8 * size), size) }
    }
  }
}
