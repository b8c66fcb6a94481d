import type { Expression, Index, Junction, Range, Step } from './ast.js'

/** How tightly the forms hold together, from loosest; a tighter place wants parentheses round a looser form. */
const strength = {
  or: 1,
  and: 2,
  not: 3,
  relation: 4,
  mask: 5,
  sum: 6,
  product: 7,
  sign: 8,
  value: 9,
} as const
type Strength = (typeof strength)[keyof typeof strength]

/** An expression as the author could have written it, with the parentheses it needs and no others. */
export const printExpression = (node: Expression): string => print(node, strength.or)

/** The operands of an `and`, each as it stands between two of them. */
export const conjuncts = ({ operands }: Junction): string[] => operands.map((operand) => print(operand, strength.not))

const print = (node: Expression, least: Strength): string => {
  const text = bare(node)
  return strengthOf(node) < least ? `(${text})` : text
}

const strengthOf = (node: Expression): Strength => {
  switch (node.kind) {
    case 'or':
    case 'and':
    case 'not':
    case 'mask':
      return strength[node.kind]
    case 'comparison':
    case 'membership':
    case 'starts with':
      return strength.relation
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? strength.sum : strength.product
    case 'priced':
      return strength.product
    case 'negative':
    case 'percentage':
      return strength.sign
    default:
      return strength.value
  }
}

const bare = (node: Expression): string => {
  switch (node.kind) {
    case 'or':
      return node.operands.map((operand) => print(operand, strength.and)).join(' or ')
    case 'and':
      return conjuncts({ ...node, kind: 'and' }).join(' and ')
    case 'not':
      return `not ${print(node.operand, strength.not)}`
    case 'comparison':
      return `${print(node.left, strength.mask)} ${node.operator} ${print(node.right, strength.mask)}`
    case 'membership':
      return `${print(node.left, strength.mask)} ${node.negated ? 'not in' : 'in'} ${printSet(node.set)}`
    case 'starts with':
      return `${print(node.left, strength.mask)} starts with ${print(node.prefix, strength.mask)}`
    case 'mask':
      return `${print(node.left, strength.mask)} & ${print(node.right, strength.sum)}`
    case 'arithmetic': {
      const sum = node.operator === '+' || node.operator === '-'
      const [left, right] = sum ? [strength.sum, strength.product] : [strength.product, strength.sign]
      return `${print(node.left, left)} ${node.operator} ${print(node.right, right)}`
    }
    case 'priced':
      return `${print(node.amount, strength.product)} ${node.direction} ${bare(node.price)} per ${node.per.text}`
    case 'negative':
      return `-${print(node.operand, strength.sign)}`
    case 'percentage':
      return `${node.percent.text}% of ${print(node.of, strength.sign)}`
    case 'quantified':
      return `${node.quantifier} ${node.element.text} in ${bare(node.over)} (${printExpression(node.body)})`
    case 'function call':
      return `${node.name.text}(${node.arguments.map(printExpression).join(', ')})`
    case 'path':
      return node.root.text + node.steps.map(printStep).join('')
    case 'tuple':
      return `(${node.items.map(printExpression).join(', ')})`
    case 'list':
      return `[${node.items.map(printExpression).join(', ')}]`
    case 'amount':
      return `${node.number.text} ${node.unit.text}${node.of ? ` ${node.of.text}` : ''}`
    case 'boolean':
      return String(node.value)
    case 'number':
    case 'address':
    case 'hex':
    case 'string':
    case 'duration':
    case 'date':
      return node.text
    default:
      return node satisfies never
  }
}

const printSet = (set: Range | Expression): string =>
  set.kind === 'range'
    ? `${print(set.first, strength.mask)}..${print(set.last, strength.mask)}`
    : print(set, strength.mask)

const printStep = (step: Step): string => {
  switch (step.kind) {
    case 'member':
      return `.${step.name.text}`
    case 'index':
      return `[${step.index.value}]`
    case 'last':
      return '[last]'
    case 'slice':
      return `[${printIndex(step.start)}:${printIndex(step.end)}]`
    default:
      return step satisfies never
  }
}
const printIndex = (index: Index | undefined): string => (index ? String(index.value) : '')
