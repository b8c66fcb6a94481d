import type { Nested } from '../policy/Nested.js'
import type { AllowRule, Charge, DenyRule, Rule, RuleTime } from '../policy/Rule.js'
import { readAmount, readConditions } from './decodeCondition.js'
import { readBytes, readList, type ReadScope } from './decodePlace.js'
import { readAsset, type ReadTables } from './decodeTables.js'
import { BODY_FLAG, CHARGE, CHARGE_FLAG, DENIED, LIMIT, NESTED, NO_FUNCTION, RULE } from './layout.js'
import type { FunctionShape } from './FunctionShape.js'
import type { Reader } from './Reader.js'

/** Reads one rule of a grant. What a rule says twice (selector, descriptor, flags that follow from its parts) is compared when it is written again. */
export const readRule = (reader: Reader, tables: ReadTables, blocks = 0): Rule => {
  const at = reader.at
  const kind = reader.uint(1)
  if (kind !== RULE.allow && kind !== RULE.deny) reader.fail('an unknown kind of rule', at)
  const index = reader.uint(2)
  const shape = index === NO_FUNCTION ? undefined : tables.functions[index]
  if (shape === undefined && index !== NO_FUNCTION) reader.fail('a function that is not in the table', at + 1)
  return kind === RULE.allow ? readAllow(reader, tables, shape, blocks) : readDeny(reader, tables, shape)
}

const readAllow = (reader: Reader, tables: ReadTables, shape: FunctionShape | undefined, blocks: number): AllowRule => {
  const scope: ReadScope = { tokens: tables.tokens, shape, elements: [] }
  const body = reader.sized(2)
  const flags = body.uint(1)
  const target = body.hex(20)
  if (((flags & BODY_FLAG.send) === 0) !== (shape !== undefined))
    body.fail('a body that is not of its function', body.at)
  if (shape !== undefined) {
    body.raw(5)
    if ((flags & BODY_FLAG.descriptor) !== 0) body.raw(body.uint(1))
  }
  const times = readTimes(body, flags)
  const where = readConditions(body, scope)
  body.expectEnd()
  const charges = reader.times(reader.uint(1), () => readCharge(reader, scope))
  const unlimited = reader.times(reader.uint(1), () => readAsset(reader, tables.tokens))
  const action = shape?.action ?? ({ kind: 'send' } as const)
  const rule: AllowRule = { effect: 'allow', target, action, where, charges, unlimited, ...times }
  if ((flags & BODY_FLAG.nested) === 0) return rule
  return { ...rule, nested: reader.times(reader.uint(1), () => readBlock(reader, tables, scope, blocks + 1)) }
}

const readBlock = (reader: Reader, tables: ReadTables, scope: ReadScope, blocks: number): Nested => {
  const at = reader.at
  if (blocks > LIMIT.nestedDepth) reader.fail(`calls nested more than ${LIMIT.nestedDepth} deep`)
  const readRules = (): readonly Rule[] => reader.times(reader.uint(2), () => readRule(reader, tables, blocks))
  switch (reader.uint(1)) {
    case NESTED.calls:
      return { form: 'calls', list: readList(reader, scope), rules: readRules() }
    case NESTED.multisend:
      return { form: 'multisend', list: readBytes(reader, scope), rules: readRules() }
    case NESTED.commands: {
      const list = readBytes(reader, scope)
      return { form: 'commands', list, inputs: readList(reader, scope), rules: readRules() }
    }
    default:
      return reader.fail('an unknown form of nested calls', at)
  }
}

const readDeny = (reader: Reader, tables: ReadTables, shape: FunctionShape | undefined): DenyRule => {
  const target = reader.hex(20)
  const at = reader.at
  const code = reader.uint(1)
  const action = shape?.action ?? ({ kind: code === DENIED.send ? 'send' : 'any' } as const)
  if (code !== DENIED[action.kind]) reader.fail('a deny that is not of its function', at)
  if (shape !== undefined) reader.raw(4)
  const clause = reader.sized(2)
  const flags = clause.uint(1)
  const times = readTimes(clause, flags)
  const where = readConditions(clause, { tokens: tables.tokens, shape, elements: [] })
  clause.expectEnd()
  return { effect: 'deny', target, action, where, ...times }
}

const readTimes = (reader: Reader, flags: number): RuleTime => ({
  ...((flags & BODY_FLAG.from) === 0 ? {} : { from: reader.uint(5) }),
  ...((flags & BODY_FLAG.until) === 0 ? {} : { until: reader.uint(5) }),
  ...((flags & BODY_FLAG.hours) === 0
    ? {}
    : { hours: { start: reader.uint(2), end: reader.uint(2), weekdays: reader.uint(1) } }),
})

const readCharge = (reader: Reader, scope: ReadScope): Charge => {
  const at = reader.at
  const kind = reader.uint(1)
  if (kind === CHARGE.meter) {
    const meter = reader.uint(1)
    const assetChecked = readChecked(reader)
    return { kind: 'meter', meter, amount: readSizedAmount(reader, scope), assetChecked }
  }
  if (kind !== CHARGE.perCall) reader.fail('an unknown kind of charge', at)
  const asset = readAsset(reader, scope.tokens)
  const assetChecked = readChecked(reader)
  const limit = reader.integer()
  return { kind: 'per call', asset, limit, amount: readSizedAmount(reader, scope), assetChecked }
}

const readChecked = (reader: Reader): boolean => (reader.uint(1) & CHARGE_FLAG.assetUnchecked) === 0

const readSizedAmount = (reader: Reader, scope: ReadScope): Charge['amount'] => {
  const inner = reader.sized(2)
  const amount = readAmount(inner, scope)
  inner.expectEnd()
  return amount
}
