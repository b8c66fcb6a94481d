import {
  AMOUNT_SUM,
  ASSET,
  BODY_FLAG,
  CHARGE,
  CHARGE_FLAG,
  CLAUSE_FLAGS,
  DENIED,
  METER_KIND,
  METER_KIND_SHIFT,
  NO_FUNCTION,
  OPERAND,
  RULE,
} from '../compiler/layout.js'
import type { FunctionShape } from './FunctionShape.js'
import type { MeterEntry } from './MeterEntry.js'
import { INTEGER, classOf } from './operandClass.js'
import type { Reader } from './Reader.js'
import { readConditions } from './readConditions.js'
import { type Scope, readOperand } from './readOperand.js'
import { readAmountTerms } from './readSum.js'
import type { AllowRule, DenyRule, LeafCharge, MeterCharge, PerCallLimit, Rule } from './Rule.js'
import type { Amount } from './Sum.js'
import { type Tables, readAsset } from './Tables.js'
import { type Times, readTimes } from './Times.js'

/** What rules refer to. */
export type RuleContext = {
  readonly tables: Tables
  readonly life: Times
  readonly functions: readonly FunctionShape[]
  readonly meters: readonly MeterEntry[]
  /** How many functions and meters were met: they stand in order of first use. */
  functionsUsed: number
  metersUsed: number
}

/** Reads one rule. */
export const readRule = (reader: Reader, context: RuleContext, index: number): Rule => {
  const start = reader.at
  const effect = reader.byte()
  const shape = readFunction(reader, context)
  switch (effect) {
    case RULE.allow:
      return readAllow(reader, context, shape, index)
    case RULE.deny:
      return readDeny(reader, context, shape, index)
    default:
      return reader.fail('a rule neither allows nor denies', start)
  }
}

const readFunction = (reader: Reader, context: RuleContext): FunctionShape | undefined => {
  const start = reader.at
  const index = reader.uint(2)
  if (index === NO_FUNCTION) return undefined
  reader.require(index <= context.functionsUsed, 'the functions do not stand in order of first use', start)
  if (index === context.functionsUsed) context.functionsUsed++
  return context.functions[index] ?? reader.fail('a rule names no function of the table', start)
}

const readTarget = (reader: Reader, { tables }: RuleContext): string => {
  const target = reader.hex(20)
  tables.unused.delete(target)
  return target
}

const readSelector = (reader: Reader, { selector }: FunctionShape): void => {
  const start = reader.at
  reader.require(reader.hex(4) === selector, "a selector is not its function's", start)
}

const readAllow = (outer: Reader, context: RuleContext, shape: FunctionShape | undefined, index: number): AllowRule => {
  const reader: Reader = outer.part(outer.uint(2))
  const start = reader.at
  const flags = reader.byte()
  const known = flags < 0x40 && (flags & BODY_FLAG.send) === (shape ? 0 : BODY_FLAG.send)
  reader.require(known && !(flags & BODY_FLAG.descriptor) === !shape?.descriptor, "the flags are not the rule's", start)
  const target = readTarget(reader, context)
  if (shape) {
    readSelector(reader, shape)
    reader.require(reader.byte() === shape.inputs.words, "the words of the heads are not the function's", start)
    if (shape.descriptor) {
      const descriptor = reader.hex(reader.byte())
      reader.require(descriptor === shape.descriptor, "the descriptor is not the function's", start)
    }
  }
  const scope: Scope = { tables: context.tables, inputs: shape?.inputs, place: 'body' }
  const times = readTimes(reader, flags, context.life)
  const where = readConditions(reader, scope)
  reader.finish('the conditions of a rule')
  const charged = readCharges(outer, context, scope)
  const free = readUnlimited(outer, context)
  const value = (flags & BODY_FLAG.value) !== 0
  outer.require(value === (charged.eth || free.has(ASSET.eth)), 'a rule allows value without a word on ETH', start)
  return {
    effect: 'allow',
    index,
    target,
    shape,
    value,
    times,
    where,
    charges: charged.charges,
    perCall: charged.perCall,
    body: [start, reader.at],
    leafCharges: charged.leafCharges,
    denies: [],
  }
}

