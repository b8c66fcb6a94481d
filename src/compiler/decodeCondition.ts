import type { BytesComparison, ComparisonOperator, Condition, NowBound, Scale, Sum, Term } from '../policy/Condition.js'
import type { Constant, Operand } from '../policy/Operand.js'
import type { Asset, Decimal } from '../policy/Units.js'
import { readBool, readOperand } from './decodeOperand.js'
import { readBytes, readCollection, type ReadScope } from './decodePlace.js'
import { readAsset } from './decodeTables.js'
import {
  AMOUNT_SUM,
  BYTES_SIDE,
  COMPARE_BYTES,
  COMPARE_SIGNED,
  COMPARE_SUMS,
  COMPARE_UNSIGNED,
  CONDITION,
  LIMIT,
  OPERAND,
  SCALE,
  TERM_FLAG,
  TERM_SCALES_MASK,
  TERM_SCALES_SHIFT,
} from './layout.js'
import type { Reader } from './Reader.js'

const ORDERS = ['==', '!=', '<', '<=', '>', '>='] as const satisfies readonly ComparisonOperator[]
const byCode = (codes: Readonly<Record<ComparisonOperator, number>>): ReadonlyMap<number, ComparisonOperator> =>
  new Map(ORDERS.map((operator) => [codes[operator], operator]))
const PLAIN = new Map([...byCode(COMPARE_SIGNED), ...byCode(COMPARE_UNSIGNED)])
const SUMS = byCode(COMPARE_SUMS)
const BYTES = new Map<number, BytesComparison['operator']>(
  (['==', '!=', 'starts with', 'does not start with'] as const).map((operator) => [COMPARE_BYTES[operator], operator]),
)

/** Reads `count1 ‖ condition*`. */
export const readConditions = (reader: Reader, scope: ReadScope, depth = 1): readonly Condition[] =>
  reader.times(reader.uint(1), () => readCondition(reader, scope, depth))

const readCondition = (reader: Reader, scope: ReadScope, depth: number): Condition => {
  const at = reader.at
  if (depth > LIMIT.depth) reader.fail(`conditions nested more than ${LIMIT.depth} deep`)
  const code = reader.uint(1)
  switch (code) {
    case CONDITION.and:
      return { kind: 'and', all: readConditions(reader, scope, depth + 1) }
    case CONDITION.or:
      return { kind: 'or', any: readConditions(reader, scope, depth + 1) }
    case CONDITION.true:
      return { kind: 'true' }
    case CONDITION.false:
      return { kind: 'false' }
    case CONDITION.in:
    case CONDITION.notIn:
      return readMembership(reader, scope, code === CONDITION.notIn)
    case CONDITION.nowAtMost:
      return readNow(reader, scope, 'at most')
    case CONDITION.nowAtLeast:
      return readNow(reader, scope, 'at least')
    case CONDITION.every:
    case CONDITION.any: {
      const { collection, element } = readCollection(reader, scope)
      const inside = { ...scope, elements: [element, ...scope.elements] }
      const body = readConditions(reader, inside, depth + 1)
      return { kind: code === CONDITION.every ? 'every' : 'any', over: collection, body }
    }
    default:
      return (
        readComparison(reader, scope, code) ??
        readBytesComparison(reader, scope, code) ??
        reader.fail('an unknown condition', at)
      )
  }
}

const readNow = (reader: Reader, scope: ReadScope, bound: NowBound['bound']): NowBound => ({
  kind: 'now',
  bound,
  operand: readOperand(reader, scope),
  seconds: reader.uint(5),
})

const readComparison = (reader: Reader, scope: ReadScope, code: number): Condition | undefined => {
  const plain = PLAIN.get(code)
  if (plain !== undefined) {
    const left = plainSum(readOperand(reader, scope))
    return { kind: 'compare', operator: plain, left, right: plainSum(readOperand(reader, scope)) }
  }
  const operator = SUMS.get(code)
  if (operator === undefined) return undefined
  const left: Term[] = []
  const right: Term[] = []
  reader.times(reader.uint(1), () => {
    const term = readTerm(reader, scope)
    ;(term.right ? right : left).push(term.term)
  })
  return { kind: 'compare', operator, left, right }
}

