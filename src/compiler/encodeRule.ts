import type { Nested } from '../policy/Nested.js'
import type { Policy } from '../policy/Policy.js'
import type { AllowRule, Charge, DenyRule, Rule, RuleTime } from '../policy/Rule.js'
import { writeAmount, writeConditions } from './encodeCondition.js'
import { type Scope, scopeOf, writeBytes, writePlace } from './encodePlace.js'
import { isCallable } from './FunctionShape.js'
import { BODY_FLAG, CHARGE, CHARGE_FLAG, DENIED, NESTED, NO_FUNCTION, RULE } from './layout.js'
import { movesEth } from './movesEth.js'
import type { Tables } from './Tables.js'
import type { Writer } from './Writer.js'

/** Writes the grant's form of a rule. */
export const writeRule = (writer: Writer, rule: Rule, policy: Policy, tables: Tables): void => {
  if (rule.effect === 'deny') {
    writeDeny(writer, rule, tables)
    return
  }
  writeAllow(writer, rule, policy, tables)
  if (rule.nested === undefined) return
  writer.uint(rule.nested.length, 1)
  for (const block of rule.nested) {
    writeList(writer, block, scopeOf(tables, calledBy(rule, tables)?.shape))
    writer.uint(block.rules.length, 2)
    for (const inner of block.rules) writeRule(writer, inner, policy, tables)
  }
}

/** Writes an allow rule but for its nested calls. */
export const writeAllow = (writer: Writer, rule: AllowRule, policy: Policy, tables: Tables): void => {
  const called = calledBy(rule, tables)
  const scope = scopeOf(tables, called?.shape)
  writer.uint(RULE.allow, 1)
  writer.uint(called?.index ?? NO_FUNCTION, 2)
  writer.sized(2, () => writeBody(writer, rule, policy, scope))
  writer.uint(rule.charges.length, 1)
  for (const charge of rule.charges) writeCharge(writer, charge, scope)
  writer.uint(rule.unlimited.length, 1)
  for (const asset of rule.unlimited) writer.uint(tables.assetCode(asset), 1)
}

/** Writes the form of a block of nested calls, and where their list is. */
export const writeList = (writer: Writer, block: Nested, scope: Scope): void => {
  writer.uint(NESTED[block.form], 1)
  switch (block.form) {
    case 'calls':
      writePlace(writer, block.list, scope)
      return
    case 'multisend':
      writeBytes(writer, block.list, scope)
      return
    case 'commands':
      writeBytes(writer, block.list, scope)
      writePlace(writer, block.inputs, scope)
      return
    default:
      block satisfies never
  }
}

/** Writes a deny rule. */
export const writeDeny = (writer: Writer, rule: DenyRule, tables: Tables): void => {
  const called = calledBy(rule, tables)
  writer.uint(RULE.deny, 1)
  writer.uint(called?.index ?? NO_FUNCTION, 2)
  writer.hex(rule.target)
  writer.uint(DENIED[rule.action.kind], 1)
  if (called !== undefined) writer.hex(called.shape.selector)
  writer.sized(2, () => {
    writer.uint(timeFlags(rule), 1)
    writeTimes(writer, rule)
    writeConditions(writer, rule.where, scopeOf(tables, called?.shape))
  })
}

const calledBy = ({ action }: Rule, tables: Tables): ReturnType<Tables['functionOf']> | undefined =>
  isCallable(action) ? tables.functionOf(action) : undefined

const writeBody = (writer: Writer, rule: AllowRule, policy: Policy, scope: Scope): void => {
  const { shape } = scope
  const described = shape !== undefined && shape.descriptor.length > 0
  const flags =
    (shape === undefined ? BODY_FLAG.send : 0) |
    (movesEth(rule, policy.meters) ? BODY_FLAG.value : 0) |
    timeFlags(rule) |
    (described ? BODY_FLAG.descriptor : 0) |
    (rule.nested === undefined ? 0 : BODY_FLAG.nested) |
    (rule.action.kind === 'command' ? BODY_FLAG.command : 0)
  writer.uint(flags, 1)
  writer.hex(rule.target)
  if (shape !== undefined) {
    writer.hex(shape.selector)
    writer.uint(shape.headWords, 1)
    if (described) writer.sized(1, () => writer.raw(shape.descriptor))
  }
  writeTimes(writer, rule)
  writeConditions(writer, rule.where, scope)
}

const timeFlags = ({ from, until, hours }: RuleTime): number =>
  (from === undefined ? 0 : BODY_FLAG.from) |
  (until === undefined ? 0 : BODY_FLAG.until) |
  (hours === undefined ? 0 : BODY_FLAG.hours)

const writeTimes = (writer: Writer, { from, until, hours }: RuleTime): void => {
  if (from !== undefined) writer.uint(from, 5)
  if (until !== undefined) writer.uint(until, 5)
  if (hours === undefined) return
  writer.uint(hours.start, 2)
  writer.uint(hours.end, 2)
  writer.uint(hours.weekdays, 1)
}

const writeCharge = (writer: Writer, charge: Charge, scope: Scope): void => {
  const flags = charge.assetChecked ? 0 : CHARGE_FLAG.assetUnchecked
  if (charge.kind === 'meter') {
    writer.uint(CHARGE.meter, 1)
    writer.uint(charge.meter, 1)
    writer.uint(flags, 1)
  } else {
    writer.uint(CHARGE.perCall, 1)
    writer.uint(scope.tables.assetCode(charge.asset), 1)
    writer.uint(flags, 1)
    writer.integer(charge.limit)
  }
  writer.sized(2, () => writeAmount(writer, charge.amount, scope))
}
