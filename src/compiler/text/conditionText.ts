import type { BytesComparison, Condition, Membership, NowBound, Scale, Sum, Term } from '../../policy/Condition.js'
import { assetText, decimalText } from './numberText.js'
import { type NameScope, nameScopeInside } from './NameScope.js'
import { constantText, operandText } from './operandText.js'
import { byteConstantText, bytesText, collectionText, variableText } from './placeText.js'
import { durationText } from './timeText.js'

/** Each conjunct of a `where` as it stands among others: an `or` in parentheses, unless it is the only one. */
export const conjunctTexts = (conditions: readonly Condition[], scope: NameScope): readonly string[] =>
  conditions.map((condition) => conditionText(condition, scope, conditions.length > 1))

const conditionText = (condition: Condition, scope: NameScope, insideAnd: boolean): string => {
  switch (condition.kind) {
    case 'and':
      return condition.all.map((member) => conditionText(member, scope, true)).join(' and ')
    case 'or': {
      const text = condition.any.map((member) => conditionText(member, scope, false)).join(' or ')
      return insideAnd ? `(${text})` : text
    }
    case 'true':
    case 'false':
      return condition.kind
    case 'compare':
      return `${sumText(condition.left, scope)} ${condition.operator} ${sumText(condition.right, scope)}`
    case 'member':
      return membershipText(condition, scope)
    case 'bytes':
      return bytesComparisonText(condition, scope)
    case 'every':
    case 'any': {
      const inside = nameScopeInside(condition.over, scope)
      const body = conjunctTexts(condition.body, inside).join(' and ')
      return `${condition.kind} ${variableText(0, inside)} in ${collectionText(condition.over, scope)} (${body})`
    }
    case 'now':
      return nowText(condition, scope)
    default:
      return condition satisfies never
  }
}

const bytesComparisonText = ({ operator, left, right }: BytesComparison, scope: NameScope): string => {
  const a = bytesText(left, scope)
  const b = typeof right === 'string' ? byteConstantText(right, left.place, scope) : bytesText(right, scope)
  return operator === 'does not start with' ? `not ${a} starts with ${b}` : `${a} ${operator} ${b}`
}

const membershipText = ({ negated, operands, rows }: Membership, scope: NameScope): string => {
  const left = tupleText(operands.map((operand) => operandText(operand, scope)))
  const right = rows.map((row) => tupleText(row.map((constant) => constantText(constant, scope))))
  return `${left} ${negated ? 'not in' : 'in'} [${right.join(', ')}]`
}

const tupleText = (items: readonly string[]): string => (items.length === 1 ? items.join('') : `(${items.join(', ')})`)

const nowText = ({ bound, operand, seconds }: NowBound, scope: NameScope): string => {
  const [operator, sign] = bound === 'at most' ? ['<=', '+'] : ['>=', '-']
  const shift = seconds === 0 ? '' : ` ${sign} ${durationText(seconds)}`
  return `${operandText(operand, scope)} ${operator} now${shift}`
}

/** A sum: `a + b - 98% of c`. */
export const sumText = (sum: Sum, scope: NameScope): string =>
  sum
    .map((term, index) => {
      const { text, atom } = termText(term, scope)
      if (index > 0) return ` ${term.negative ? '-' : '+'} ${text}`
      // A sign before a product or a scale would hold for its first factor only.
      return term.negative ? (atom ? `-${text}` : `-(${text})`) : text
    })
    .join('')

/** A text, and whether an operator before it would take all of it. */
type Text = { readonly text: string; readonly atom: boolean }

/** A term without its sign. The scales stand outermost first: the last one is applied to the factors. */
const termText = ({ scales, factors }: Term, scope: NameScope): Text =>
  scales.reduceRight<Text>((inner, scale) => scaledText(inner, scale, scope), {
    text: factors.map((factor) => operandText(factor, scope)).join(' * '),
    atom: factors.length === 1,
  })

const scaledText = ({ text, atom }: Text, scale: Scale, { tokens }: NameScope): Text => {
  switch (scale.kind) {
    case 'percent':
      return { text: `${decimalText(scale.percent)}% of ${atom ? text : `(${text})`}`, atom: true }
    case 'at':
    case 'sold at': {
      const price = `${decimalText(scale.price)} ${assetText(scale.quote, tokens)} per ${assetText(scale.base, tokens)}`
      return { text: `${text} ${scale.kind} ${price}`, atom: false }
    }
    case 'divide':
      return { text: `${text} / ${scale.by}`, atom: false }
    default:
      return scale satisfies never
  }
}
