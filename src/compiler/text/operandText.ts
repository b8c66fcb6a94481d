import { getAddress } from 'viem'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Argument, Constant, Operand, PathStep } from '../../policy/Operand.js'
import type { Token } from '../../policy/Units.js'
import { amountText, tokenOf } from './numberText.js'
import { KEYWORDS, RESERVED } from './words.js'

/** What the names of one place depend on: the tokens, and the arguments of the function, none for `send` and `any`. */
export type NameScope = { readonly tokens: readonly Token[]; readonly inputs: readonly Parameter[] }

/** One operand as a writ spells it, with no other reading. */
export const operandText = (operand: Operand, scope: NameScope): string => {
  switch (operand.kind) {
    case 'constant':
      return constantText(operand.constant, scope)
    case 'argument':
      return argumentText(operand, scope)
    case 'environment':
      if (operand.name !== 'session.account') return operand.name
      return hasInput('account', scope) ? operand.name : 'account'
    default:
      return operand satisfies never
  }
}

/** One constant; a token's address by its symbol, unless an argument has that name. */
export const constantText = (constant: Constant, scope: NameScope): string => {
  switch (constant.kind) {
    case 'number':
      return constant.value.toString()
    case 'amount':
      return amountText(constant.value, constant.asset, scope.tokens)
    case 'address': {
      const symbol = tokenOf(constant.value, scope.tokens)?.symbol
      return symbol === undefined || hasInput(symbol, scope) ? getAddress(constant.value) : symbol
    }
    case 'bool':
      return String(constant.value)
    case 'bytes':
      return constant.value
    default:
      return constant satisfies never
  }
}

const hasInput = (name: string, { inputs }: NameScope): boolean => inputs.some((input) => input.name === name)

const argumentText = ({ path }: Argument, scope: NameScope): string => {
  const [first, ...rest] = path
  const index = first?.kind === 'component' ? first.index : 0
  const input = scope.inputs[index]
  const root = input && isUnique(scope.inputs, index) ? rootText(input.name, scope) : `args[${index}]`
  return root + stepsText(rest, input?.type)
}

/** A bare name where it can mean nothing else. */
const rootText = (name: string, { tokens }: NameScope): string =>
  KEYWORDS.has(name) || RESERVED.has(name) || tokens.some(({ symbol }) => symbol === name) ? `args.${name}` : name

/** Whether the parameter has a name, and no other has it. */
const isUnique = (parameters: readonly Parameter[], index: number): boolean => {
  const name = parameters[index]?.name
  return name !== undefined && name !== '' && parameters.every((other, at) => at === index || other.name !== name)
}

const stepsText = (path: readonly PathStep[], type: AbiType | undefined): string => {
  const [step, ...rest] = path
  if (step === undefined) return ''
  if (step.kind === 'last') return `[last]${stepsText(rest, elementOf(type))}`
  if (step.kind === 'element') return `[${step.index}]${stepsText(rest, elementOf(type))}`
  const components = type?.kind === 'tuple' ? type.components : []
  const component = components[step.index]
  const named = component !== undefined && isUnique(components, step.index)
  return (named ? `.${component.name}` : `[${step.index}]`) + stepsText(rest, component?.type)
}

const elementOf = (type: AbiType | undefined): AbiType | undefined =>
  type?.kind === 'array' ? type.element : undefined
