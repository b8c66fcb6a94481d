import { OPERAND, STEP } from '../compiler/layout.js'
import type { ComparisonOperator } from '../policy/Condition.js'
import type { Bytes } from './Bytes.js'
import { type Collection, type Countable, everyElement } from './Collection.js'
import {
  type Comparison,
  type Condition,
  type Membership,
  type Quantified,
  TURNED,
  type WordMembership,
  constantsOf,
  digitsOf,
  holds,
} from './Condition.js'
import type { Frame } from './Frame.js'
import { type ArgumentOperand, type Operand, locate, read } from './Operand.js'
import type { ElementAt, PathStep, Place } from './Place.js'
import { classOf } from './operandClass.js'
import { type Amount, type Term, boundOf } from './Sum.js'
import { type Tuple, type Type, typeOf } from './Type.js'
import { valueAt } from './ValueType.js'

/** What a denial says about a condition: the place looked at, what should stand there, what stands there. */
export type Description = { readonly path?: string; readonly expected: string; readonly actual?: string }

/** Describes a condition that does not hold for the call. */
export const describe = (condition: Condition, frame: Frame, now: number): Description => {
  switch (condition.kind) {
    case 'word':
      return describeComparison(condition.shown, frame)
    case 'compare':
      return describeComparison(condition, frame)
    case 'words':
      return describeWords(condition, frame)
    case 'member':
      return describeMembership(condition, frame)
    case 'sums':
      return describeSums(condition.operator, condition.terms, frame)
    case 'now': {
      const { atMost, operand, seconds } = condition
      const expected = atMost ? `<= ${now + seconds}` : `>= ${now - seconds}`
      return { path: nameOf(operand, frame), expected, actual: showRead(operand, frame) }
    }
    case 'and':
    case 'or':
      return { expected: describeAll(condition.parts, ` ${condition.kind} `, frame, now) }
    case 'bytes': {
      const { left, right, prefix, negated } = condition
      const operator = prefix ? (negated ? 'does not start with' : 'starts with') : negated ? '!=' : '=='
      const other = typeof right === 'string' ? showDigits(right) : nameOfBytes(right, frame)
      return {
        path: nameOfBytes(left, frame),
        expected: `${operator} ${other}`,
        actual: showDigits(digitsOf(left, frame)),
      }
    }
    case 'every':
    case 'any':
      return describeQuantified(condition, frame, now)
    case 'true':
    case 'false':
      return { expected: condition.kind }
    default:
      return condition satisfies never
  }
}

const describeAll = (parts: readonly Condition[], between: string, frame: Frame, now: number): string =>
  parts
    .map((part) => describe(part, frame, now))
    .map(({ path, expected }) => (path ? `${path} ${expected}` : expected))
    .join(between)

/** Of `every` the first element that the body does not hold of. */
const describeQuantified = ({ kind, over, body }: Quantified, frame: Frame, now: number): Description => {
  let told: Description | undefined
  const readable = everyElement(over, frame, () => {
    const failing = body.find((part) => !holds(part, frame, now, false))
    if (kind === 'every' && failing) told = describe(failing, frame, now)
    return told === undefined
  })
  if (told) return told
  const path = nameOfCollection(over, frame)
  const outer = frame.elements
  frame.elements = [NO_ELEMENT, ...outer]
  const expected = `${kind} (${describeAll(body, ' and ', frame, now)})`
  frame.elements = outer
  return readable === undefined ? { path, expected, actual: UNREADABLE } : { path, expected }
}

/** Stands for the element where none is meant. */
const NO_ELEMENT: ElementAt = { at: -1, index: -1 }

const MOST_DIGITS = 128

const showDigits = (digits: string | undefined): string => {
  if (digits === undefined) return UNREADABLE
  return `0x${digits.slice(0, MOST_DIGITS)}${digits.length > MOST_DIGITS ? '…' : ''}`
}

const MOST_ROWS = 8

