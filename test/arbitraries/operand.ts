import type { Constant, EnvironmentName, Masked, Operand } from '../../src/policy/Operand.js'
import type { Asset } from '../../src/policy/Units.js'
import { sortOf } from '../../src/compiler/sortOf.js'
import { buildAddress, hexOf } from './address.js'
import { bitsOf } from './derive.js'
import type { Source } from './Source.js'
import { assetsOf, type World } from './World.js'

/** An operand of the environment. */
export const environment = (name: EnvironmentName): Operand => ({ kind: 'environment', name })

/** A constant as an operand. */
export const constantOperand = (constant: Constant): Operand => ({ kind: 'constant', constant })

/** The words that the fees line may speak of. */
export const FEE_OPERANDS: readonly Operand[] = [
  environment('op.callGasLimit'),
  environment('op.verificationGasLimit'),
  environment('op.preVerificationGas'),
  environment('op.maxFeePerGas'),
  environment('op.maxPriorityFeePerGas'),
  environment('session.account'),
  environment('session.key'),
]

/** The asset that the operand is an amount of by itself. */
export const unitOf = (operand: Operand): Asset | undefined => {
  if (operand.kind === 'constant') return operand.constant.kind === 'amount' ? operand.constant.asset : undefined
  if (operand.kind !== 'environment') return undefined
  const { name } = operand
  return name === 'call.value' || name === 'op.maxFeePerGas' || name === 'op.maxPriorityFeePerGas' ? 'ETH' : undefined
}

/** Bits of an integer operand, the sign's included. */
const rangeOf = (operand: Operand): { readonly signed: boolean; readonly bits: number } => {
  if (operand.kind === 'total') return { signed: false, bits: 256 }
  if (operand.kind !== 'argument' && operand.kind !== 'element') return { signed: false, bits: 128 }
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
  if (operand.kind === 'length') return BigInt(source.pick([0, 1, 2, 3, 4, 20, 32, 43, 100]))
  if (operand.kind === 'masked') return buildMasked(source, operand)
  const { signed, bits } = rangeOf(operand)
  if (!signed) return source.bits(bits)
  const magnitude = source.bits(bits - 1)
  return source.chance(50) ? -magnitude - 1n : magnitude
}

const buildMasked = (source: Source, { operand, mask }: Masked): bigint =>
  source.pick([mask, 0n, source.random(bitsOf(operand)) & mask])

/** Counts and bits are no amounts. */
const isBare = ({ kind }: Operand): boolean => kind === 'length' || kind === 'masked'

/** An asset that amounts compared with the operand may be of, or none: then they are plain numbers. */
export const buildUnit = (source: Source, world: World, operand: Operand): Asset | undefined => {
  if (sortOf(operand) !== 'integer' || isBare(operand) || !source.chance(30)) return undefined
  return unitOf(operand) ?? source.pick(assetsOf(world))
}

/** A constant that the operand can be compared with: an amount where there is a unit (then never negative). */
export const buildConstant = (source: Source, world: World, operand: Operand, unit: Asset | undefined): Constant => {
  const sort = sortOf(operand)
  switch (sort) {
    case 'integer': {
      const value = buildInteger(source, operand)
      if (unit === undefined) return { kind: 'number', value }
      return { kind: 'amount', value: value < 0n ? -value - 1n : value, asset: unit }
    }
    case 'address':
      if (operand.kind === 'environment' && source.chance(80))
        return { kind: 'address', value: operand.name === 'session.key' ? world.key : world.account }
      return {
        kind: 'address',
        value: source.chance(40) && world.tokens.length > 0 ? source.pick(world.tokens).address : buildAddress(source),
      }
    case 'bool':
      return { kind: 'bool', value: source.chance(50) }
    default: {
      const size = Number(sort.slice('bytes'.length))
      const value = operand.kind === 'masked' ? buildMasked(source, operand) : source.bits(8 * size)
      return { kind: 'bytes', value: hexOf(value, size) }
    }
  }
}
