import type { Condition, Sum } from '../../policy/Condition.js'
import type { Operand } from '../../policy/Operand.js'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Rule } from '../../policy/Rule.js'
import type { Choices } from '../Choices.js'
import type { Lengths } from './Value.js'

/** Longer arrays would not fit into a UserOperation anyway. */
const MOST_ELEMENTS = 40

const operandsOfSum = (sum: Sum): Operand[] => sum.flatMap(({ factors }) => [...factors])

const operandsOf = (condition: Condition): readonly Operand[] => {
  switch (condition.kind) {
    case 'and':
      return condition.all.flatMap(operandsOf)
    case 'or':
      return condition.any.flatMap(operandsOf)
    case 'compare':
      return [...operandsOfSum(condition.left), ...operandsOfSum(condition.right)]
    case 'member':
      return condition.operands
    case 'now':
      return [condition.operand]
    case 'true':
    case 'false':
      return []
    default:
      return condition satisfies never
  }
}

/** Every operand that a rule reads. */
export const operandsOfRule = (rule: Rule): Operand[] => [
  ...rule.where.flatMap(operandsOf),
  ...(rule.effect === 'allow' ? rule.charges.flatMap(({ amount }) => operandsOfSum(amount)) : []),
]

/** How many elements each array must have for the operands to be readable, by the array's path. */
const neededElements = (inputs: readonly Parameter[], operands: readonly Operand[]): Map<string, number> => {
  const needed = new Map<string, number>()
  for (const operand of operands) {
    if (operand.kind !== 'argument') continue
    let type: AbiType | undefined = { kind: 'tuple', components: inputs }
    let path = ''
    for (const step of operand.path) {
      if (type?.kind === 'array' && step.kind !== 'component') {
        const count = step.kind === 'last' ? 1 : step.index + 1
        needed.set(path, Math.max(needed.get(path) ?? 0, count))
        path += '.*'
        type = type.element
      } else if (type?.kind === 'tuple' && step.kind === 'component') {
        path += path === '' ? `${step.index}` : `.${step.index}`
        type = type.components[step.index]?.type
      } else break
    }
  }
  return needed
}

/** Lengths with which all operands can be read, now and then more. */
export const lengthsFor = (inputs: readonly Parameter[], operands: readonly Operand[], choices: Choices): Lengths => {
  const needed = neededElements(inputs, operands)
  return {
    array: (path) => {
      const extra = choices.pick([0, 1, 2])
      return Math.min((needed.get(path) ?? 0) + extra, MOST_ELEMENTS)
    },
    bytes: () => choices.pick([0, 1, 31, 32, 33, 20, 64, 100]),
  }
}
