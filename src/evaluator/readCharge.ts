import { AMOUNT_SUM, ASSET, CHARGE, CHARGE_FLAG, METER_KIND, METER_KIND_SHIFT, OPERAND } from '../compiler/layout.js'
import { INTEGER, classOf } from './operandClass.js'
import type { Reader } from './Reader.js'
import { type Scope, readOperand } from './readOperand.js'
import { readAmountTerms } from './readSum.js'
import type { LeafCharge } from './Rule.js'
import type { RuleContext } from './RuleContext.js'
import type { Amount } from './Sum.js'
import { readAsset } from './Tables.js'

/** A charge of either kind: of a meter, or of what one call may count at most. */
export type Charge = {
  readonly asset: number
  readonly bound:
    { readonly kind: 'meter'; readonly meter: number } | { readonly kind: 'per call'; readonly limit: bigint }
  readonly amount: Amount
  readonly inLeaf: LeafCharge
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
      const { amount, at } = readAmountPart(reader, scope)
      const one = amount.kind === 'constant' && amount.form === OPERAND.number && amount.value === 1n
      reader.require(entry.asset !== ASSET.calls || one, 'a meter of calls is not charged 1', start)
      return {
        asset: entry.asset,
        bound: { kind: 'meter', meter },
        amount,
        inLeaf: { record: entry.record, amount: at },
      }
    }
    case CHARGE.perCall: {
      const asset = readAsset(reader, context.tables)
      readFlags(reader, asset)
      const length = reader.byte()
      const limitAt = reader.at
      const limit = reader.minimal(length)
      const kindAndLength = (METER_KIND.perCall << METER_KIND_SHIFT) | length
      const record = Uint8Array.of(kindAndLength, ...reader.bytes.subarray(limitAt, reader.at))
      const { amount, at } = readAmountPart(reader, scope)
      return { asset, bound: { kind: 'per call', limit }, amount, inLeaf: { record, amount: at } }
    }
    default:
      return reader.fail('a charge is of no known kind', start)
  }
}

const readMeterIndex = (reader: Reader, context: RuleContext): number => {
  const start = reader.at
  const index = reader.byte()
  reader.require(index <= context.metersUsed, 'the meters do not stand in order of first use', start)
  if (index === context.metersUsed) context.metersUsed++
  return index
}

/** That ETH and calls are what is counted needs no check, so only a token's may be missing. */
const readFlags = (reader: Reader, asset: number): void => {
  const start = reader.at
  const flags = reader.byte()
  const known = asset === ASSET.eth || asset === ASSET.calls ? 0 : CHARGE_FLAG.assetUnchecked
  reader.require((flags & ~known) === 0, 'a charge has unknown flags', start)
}

const readAmountPart = (
  reader: Reader,
  scope: Scope,
): { readonly amount: Amount; readonly at: LeafCharge['amount'] } => {
  const part: Reader = reader.part(reader.uint(2))
  const start = part.at
  const amount = readAmount(part, scope)
  part.finish('an amount')
  return { amount, at: [start, part.at] }
}

const readAmount = (reader: Reader, scope: Scope): Amount => {
  if (reader.peek() === AMOUNT_SUM) {
    reader.skip(1)
    return { kind: 'sum', terms: readAmountTerms(reader, scope) }
  }
  const start = reader.at
  const operand = readOperand(reader, scope)
  reader.require(classOf(operand) === INTEGER, 'an amount is no number', start)
  return operand
}
