import type { Countable } from '../policy/Collection.js'
import type { Sum, Term } from '../policy/Condition.js'
import type { Constant, EnvironmentName, Operand } from '../policy/Operand.js'
import type { Policy } from '../policy/Policy.js'
import { printParty } from './printAddress.js'
import { printAmount, printAsset, printDecimal, printInteger } from './printAmount.js'
import { type Names, printBytes, printCollection, printPlace, printSteps, typeAt } from './printPlace.js'

export type { Names } from './printPlace.js'

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
    case 'element':
      return `\`${printPlace(operand, names)}\``
    case 'packed element':
      return `\`${names.elements?.[operand.depth]?.name ?? ''}\``
    case 'length':
      return printLength(operand.of, names)
    case 'slice':
      return printBytes(operand.bytes, names)
    case 'masked':
      return `(${printOperand(operand.operand, names)} & 0x${operand.mask.toString(16)})`
    case 'total': {
      const list = typeAt(operand.over.place, names)
      const steps = printSteps(operand.path, list?.kind === 'array' ? list.element : undefined)
      return `the sum of \`${printPlace(operand.over.place, names)}${steps === '' ? '' : `[all]${steps}`}\``
    }
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

function printLength(countable: Countable, names: Names): string {
  switch (countable.kind) {
    case 'array':
    case 'packed':
      return `the number of elements of ${printCollection(countable, names)}`
    case 'bytes':
      return `the number of bytes of ${printBytes(countable.bytes, names)}`
    case 'multisend':
      return `the number of calls inside ${printBytes(countable.bytes, names)}`
    default:
      return countable satisfies never
  }
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
