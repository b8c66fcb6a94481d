import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodable } from '../../src/compiler/encodable.js'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { Condition, Sum } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Charge, Rule } from '../../src/policy/Rule.js'
import { policies, widePolicies } from './policy.js'
import { SIZE } from './Source.js'

/** Every form that a policy can have, by a name for each. */
const FORMS = [
  ...['unlimited', 'budget', 'sponsored', 'budget or sponsored', 'shared', 'where'].map((form) => `fees ${form}`),
  ...['narrow', 'wide', 'calls', 'ETH', 'token', 'period', 'rolling', 'total', 'shared', 'limit 0'].map(
    (form) => `meter ${form}`,
  ),
  ...['allow call', 'allow send', 'deny call', 'deny send', 'deny any'],
  ...['from', 'until', 'hours'].flatMap((form) => [`allow ${form}`, `deny ${form}`]),
  ...['meter', 'per call', 'checked', 'unchecked', 'scaled', 'sum', 'product'].map((form) => `charge ${form}`),
  ...['unlimited ETH', 'unlimited token', 'token base units', 'no tokens'],
  ...['and', 'or', 'true', 'false', 'in', 'not in', 'in tuple', 'now at most', 'now at least'],
  ...['==', '!=', '<', '<=', '>', '>='],
  ...['negative', 'product', 'percent', 'at', 'sold at', 'divide', 'two scales'].map((form) => `term ${form}`),
  ...['number', 'negative number', 'amount', 'address', 'bool', 'bytes'].map((form) => `constant ${form}`),
  ...['call.value', 'session.account', 'session.key', 'op.callGasLimit', 'op.verificationGasLimit'],
  ...['op.preVerificationGas', 'op.maxFeePerGas', 'op.maxPriorityFeePerGas'],
  ...['component', 'element', 'last'].map((step) => `step ${step}`),
  ...['element', 'packed element', 'length', 'slice', 'masked', 'total'].map((kind) => `operand ${kind}`),
  ...['every', 'any', 'over array', 'over packed', 'element of an outer quantifier'],
  ...['==', '!=', 'starts with', 'does not start with', 'constant', 'other', 'part'].map((form) => `bytes ${form}`),
  ...['array', 'packed', 'bytes', 'multisend'].map((form) => `length of ${form}`),
  ...['calls', 'multisend', 'commands', 'in nested', 'deny', 'charge', 'command'].map((form) => `nested ${form}`),
  ...['static word', 'word inside a tuple', 'dynamic path', 'signed', 'bytesN'].map((form) => `argument ${form}`),
  ...['address', 'bool', 'uint', 'int', 'fixedBytes', 'bytes', 'string', 'T[]', 'T[n]', 'tuple', 'dynamic tuple'].map(
    (type) => `type ${type}`,
  ),
]

const formsOf = (policy: Policy): ReadonlySet<string> => {
  const found = new Set<string>()
  const { fees, meters, rules, tokens } = policy
  const uses = rules.flatMap(chargesOf)
  const usesOf = (index: number): number =>
    uses.filter((charge) => charge.kind === 'meter' && charge.meter === index).length
  found.add(`fees ${fees.paidBy.kind}`)
  if (fees.where.length > 0) found.add('fees where')
  if ('meter' in fees.paidBy && usesOf(fees.paidBy.meter) > 0) found.add('fees shared')
  if (tokens.length === 0) found.add('no tokens')
  if (tokens.some(({ decimals }) => decimals === 'base units')) found.add('token base units')
  for (const [index, { counts, limit, window }] of meters.entries()) {
    if (window.kind !== 'rolling') found.add(limit < 1n << 97n ? 'meter narrow' : 'meter wide')
    found.add(counts === 'ETH' || counts === 'calls' ? `meter ${counts}` : 'meter token')
    found.add(`meter ${window.kind}`)
    if (usesOf(index) > 1) found.add('meter shared')
    if (limit === 0n) found.add('meter limit 0')
  }
  addConditions(found, fees.where)
  for (const rule of rules) addRule(found, rule)
  return found
}

const chargesOf = (rule: Rule): readonly Charge[] =>
  rule.effect === 'deny'
    ? []
    : [...rule.charges, ...(rule.nested ?? []).flatMap((nested) => nested.rules.flatMap(chargesOf))]

const addRule = (found: Set<string>, rule: Rule): void => {
  if (rule.action.kind === 'command') found.add('nested command')
  else found.add(`${rule.effect} ${rule.action.kind}`)
  for (const key of ['from', 'until', 'hours'] as const) if (rule[key] !== undefined) found.add(`${rule.effect} ${key}`)
  if ('inputs' in rule.action) for (const { type } of rule.action.inputs) addType(found, type)
  addConditions(found, rule.where)
  if (rule.effect === 'deny') return
  for (const asset of rule.unlimited) found.add(asset === 'ETH' ? 'unlimited ETH' : 'unlimited token')
  for (const { kind, amount, assetChecked } of rule.charges) {
    found.add(`charge ${kind}`).add(assetChecked ? 'charge checked' : 'charge unchecked')
    if (amount.some(({ scales }) => scales.length > 0)) found.add('charge scaled')
    if (amount.length > 1) found.add('charge sum')
    if (amount.some(({ factors }) => factors.length > 1)) found.add('charge product')
    addSum(found, amount)
  }
  for (const { form, rules } of rule.nested ?? []) {
    found.add(`nested ${form}`)
    for (const inner of rules) {
      addRule(found, inner)
      if (inner.effect === 'deny') found.add('nested deny')
      else if (inner.nested !== undefined) found.add('nested in nested')
      if (chargesOf(inner).length > 0) found.add('nested charge')
    }
  }
}

