import { AMOUNT_SUM, ASSET, CHARGE, CHARGE_FLAG, OPERAND } from '../compiler/layout.js'
import { INTEGER, classOf } from './operandClass.js'
import type { Reader } from './Reader.js'
import { readOperand } from './readOperand.js'
import type { Scope } from './readPlace.js'
import { readAmountTerms } from './readSum.js'
import type { MeterCharge, PerCallLimit } from './Rule.js'
import type { RuleContext } from './RuleContext.js'
import type { Amount } from './Sum.js'
import { readAsset } from './Tables.js'

/** A charge of either kind: of a meter, or of what one call may count at most. */
export type Charge = {
  readonly asset: number
  readonly bound: MeterCharge | PerCallLimit
  /** Bytes of it in the leaf. */
  readonly leafLength: number
}

/** Reads one charge of an allow rule. */
export const readCharge = (reader: Reader, context: RuleContext, scope: Scope): Charge => {
  const start = reader.at
  const kind = reader.byte()
  switch (kind) {
    case CHARGE.meter: {
      const meter = readMeterIndex(reader, context)
      const entry = context.meters[meter]
      if (!entry) return reader.fail('a charge names no meter of the table', start)
      readFlags(reader, entry.asset)
      const { amount, length } = readAmountPart(reader, scope)
      const one = amount.kind === 'constant' && amount.form === OPERAND.number && amount.value === 1n
      reader.must(entry.asset !== ASSET.calls || one, 'a meter of calls is not charged 1', start)
      return { asset: entry.asset, bound: { meter, amount }, leafLength: entry.record.length + length }
    }
    case CHARGE.perCall: {
      const asset = readAsset(reader, context.tables)
      readFlags(reader, asset)
      const limitAt = reader.at
      const limit = reader.integer()
      const limitLength = reader.at - limitAt
      const { amount, length } = readAmountPart(reader, scope)
      return { asset, bound: { limit, amount }, leafLength: limitLength + length }
    }
    default:
      return reader.fail('a charge is of no known kind', start)
  }
}

const readMeterIndex = (reader: Reader, context: RuleContext): number => {
  const start = reader.at
  const index = reader.byte()
  reader.must(index <= context.metersUsed, 'the meters do not stand in order of first use', start)
  if (index === context.metersUsed) context.metersUsed++
  return index
}

/** That ETH and calls are what is counted needs no check, so only a token's may be missing. */
const readFlags = (reader: Reader, asset: number): void => {
  const start = reader.at
  const flags = reader.byte()
  const known = asset === ASSET.eth || asset === ASSET.calls ? 0 : CHARGE_FLAG.assetUnchecked
  reader.must((flags & ~known) === 0, 'a charge has unknown flags', start)
}

const readAmountPart = (reader: Reader, scope: Scope): { readonly amount: Amount; readonly length: number } => {
  const length = reader.uint(2)
  const part: Reader = reader.part(length)
  const amount = readAmount(part, scope)
  part.finish('an amount')
  return { amount, length }
}

const readAmount = (reader: Reader, scope: Scope): Amount => {
  if (reader.peek() === AMOUNT_SUM) {
    reader.skip(1)
    return { kind: 'sum', terms: readAmountTerms(reader, scope) }
  }
  const start = reader.at
  const operand = readOperand(reader, scope)
  reader.must(classOf(operand) === INTEGER, 'an amount is no number', start)
  return operand
}
