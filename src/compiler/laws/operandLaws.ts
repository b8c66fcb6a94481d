import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Argument, Constant, Operand, PathStep } from '../../policy/Operand.js'
import type { Asset } from '../../policy/Units.js'
import { typeText } from '../abi.js'
import type { Report } from './Report.js'

/** What the operands of one place may speak of. */
export type Place = {
  /** Arguments; absent where there is no function. */
  readonly inputs: readonly Parameter[] | undefined
  /** False in the fees line, which has no call. */
  readonly call: boolean
  /** True at an allow rule: `now` may be bounded. */
  readonly now: boolean
  /** The assets of the policy, with the decimals that a price counts with. */
  readonly assets: ReadonlyMap<Asset, number>
}

/** An operand is there to be read in its place, and its constant fits its bytes. */
export const operandLaws = (operand: Operand, place: Place, report: Report): void => {
  switch (operand.kind) {
    case 'constant':
      constantLaws(operand.constant, place, report)
      return
    case 'environment':
      if (operand.name === 'call.value' && !place.call) report('`call.value` has no meaning in the fees line')
      return
    case 'argument':
      argumentLaws(operand, place, report)
      return
    default:
      operand satisfies never
  }
}

/** A constant fits its bytes. */
export const constantLaws = (constant: Constant, place: Place, report: Report): void => {
  switch (constant.kind) {
    case 'number':
      if (constant.value < -(1n << 255n) || constant.value >= 1n << 256n)
        report(`${constant.value} is no number of 256 bits`)
      return
    case 'amount':
      if (!place.assets.has(constant.asset)) report(`an amount of ${constant.asset}, which is none of the tokens`)
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

const argumentLaws = ({ path, type }: Argument, { inputs }: Place, report: Report): void => {
  if (inputs === undefined) return report('an argument is named where there is no function')
  let reached: AbiType | undefined = { kind: 'tuple', components: inputs }
  for (const step of path) reached = reached && memberOf(reached, step)
  // The path of no step is the arguments themselves, which are no word.
  if (reached === undefined || path.length === 0) return report('a path leads to no argument')
  if (typeText(reached) !== typeText(type))
    report(`an argument of type ${typeText(reached)} is read as ${typeText(type)}`)
}

const memberOf = (type: AbiType, step: PathStep): AbiType | undefined => {
  if (step.kind === 'component') return type.kind === 'tuple' ? type.components[step.index]?.type : undefined
  if (type.kind !== 'array') return undefined
  if (step.kind === 'last') return type.length === undefined ? type.element : undefined
  return isIndex(step.index) && step.index < (type.length ?? Infinity) ? type.element : undefined
}

const isIndex = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < 2 ** 16
