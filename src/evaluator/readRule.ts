import { ASSET, BODY_FLAG, CLAUSE_FLAGS, DENIED, NESTED, NO_FUNCTION, RULE } from '../compiler/layout.js'
import type { FunctionShape } from './FunctionShape.js'
import { flat } from './hex.js'
import { readCharge } from './readCharge.js'
import { readConditions } from './readConditions.js'
import type { Reader } from './Reader.js'
import { type Around, readBlocks } from './readNested.js'
import type { Scope } from './readPlace.js'
import { requireAlike } from './readTables.js'
import type { AllowRule, DenyRule, MeterCharge, Rule } from './Rule.js'
import type { RuleContext } from './RuleContext.js'
import { readAsset } from './Tables.js'
import { readTimes } from './Times.js'

/** Reads one rule; `around` is where it stands if it is nested. */
export const readRule = (reader: Reader, context: RuleContext, index: number, around?: Around): Rule => {
  const start = reader.at
  const effect = reader.byte()
  const shape = readFunction(reader, context)
  const command = shape?.isCommand ?? false
  reader.must(
    command === (around?.form === NESTED.commands),
    'a command stands among calls, or a call among commands',
    start,
  )
  let rule: Rule
  if (effect === RULE.allow) rule = readAllow(reader, context, shape, index, around?.depth ?? 0)
  else if (effect === RULE.deny) rule = readDeny(reader, context, shape, index)
  else return reader.fail('a rule neither allows nor denies', start)
  const free = !around || around.form === NESTED.multisend || around.target === rule.target
  reader.must(free, 'a nested rule has another target than the call around it', start)
  if (shape?.isCommand) requireAlike(reader, context.commands, rule.target + shape.key, shape, start)
  return rule
}

const readFunction = (reader: Reader, context: RuleContext): FunctionShape | undefined => {
  const start = reader.at
  const index = reader.uint(2)
  if (index === NO_FUNCTION) return undefined
  reader.must(index <= context.functionsUsed, 'the functions do not stand in order of first use', start)
  if (index === context.functionsUsed) context.functionsUsed++
  return context.functions[index] ?? reader.fail('a rule names no function of the table', start)
}

const readTarget = (reader: Reader, { tables }: RuleContext): string => {
  const target = flat(reader.hex(20))
  tables.unused.delete(target)
  return target
}

const readSelector = (reader: Reader, { selector }: FunctionShape): void => {
  const start = reader.at
  reader.must(reader.hex(4) === selector, "a selector is not its function's", start)
}

const readAllow = (
  outer: Reader,
  context: RuleContext,
  shape: FunctionShape | undefined,
  index: number,
  depth: number,
): AllowRule => {
  const reader: Reader = outer.part(outer.uint(2))
  const start = reader.at
  const flags = reader.byte()
  const kind = shape ? (shape.isCommand ? BODY_FLAG.command : 0) : BODY_FLAG.send
  const known = (flags & (BODY_FLAG.send | BODY_FLAG.command)) === kind
  reader.must(known && !(flags & BODY_FLAG.descriptor) === !shape?.descriptor, "the flags are not the rule's", start)
  const target = readTarget(reader, context)
  if (shape) {
    readSelector(reader, shape)
    reader.must(reader.byte() === shape.inputs.words, "the words of the heads are not the function's", start)
    if (shape.descriptor) {
      const descriptor = reader.hex(reader.byte())
      reader.must(descriptor === shape.descriptor, "the descriptor is not the function's", start)
    }
  }
  const scope: Scope = { tables: context.tables, inputs: shape?.inputs, place: 'body', elements: NONE }
  const times = readTimes(reader, flags, context.life)
  const where = readConditions(reader, scope)
  reader.finish('the conditions of a rule')
  const charges = Array.from({ length: outer.byte() }, () => readCharge(outer, context, scope))
  const free = readUnlimited(outer, context)
  const value = (flags & BODY_FLAG.value) !== 0
  outer.must(
    value === (free.has(ASSET.eth) || charges.some(({ asset }) => asset === ASSET.eth)),
    'a rule allows value without a word on ETH',
    start,
  )
  const blocks = flags & BODY_FLAG.nested ? readBlocks(outer, context, scope, target, depth, readRule) : undefined
  const bounds = charges.map(({ bound }) => bound)
  const metered = bounds.flatMap((bound) => ('meter' in bound ? [bound] : []))
  return {
    effect: 'allow',
    index,
    target,
    selector: shape?.key ?? '',
    inputs: shape?.inputs,
    value,
    times,
    where,
    charges: sameAsBefore(context, metered),
    perCall: bounds.length === metered.length ? NONE : bounds.flatMap((bound) => ('limit' in bound ? [bound] : [])),
    blocks,
    bodyStart: start,
    bodyEnd: reader.at,
    leafLength: charges.reduce((sum, charge) => sum + charge.leafLength, reader.at - start + 2),
    denies: NONE,
  }
}

const NONE: readonly never[] = []

/** Rules that share a budget mostly count the same operand: then they share the charges too, and a hundred thousand rules fit into the caches. */
const sameAsBefore = (context: RuleContext, charges: readonly MeterCharge[]): readonly MeterCharge[] => {
  const before = context.chargesBefore
  const same =
    before.length === charges.length &&
    charges.every(({ meter, amount }, at) => before[at]?.meter === meter && before[at].amount === amount)
  if (!same) context.chargesBefore = charges
  return context.chargesBefore
}

const readUnlimited = (reader: Reader, { tables }: RuleContext): ReadonlySet<number> => {
  const start = reader.at
  const count = reader.byte()
  const assets = new Set(Array.from({ length: count }, () => readAsset(reader, tables)))
  reader.must(assets.size === count, 'an asset is unlimited twice', start)
  return assets
}

const readDeny = (reader: Reader, context: RuleContext, shape: FunctionShape | undefined, index: number): DenyRule => {
  const target = readTarget(reader, context)
  const start = reader.at
  const action = reader.byte()
  const named = shape && (shape.isCommand ? DENIED.command : DENIED.call)
  reader.must(named ? action === named : action <= DENIED.send, 'a deny has no such action', start)
  if (shape) readSelector(reader, shape)
  const clause: Reader = reader.part(reader.uint(2))
  const from = clause.at
  const flags = clause.byte()
  clause.must((flags & ~CLAUSE_FLAGS) === 0, 'a clause has unknown flags', from)
  const times = readTimes(clause, flags, context.life)
  const where = readConditions(clause, {
    tables: context.tables,
    inputs: shape?.inputs,
    place: 'clause',
    elements: NONE,
  })
  clause.finish('the conditions of a clause')
  const selector = shape ? shape.key : action === DENIED.send ? '' : undefined
  return { effect: 'deny', index, target, selector, times, where, clauseStart: from, clauseEnd: clause.at }
}