const addConditions = (found: Set<string>, conditions: readonly Condition[]): void => {
  for (const condition of conditions) addCondition(found, condition)
}

const addCondition = (found: Set<string>, condition: Condition): void => {
  switch (condition.kind) {
    case 'and':
    case 'or':
      found.add(condition.kind)
      addConditions(found, condition.kind === 'and' ? condition.all : condition.any)
      return
    case 'true':
    case 'false':
      found.add(condition.kind)
      return
    case 'now':
      found.add(`now ${condition.bound}`)
      addOperand(found, condition.operand)
      return
    case 'member':
      found.add(condition.negated ? 'not in' : 'in')
      if (condition.operands.length > 1) found.add('in tuple')
      for (const operand of condition.operands) addOperand(found, operand)
      for (const row of condition.rows) for (const constant of row) addOperand(found, { kind: 'constant', constant })
      return
    case 'bytes': {
      const { operator, left, right } = condition
      found.add(`bytes ${operator}`).add(typeof right === 'string' ? 'bytes constant' : 'bytes other')
      if (left.slice !== undefined) found.add('bytes part')
      return
    }
    case 'every':
    case 'any':
      found.add(condition.kind).add(`over ${condition.over.kind}`)
      addConditions(found, condition.body)
      return
    case 'compare':
      found.add(condition.operator)
      addSum(found, condition.left)
      addSum(found, condition.right)
      return
    default:
      condition satisfies never
  }
}

const addSum = (found: Set<string>, sum: Sum): void => {
  for (const { negative, scales, factors } of sum) {
    if (negative) found.add('term negative')
    if (factors.length > 1) found.add('term product')
    if (scales.length > 1) found.add('term two scales')
    for (const { kind } of scales) found.add(`term ${kind}`)
    for (const factor of factors) addOperand(found, factor)
  }
}

const addOperand = (found: Set<string>, operand: Operand): void => {
  switch (operand.kind) {
    case 'constant': {
      const { constant } = operand
      found.add(
        constant.kind === 'number' && constant.value < 0n ? 'constant negative number' : `constant ${constant.kind}`,
      )
      return
    }
    case 'environment':
      found.add(operand.name)
      return
    case 'argument': {
      const { path, type } = operand
      for (const step of path) found.add(`step ${step.kind}`)
      if (path.length === 1) found.add('argument static word')
      if (path.length > 1 && path.every((step) => step.kind === 'component')) found.add('argument word inside a tuple')
      if (path.some((step) => step.kind === 'last')) found.add('argument dynamic path')
      if (type.kind === 'int') found.add('argument signed')
      if (type.kind === 'fixedBytes') found.add('argument bytesN')
      return
    }
    case 'element':
    case 'packed element':
      if (operand.depth > 0) found.add('element of an outer quantifier')
      found.add(`operand ${operand.kind}`)
      return
    case 'length':
      found.add(`length of ${operand.of.kind}`)
      found.add(`operand ${operand.kind}`)
      return
    case 'masked':
      addOperand(found, operand.operand)
      found.add(`operand ${operand.kind}`)
      return
    case 'slice':
    case 'total':
      found.add(`operand ${operand.kind}`)
      return
    default:
      operand satisfies never
  }
}

const addType = (found: Set<string>, type: AbiType): void => {
  switch (type.kind) {
    case 'array':
      found.add(type.length === undefined ? 'type T[]' : 'type T[n]')
      addType(found, type.element)
      return
    case 'tuple':
      found.add('type tuple')
      if (type.components.some((component) => component.type.kind === 'bytes')) found.add('type dynamic tuple')
      for (const component of type.components) addType(found, component.type)
      return
    default:
      found.add(`type ${type.kind}`)
  }
}

describe('generated policies', () => {
  it('have every form there is', () => {
    const found = new Map<string, number>()
    for (const policy of fc.sample(policies(), { numRuns: 800, seed: 7 })) {
      for (const form of formsOf(policy)) found.set(form, (found.get(form) ?? 0) + 1)
    }
    // Each in one of a hundred policies at least.
    expect(FORMS.filter((form) => (found.get(form) ?? 0) < 8)).toEqual([])
    expect([...found.keys()].filter((form) => !FORMS.includes(form))).toEqual([])
  })

  it('can be encoded, lawful or not, small or large', () => {
    for (const size of Object.values(SIZE)) {
      const list = [
        ...fc.sample(policies(size), { numRuns: 60, seed: 8 }),
        ...fc.sample(widePolicies(size), { numRuns: 60, seed: 9 }),
      ]
      for (const policy of list) expect(encodable(policy)).toEqual([])
    }
  })

  it('shrink to one rule that allows one thing', () => {
    const { counterexample } = fc.check(
      fc.property(policies(SIZE.small), ({ rules }) => !rules.some(({ hours }) => hours !== undefined)),
      { seed: 1, numRuns: 200 },
    )
    const [policy] = counterexample ?? []
    expect(policy?.rules.length).toBeLessThanOrEqual(2)
    expect(policy?.rules.flatMap(({ where }) => where).length).toBeLessThanOrEqual(1)
  })
})
