import type { AllowRule, Charge, DenyRule, Rule, RuleTime } from '../policy/Rule.js'
import { readAmount, readConditions } from './decodeCondition.js'
import type { ReadScope } from './decodePlace.js'
import { readAsset, type ReadTables } from './decodeTables.js'
import { BODY_FLAG, CHARGE, CHARGE_FLAG, DENIED, NO_FUNCTION, RULE } from './layout.js'
import type { FunctionShape } from './FunctionShape.js'
import type { Reader } from './Reader.js'

/** Reads one rule of a grant. What a rule says twice (selector, descriptor, flags that follow from its parts) is compared when it is written again. */
export const readRule = (reader: Reader, tables: ReadTables): Rule => {
  const at = reader.at
  const kind = reader.uint(1)
  if (kind !== RULE.allow && kind !== RULE.deny) reader.fail('an unknown kind of rule', at)
  const index = reader.uint(2)
  const shape = index === NO_FUNCTION ? undefined : tables.functions[index]
  if (shape === undefined && index !== NO_FUNCTION) reader.fail('a function that is not in the table', at + 1)
  return kind === RULE.allow ? readAllow(reader, tables, shape) : readDeny(reader, tables, shape)
}

const readAllow = (reader: Reader, tables: ReadTables, shape: FunctionShape | undefined): AllowRule => {
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
  return { effect: 'allow', target, action: shape?.action ?? { kind: 'send' }, where, charges, unlimited, ...times }
}

const readDeny = (reader: Reader, tables: ReadTables, shape: FunctionShape | undefined): DenyRule => {
  const target = reader.hex(20)
  const at = reader.at
  const code = reader.uint(1)
  if (code !== DENIED.any && code !== DENIED.send && code !== DENIED.call) reader.fail('an unknown kind of deny', at)
  if ((code === DENIED.call) !== (shape !== undefined)) reader.fail('a deny that is not of its function', at)
  if (shape !== undefined) reader.raw(4)
  const clause = reader.sized(2)
  const flags = clause.uint(1)
  const times = readTimes(clause, flags)
  const where = readConditions(clause, { tokens: tables.tokens, shape, elements: [] })
  clause.expectEnd()
  const action = shape?.action ?? ({ kind: code === DENIED.send ? 'send' : 'any' } as const)
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