const readCharges = (reader: Reader, context: RuleContext, scope: Scope) => {
  const charges: MeterCharge[] = []
  const perCall: PerCallLimit[] = []
  const leafCharges: LeafCharge[] = []
  let eth = false
  for (let left = reader.byte(); left > 0; left--) {
    const start = reader.at
    const kind = reader.byte()
    let record: Uint8Array
    let bound: { readonly meter: number; readonly calls: boolean } | { readonly limit: bigint }
    if (kind === CHARGE.meter) {
      const meter = readMeterIndex(reader, context)
      const entry = context.meters[meter] ?? reader.fail('a charge names no meter of the table', start)
      readChargeFlags(reader)
      bound = { meter, calls: entry.asset === ASSET.calls }
      record = entry.record
      eth ||= entry.asset === ASSET.eth
    } else {
      reader.require(kind === CHARGE.perCall, 'a charge is of no known kind', start)
      eth = readAsset(reader, context.tables) === ASSET.eth || eth
      readChargeFlags(reader)
      const at = reader.at
      const length = reader.byte()
      bound = { limit: reader.minimal(length) }
      record = Uint8Array.of(
        (METER_KIND.perCall << METER_KIND_SHIFT) | length,
        ...reader.bytes.subarray(at + 1, reader.at),
      )
    }
    const part = reader.part(reader.uint(2))
    const from = part.at
    const amount = readAmountOf(part, scope)
    part.finish('an amount')
    leafCharges.push({ record, amount: [from, part.at] })
    if ('limit' in bound) perCall.push({ limit: bound.limit, amount })
    else {
      const one = amount.kind === 'constant' && amount.form === OPERAND.number && amount.value === 1n
      reader.require(!bound.calls || one, 'a meter of calls is not charged 1', start)
      charges.push({ meter: bound.meter, amount })
    }
  }
  return { charges, perCall, leafCharges, eth }
}

const readMeterIndex = (reader: Reader, context: RuleContext): number => {
  const start = reader.at
  const index = reader.byte()
  reader.require(index <= context.metersUsed, 'the meters do not stand in order of first use', start)
  if (index === context.metersUsed) context.metersUsed++
  return index
}

const readChargeFlags = (reader: Reader): void => {
  const start = reader.at
  reader.require((reader.byte() & ~CHARGE_FLAG.assetUnchecked) === 0, 'a charge has unknown flags', start)
}

const readAmountOf = (reader: Reader, scope: Scope): Amount => {
  if (reader.peek() === AMOUNT_SUM) {
    reader.skip(1)
    return { kind: 'sum', terms: readAmountTerms(reader, scope) }
  }
  const start = reader.at
  const operand = readOperand(reader, scope)
  reader.require(classOf(operand) === INTEGER, 'an amount is no number', start)
  return operand
}

const readUnlimited = (reader: Reader, { tables }: RuleContext): ReadonlySet<number> => {
  const start = reader.at
  const count = reader.byte()
  const assets = new Set(Array.from({ length: count }, () => readAsset(reader, tables)))
  reader.require(assets.size === count, 'an asset is unlimited twice', start)
  return assets
}

const readDeny = (reader: Reader, context: RuleContext, shape: FunctionShape | undefined, index: number): DenyRule => {
  const target = readTarget(reader, context)
  const start = reader.at
  const action = reader.byte()
  reader.require(
    action <= DENIED.call && (action === DENIED.call) === (shape !== undefined),
    'a deny has no such action',
    start,
  )
  if (shape) readSelector(reader, shape)
  const clause: Reader = reader.part(reader.uint(2))
  const from = clause.at
  const flags = clause.byte()
  clause.require((flags & ~CLAUSE_FLAGS) === 0, 'a clause has unknown flags', from)
  const times = readTimes(clause, flags, context.life)
  const where = readConditions(clause, { tables: context.tables, inputs: shape?.inputs, place: 'clause' })
  clause.finish('the conditions of a clause')
  const selector = shape ? shape.selector : action === DENIED.send ? '' : undefined
  return { effect: 'deny', index, target, selector, times, where, clause: [from, clause.at] }
}
