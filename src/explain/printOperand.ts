import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { Sum, Term } from '../policy/Condition.js'
import type { Argument, Constant, EnvironmentName, Operand } from '../policy/Operand.js'
import type { Policy } from '../policy/Policy.js'
import { printParty } from './printAddress.js'
import { printAmount, printAsset, printDecimal, printInteger } from './printAmount.js'

/** What names mean in one rule: the policy's, and the parameters of the function. */
export type Names = { readonly policy: Policy; readonly inputs: readonly Parameter[] }

/** A sum in the author's own words: `amount`, `98% of params.amountIn at 3000 USDC per WETH`. */
export function printSum(sum: Sum, names: Names): string {
  return sum
    .map((term, index) => {
      const text = printTerm(term, names)
      if (index === 0) return term.negative ? `-${text}` : text
      return `${term.negative ? '-' : '+'} ${text}`
    })
    .join(' ')
}

/** An operand: backquoted if the operation brings it. */
export function printOperand(operand: Operand, names: Names): string {
  switch (operand.kind) {
    case 'constant':
      return printConstant(operand.constant, names.policy)
    case 'argument':
      return `\`${printPath(operand, names.inputs)}\``
    case 'environment':
      return environment[operand.name]
    default:
      return operand satisfies never
  }
}

/** A constant with its unit. */
export function printConstant(constant: Constant, policy: Policy): string {
  switch (constant.kind) {
    case 'number':
      return printInteger(constant.value)
    case 'amount':
      return printAmount(constant.value, constant.asset, policy)
    case 'address':
      return printParty(constant.value, policy)
    case 'bool':
      return String(constant.value)
    case 'bytes':
      return constant.value
    default:
      return constant satisfies never
  }
}

/** `params.recipient`, `path[0]`, `path[last]`; an argument without a name is `args[1]`. */
export function printPath({ path }: Argument, inputs: readonly Parameter[]): string {
  let text = ''
  let type: AbiType | undefined = { kind: 'tuple', components: inputs }
  for (const step of path) {
    if (step.kind === 'last') text += '[last]'
    else {
      const name: string = (type?.kind === 'tuple' && type.components[step.index]?.name) || ''
      const prefix = text === '' ? '' : '.'
      text += name === '' ? `${text === '' ? 'args' : ''}[${step.index}]` : `${prefix}${name}`
    }
    type = type?.kind === 'tuple' && step.kind !== 'last' ? type.components[step.index]?.type : elementOf(type)
  }
  return text
}

const environment: Record<EnvironmentName, string> = {
  'call.value': 'the ether sent',
  'session.account': 'the account',
  'session.key': 'the key',
  'op.callGasLimit': '`op.callGasLimit`',
  'op.verificationGasLimit': '`op.verificationGasLimit`',
  'op.preVerificationGas': '`op.preVerificationGas`',
  'op.maxFeePerGas': '`op.maxFeePerGas`',
  'op.maxPriorityFeePerGas': '`op.maxPriorityFeePerGas`',
}

function printTerm({ scales, factors }: Term, names: Names): string {
  let text = factors.map((factor) => printOperand(factor, names)).join(' * ')
  for (const scale of scales) {
    switch (scale.kind) {
      case 'percent':
        text = `${printDecimal(scale.percent)}% of ${text}`
        break
      case 'at':
      case 'sold at': {
        const [quote, base] = [printAsset(scale.quote, names.policy), printAsset(scale.base, names.policy)]
        text = `${text} ${scale.kind} ${printDecimal(scale.price)} ${quote} per ${base}`
        break
      }
      case 'divide':
        text = `${text} / ${scale.by}`
        break
      default:
        scale satisfies never
    }
  }
  return text
}

function elementOf(type: AbiType | undefined): AbiType | undefined {
  return type?.kind === 'array' ? type.element : undefined
}
