import type { AbiType, ValueType } from '../../policy/AbiType.js'
import type { Constant, Masked, Operand, PackedElement, Total } from '../../policy/Operand.js'
import type { Asset } from '../../policy/Units.js'
import { typeText } from '../../policy/typeText.js'
import { LIMIT } from '../layout.js'
import { elementOf, type Origins, typeAlong, typeAt } from '../reach.js'
import { sliceWidth } from '../sliceWidth.js'
import { bytesLaws, collectionLaws, lengthLaws } from './placeLaws.js'
import type { Report } from './Report.js'

/** What conditions and amounts may speak of where they stand. */
export type LawScope = Origins & {
  /** False in the fees line, which has no call. */
  readonly call: boolean
  /** True at an allow rule: `now` may be bounded. */
  readonly now: boolean
  /** The assets of the policy, with the decimals that a price counts with. */
  readonly assets: ReadonlyMap<Asset, number>
}

/** An operand is there to be read in its place, and its constant fits its bytes. */
export const operandLaws = (operand: Operand, scope: LawScope, report: Report): void => {
  switch (operand.kind) {
    case 'constant':
      constantLaws(operand.constant, scope, report)
      return
    case 'environment':
      if (operand.name === 'call.value' && !scope.call) report('`call.value` has no meaning in the fees line')
      return
    case 'argument':
    case 'element':
      if (operand.kind === 'argument' && scope.inputs === undefined)
        return report('an argument is named where there is no function')
      wordLaws(typeAt(operand, scope), operand.type, report)
      return
    case 'packed element':
      packedElementLaws(operand, scope, report)
      return
    case 'length':
      lengthLaws(operand.of, scope, report)
      return
    case 'slice': {
      bytesLaws(operand.bytes, scope, report)
      const width = sliceWidth(operand.bytes.slice)
      if (width === undefined || width < 1 || width > LIMIT.integerBytes)
        report('a slice that is a value has 1 to 32 bytes, told by its range')
      return
    }
    case 'masked':
      maskLaws(operand, scope, report)
      return
    case 'total':
      totalLaws(operand, scope, report)
      return
    default:
      operand satisfies never
  }
}

const wordLaws = (reached: AbiType | undefined, type: ValueType, report: Report): void => {
  if (reached === undefined) return report('a path leads to no argument')
  if (typeText(reached) !== typeText(type))
    report(`an argument of type ${typeText(reached)} is read as ${typeText(type)}`)
}

const packedElementLaws = ({ depth, size }: PackedElement, { elements }: LawScope, report: Report): void => {
  const element = elements[depth]
  if (element?.kind !== 'packed' || element.size !== size) report('a packed element of no quantifier')
}

const maskLaws = ({ operand, mask }: Masked, scope: LawScope, report: Report): void => {
  operandLaws(operand, scope, report)
  const bits = bitsOf(operand)
  if (bits === undefined) return report('a mask keeps bits of a uint, a bytesN or a slice')
  if (mask <= 0n || mask >> BigInt(bits) !== 0n) report(`a mask of ${bits} bits is not 1 to 2^${bits} - 1`)
}

/** How many bits a mask may keep. */
const bitsOf = (operand: Masked['operand']): number | undefined => {
  switch (operand.kind) {
    case 'argument':
    case 'element':
      if (operand.type.kind === 'uint') return operand.type.bits
      return operand.type.kind === 'fixedBytes' ? 8 * operand.type.size : undefined
    case 'packed element':
      return bitsOfBytes(operand.size)
    case 'slice':
      return bitsOfBytes(sliceWidth(operand.bytes.slice))
    default:
      return operand satisfies never
  }
}

/** Twenty bytes are an address, which has no bits to speak of. */
const bitsOfBytes = (size: number | undefined): number | undefined =>
  size === undefined || size === 20 ? undefined : 8 * size

const totalLaws = ({ over, path, type }: Total, scope: LawScope, report: Report): void => {
  collectionLaws(over, scope, report)
  const element = elementOf(over, scope)
  wordLaws(element?.kind === 'typed' ? typeAlong(element.type, path) : undefined, type, report)
  if (type.kind !== 'uint') report('a sum is one of uints')
}

/** A constant fits its bytes. */
export const constantLaws = (constant: Constant, scope: LawScope, report: Report): void => {
  switch (constant.kind) {
    case 'number':
      if (constant.value < -(1n << 255n) || constant.value >= 1n << 256n)
        report(`${constant.value} is no number of 256 bits`)
      return
    case 'amount':
      if (!scope.assets.has(constant.asset)) report(`an amount of ${constant.asset}, which is none of the tokens`)
      if (constant.value < 0n || constant.value >= 1n << 256n) report(`${constant.value} is no amount of 256 bits`)
      return
    case 'bytes': {
      const size = constant.value.length / 2 - 1
      if (size < 1 || size > 32) report(`a constant of ${size} bytes is not one of 1 to 32`)
      return
    }
    case 'address':
    case 'bool':
      return
    default:
      constant satisfies never
  }
}