const readBytesComparison = (reader: Reader, scope: ReadScope, code: number): Condition | undefined => {
  const operator = BYTES.get(code)
  if (operator === undefined) return undefined
  const left = readBytes(reader, scope)
  const at = reader.at
  switch (reader.uint(1)) {
    case BYTES_SIDE.constant:
      return { kind: 'bytes', operator, left, right: reader.hex(reader.uint(2)) }
    case BYTES_SIDE.bytes:
      return { kind: 'bytes', operator, left, right: readBytes(reader, scope) }
    default:
      return reader.fail('an unknown side of a comparison', at)
  }
}

const plainSum = (operand: Operand): Sum => [{ negative: false, scales: [], factors: [operand] }]

/** Reads what a charge counts. */
export const readAmount = (reader: Reader, scope: ReadScope): Sum => {
  if (reader.peek() !== AMOUNT_SUM) return plainSum(readOperand(reader, scope))
  reader.uint(1)
  return reader.times(reader.uint(1), () => readTerm(reader, scope).term)
}

const readTerm = (reader: Reader, scope: ReadScope): { readonly term: Term; readonly right: boolean } => {
  const flags = reader.uint(1)
  const count = (flags >> TERM_SCALES_SHIFT) & TERM_SCALES_MASK
  const scales = reader.times(count, () => readScale(reader, scope))
  const first = readOperand(reader, scope)
  const two = (flags & TERM_FLAG.twoFactors) !== 0
  const factors: Term['factors'] = two ? [first, readOperand(reader, scope)] : [first]
  const term = { negative: (flags & TERM_FLAG.negative) !== 0, scales, factors }
  return { term, right: (flags & TERM_FLAG.right) !== 0 }
}

const readScale = (reader: Reader, scope: ReadScope): Scale => {
  const at = reader.at
  const code = reader.uint(1)
  switch (code) {
    case SCALE.percent:
      return { kind: 'percent', percent: readDecimal(reader) }
    case SCALE.at:
    case SCALE.soldAt: {
      const quote = readAsset(reader, scope.tokens)
      const base = readAsset(reader, scope.tokens)
      // Their decimals, which the tokens say as well.
      reader.raw(2)
      return { kind: code === SCALE.at ? 'at' : 'sold at', price: readDecimal(reader), quote, base }
    }
    case SCALE.divide:
      return { kind: 'divide', by: reader.integer() }
    default:
      return reader.fail('an unknown scale', at)
  }
}

const readDecimal = (reader: Reader): Decimal => {
  const decimals = reader.uint(1)
  return { digits: reader.integer(), decimals }
}

const readMembership = (reader: Reader, scope: ReadScope, negated: boolean): Condition => {
  const columns = reader.times(reader.uint(1), () => {
    const operand = readOperand(reader, scope)
    const at = reader.at
    const form = reader.uint(1)
    const asset = form === OPERAND.amount ? readAsset(reader, scope.tokens) : undefined
    const width = reader.uint(1)
    if (width < 1 || width > LIMIT.integerBytes) reader.fail('a column that is not 1 to 32 bytes wide', at)
    return { operand, read: valueReader(reader, form, width, asset, at) }
  })
  // Without a column a row would have no bytes, and any count of rows would be believed.
  if (columns.length === 0) reader.fail('a membership without columns')
  const rows = reader.times(reader.uint(2), () => columns.map(({ read }) => read()))
  return { kind: 'member', negated, operands: columns.map(({ operand }) => operand), rows }
}

const valueReader = (
  reader: Reader,
  form: number,
  width: number,
  asset: Asset | undefined,
  at: number,
): (() => Constant) => {
  if (asset !== undefined) return () => ({ kind: 'amount', value: reader.wide(width), asset })
  switch (form) {
    case OPERAND.number:
      return () => ({ kind: 'number', value: reader.wide(width) })
    case OPERAND.negativeNumber:
      return () => ({ kind: 'number', value: BigInt.asIntN(8 * width, reader.wide(width)) })
    case OPERAND.address:
      if (width !== 20) reader.fail('a column of addresses that are not 20 bytes', at)
      return () => ({ kind: 'address', value: reader.hex(20) })
    case OPERAND.bytes:
      return () => ({ kind: 'bytes', value: reader.hex(width) })
    case OPERAND.bool:
      if (width !== 1) reader.fail('a column of truth values that are not 1 byte', at)
      return () => ({ kind: 'bool', value: readBool(reader) })
    default:
      return reader.fail('an unknown form of a column', at)
  }
}