const describeMembership = ({ operands, values, negated }: Membership, frame: Frame): Description => {
  const shown = values.slice(0, MOST_ROWS).map((row) => tuple(operands.map((operand, at) => show(operand, row[at]))))
  return {
    path: operands.map((operand) => nameOf(operand, frame)).join(', '),
    expected: setText(negated, shown, values.length),
    actual: tuple(operands.map((operand) => showRead(operand, frame))),
  }
}

const describeWords = (condition: WordMembership, frame: Frame): Description => ({
  path: nameOf(condition.argument, frame),
  expected: (condition.told ??= tellWords(condition)),
  actual: showRead(condition.argument, frame),
})

const tellWords = (condition: WordMembership): string => {
  const words = constantsOf(condition)
  const shown = words.slice(0, MOST_ROWS).map((word) => showWord(condition.argument, word, 0))
  return setText(condition.negated, shown, words.length)
}

const setText = (negated: boolean, shown: readonly string[], count: number): string => {
  const more = count > shown.length ? [`and ${count - shown.length} more`] : []
  return `${negated ? 'not in' : 'in'} [${[...shown, ...more].join(', ')}]`
}

const tuple = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`

const describeComparison = ({ operator, left, right }: Comparison, frame: Frame): Description => {
  if (left.kind === 'constant' && right.kind !== 'constant')
    return describeComparison({ kind: 'compare', operator: TURNED[operator], left: right, right: left }, frame)
  const bound = read(right, frame)
  return {
    path: nameOf(left, frame),
    expected: `${operator} ${bound === undefined ? nameOf(right, frame) : show(right, bound)}`,
    actual: showRead(left, frame),
  }
}

/** Where one operand stands alone on the left, the whole number that bounds it; otherwise what the sum of all terms has to be. */
const describeSums = (operator: ComparisonOperator, terms: readonly Term[], frame: Frame): Description => {
  const [first, ...rest] = terms
  const alone =
    first && !first.scaled && !first.negative && first.factors.length === 1 && rest.every((term) => term.right)
  const operand = alone ? first.factors[0] : undefined
  const bound = operand && boundOf(operator, rest, frame)
  if (operand && bound !== undefined)
    return { path: nameOf(operand, frame), expected: `${operator} ${bound}`, actual: showRead(operand, frame) }
  const names = terms.flatMap(({ factors }) =>
    factors.filter(({ kind }) => kind !== 'constant').map((factor) => nameOf(factor, frame)),
  )
  return { path: [...new Set(names)].join(', '), expected: `left side ${operator} right side` }
}

const UNREADABLE = 'unreadable'

/** A value as the operand's type writes it. */
const show = (operand: Operand, value: bigint | undefined): string => {
  if (value === undefined) return UNREADABLE
  const kind = classOf(operand)
  if (kind === 'address') return `0x${value.toString(16).padStart(40, '0')}`
  if (kind === 'bool') return String(value === 1n)
  return kind.startsWith('bytes') ? `0x${value.toString(16).padStart(2 * Number(kind.slice(5)), '0')}` : String(value)
}

/** A value of the argument's type by its word in a text. */
const showWord = (argument: ArgumentOperand, text: string, at: number): string => {
  const { kind, from, to } = argument.type
  return kind === 'address' || kind === 'bytes'
    ? `0x${text.slice(at + from, at + to)}`
    : show(argument, valueAt(argument.type, text, at))
}

/** What stands there now. */
const showRead = (operand: Operand, frame: Frame): string => {
  if (operand.kind !== 'argument') return show(operand, read(operand, frame))
  const at = locate(operand, frame)
  return at < 0 ? UNREADABLE : showWord(operand, frame.text, at)
}

/** What an amount is taken from. */
export const nameOfAmount = (amount: Amount, frame: Frame): string =>
  amount.kind === 'sum'
    ? amount.terms.flatMap(({ factors }) => factors.map((factor) => nameOf(factor, frame))).join(', ')
    : nameOf(amount, frame)

/** The author's words for an operand: `params.recipient`, `path[last]`, `len(path)`, `call.value`, `op.maxFeePerGas`. */
const nameOf = (operand: Operand, frame: Frame): string => {
  switch (operand.kind) {
    case 'constant':
      return operand.form === OPERAND.address || operand.size > 0 ? show(operand, operand.value) : String(operand.value)
    case 'argument':
      return operand.depth < 0 ? (operand.name ??= nameOfPlace(operand, frame)) : nameOfPlace(operand, frame)
    case 'environment':
      return operand.name
    case 'packed':
      return nameOfElement(operand.over, frame, operand.depth)
    case 'slice':
      return nameOfBytes(operand.bytes, frame)
    case 'masked':
      return `${nameOf(operand.operand, frame)} & 0x${operand.mask.toString(16)}`
    case 'length':
      return `len(${nameOfCountable(operand.of, frame)})`
    case 'total':
      // Named as in a quantifier that stands at no element.
      return `sum(${nameOfPlace(operand.word, frame, -1)})`
    default:
      return operand satisfies never
  }
}

/** The element that a quantifier stands at; `[*]` where it stands at none. */
const nameOfElement = (over: Collection, frame: Frame, depth: number): string => {
  const { index } = frame.elements[depth] ?? NO_ELEMENT
  return `${nameOfCollection(over, frame, depth + 1)}[${index < 0 ? '*' : index}]`
}

/** What a quantifier goes over, as the author writes it. `out`: so many quantifiers out from where the frame stands. */
export const nameOfCollection = (over: Collection, frame: Frame, out = 0): string =>
  over.kind === 'array'
    ? nameOfPlace(over.place, frame, out, over.element)
    : `slices(${nameOfBytes(over.bytes, frame, out)}, ${over.size}, ${over.gap})`

const nameOfCountable = (countable: Countable, frame: Frame): string => {
  if (countable.kind === 'array' || countable.kind === 'packed') return nameOfCollection(countable, frame)
  const name = nameOfBytes(countable.bytes, frame)
  return countable.kind === 'multisend' ? `multisend(${name})` : name
}

/** `data`, `path[-20:]`. */
export const nameOfBytes = ({ place, range }: Bytes, frame: Frame, out = 0): string =>
  nameOfPlace(place, frame, out) + (range ? `[${range.start || ''}:${range.end ?? ''}]` : '')

/** `of`: what is meant is the static array of these elements, and no word of it. */
const nameOfPlace = (
  { inputs, argument, word, path, depth, over }: Place,
  frame: Frame,
  out = 0,
  of?: Type,
): string => {
  let name = ''
  let type: Type | undefined = typeOf(inputs)
  if (over?.kind === 'array') {
    name = nameOfElement(over, frame, depth + out)
    type = over.element
  } else if (argument < 0) return nameOfWord(inputs, word, '', of)
  for (const { kind, index } of path) {
    if (kind === STEP.wordOffset && type) return nameWithin(type, index, name, of)
    name = nameOfStep(type, { kind, index }, name)
    type = type?.tuple ? type.tuple.components[index] : type?.element
  }
  return name
}

const nameOfStep = (type: Type | undefined, { kind, index }: PathStep, outer: string): string =>
  type?.tuple ? nameOfComponent(type.tuple, index, outer) : `${outer}[${kind === STEP.last ? 'last' : index}]`

const nameOfComponent = (tuple: Tuple, index: number, outer: string): string => {
  const name = tuple.names[index]
  if (!name) return `${outer === '' ? 'args' : outer}[${index}]`
  return outer === '' ? name : `${outer}.${name}`
}

const nameOfWord = (tuple: Tuple, word: number, outer: string, of: Type | undefined): string => {
  const index = tuple.heads.findLastIndex((head) => head <= word)
  const component = tuple.components[index]
  const name = nameOfComponent(tuple, index, outer)
  return component ? nameWithin(component, word - (tuple.heads[index] ?? 0), name, of) : name
}

/** A word of a static type. */
const nameWithin = ({ tuple, element }: Type, word: number, name: string, of: Type | undefined): string => {
  if (tuple) return nameOfWord(tuple, word, name, of)
  if (!element || element === of) return name
  return nameWithin(element, word % element.headWords, `${name}[${Math.floor(word / element.headWords)}]`, of)
}
