import type { Scale, Sum, Term } from '../policy/Condition.js'
import type { Constant, Operand, Total } from '../policy/Operand.js'
import type { Policy } from '../policy/Policy.js'
import type { Asset } from '../policy/Units.js'
import type { Context } from './Context.js'
import { wordValue } from './Raw.js'
import { countOf, readBytes, readElements } from './readList.js'
import { follow, readPlace } from './readPlace.js'

/** `numerator / denominator`, exact; the denominator is positive. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

/** The operand's value as a number: an address or bytesN is the number its bytes make, false and true are 0 and 1. Undefined is a fault. */
export function valueOf(operand: Operand, context: Context): bigint | undefined {
  switch (operand.kind) {
    case 'constant':
      return constantValue(operand.constant)
    case 'argument':
    case 'element':
      return wordValue(readPlace(operand, context), operand.type)
    case 'packed element': {
      const element = context.elements[operand.depth]
      return typeof element === 'string' ? BigInt(element) : undefined
    }
    case 'length': {
      const count = countOf(operand.of, context)
      return count === undefined ? undefined : BigInt(count)
    }
    case 'slice': {
      const bytes = readBytes(operand.bytes, context)
      return bytes && BigInt(bytes)
    }
    case 'masked': {
      const value = valueOf(operand.operand, context)
      return value === undefined ? undefined : value & operand.mask
    }
    case 'total':
      return totalOf(operand, context)
    case 'environment':
      switch (operand.name) {
        case 'call.value':
          return context.call?.value
        case 'session.account':
          return BigInt(context.policy.account)
        case 'session.key':
          return BigInt(context.policy.key)
        case 'op.callGasLimit':
          return context.fees?.callGasLimit
        case 'op.verificationGasLimit':
          return context.fees?.verificationGasLimit
        case 'op.preVerificationGas':
          return context.fees?.preVerificationGas
        case 'op.maxFeePerGas':
          return context.fees?.maxFeePerGas
        case 'op.maxPriorityFeePerGas':
          return context.fees?.maxPriorityFeePerGas
        default:
          return operand.name satisfies never
      }
    default:
      return operand satisfies never
  }
}

function totalOf({ over, path, type }: Total, context: Context): bigint | undefined {
  const elements = readElements(over, context)
  if (elements === undefined) return undefined
  let total = 0n
  for (const element of elements) {
    const value = wordValue(follow(element, path), type)
    if (value === undefined) return undefined
    total += value
  }
  return total < 2n ** 256n ? total : undefined
}

/** A constant's value, by the same rule as an operand's. */
export function constantValue(constant: Constant): bigint {
  return BigInt(constant.value)
}

/** The exact value of a sum; undefined if any part of it is a fault. */
export function sumOf(sum: Sum, context: Context): Rational | undefined {
  let total: Rational = { numerator: 0n, denominator: 1n }
  for (const term of sum) {
    const value = termValue(term, context)
    if (value === undefined) return undefined
    total = {
      numerator: total.numerator * value.denominator + value.numerator * total.denominator,
      denominator: total.denominator * value.denominator,
    }
  }
  return total
}

/** What a charge counts: the sum rounded up; undefined (a fault) if it is negative or 2^256 and more. */
export function amountOf(sum: Sum, context: Context): bigint | undefined {
  const exact = sumOf(sum, context)
  if (exact === undefined || exact.numerator < 0n) return undefined
  const roundedUp = (exact.numerator + exact.denominator - 1n) / exact.denominator
  return roundedUp < 2n ** 256n ? roundedUp : undefined
}

function termValue(term: Term, context: Context): Rational | undefined {
  let numerator = term.negative ? -1n : 1n
  let denominator = 1n
  for (const factor of term.factors) {
    const value = valueOf(factor, context)
    if (value === undefined) return undefined
    numerator *= value
  }
  for (const scale of term.scales) {
    const factor = scaleValue(scale, context.policy)
    if (factor === undefined || factor.denominator === 0n) return undefined
    numerator *= factor.numerator
    denominator *= factor.denominator
  }
  return { numerator, denominator }
}

function scaleValue(scale: Scale, policy: Policy): Rational | undefined {
  switch (scale.kind) {
    case 'percent':
      return { numerator: scale.percent.digits, denominator: 100n * 10n ** BigInt(scale.percent.decimals) }
    case 'at':
    case 'sold at': {
      // One base costs `price` quote, in whole tokens: unitsOfBase base units cost unitsOfQuote quote units.
      const quoteDecimals = decimalsOf(scale.quote, policy)
      const baseDecimals = decimalsOf(scale.base, policy)
      if (quoteDecimals === undefined || baseDecimals === undefined) return undefined
      const unitsOfBase = 10n ** BigInt(baseDecimals + scale.price.decimals)
      const unitsOfQuote = scale.price.digits * 10n ** BigInt(quoteDecimals)
      return scale.kind === 'at'
        ? { numerator: unitsOfBase, denominator: unitsOfQuote }
        : { numerator: unitsOfQuote, denominator: unitsOfBase }
    }
    case 'divide':
      return { numerator: 1n, denominator: scale.by }
    default:
      return scale satisfies never
  }
}

function decimalsOf(asset: Asset, policy: Policy): number | undefined {
  if (asset === 'ETH') return 18
  const decimals = policy.tokens.find((token) => token.address === asset)?.decimals
  return decimals === 'base units' ? 0 : decimals
}
