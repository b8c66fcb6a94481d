import { AbilityBuilder, createMongoAbility, subject } from '@casl/ability'
import { Ajv } from 'ajv'
import type { Operation } from '../../src/policy/Operation.js'
import { type Workload, budgetOf } from './workload.js'

/** An engine under test: true allows. */
export type Engine = (operation: Operation, now: number) => boolean

type Facts = { readonly target: string; readonly selector: string; readonly value: string; readonly to: string }

/** Neither engine reads calldata or counts 256-bit amounts: the reading and the budget are written by hand around them. */
const around = (workload: Workload, allows: (facts: Facts) => boolean): Engine => {
  const spend = budgetOf(workload)
  return ({ callData }, now) => {
    if (!callData.startsWith('0xb61d27f6')) return false
    const facts = {
      target: callData.slice(34, 74),
      selector: callData.slice(266, 274),
      value: callData.slice(74, 138),
      to: callData.slice(298, 338),
    }
    return allows(facts) && spend(BigInt(`0x${callData.slice(338, 402)}`), now)
  }
}

const ZERO = '0'.repeat(64)
const digits = (address: string): string => address.slice(2)

/** ajv: one schema with an alternative for each rule, compiled for the key. */
export const ajv = (workload: Workload): Engine => {
  const validate = new Ajv().compile({
    anyOf: workload.rules.map(({ target, recipients }) => ({
      type: 'object',
      properties: {
        target: { const: digits(target) },
        selector: { const: workload.selector },
        value: { const: ZERO },
        to: { enum: recipients.map(digits) },
      },
    })),
  })
  return around(workload, (facts) => validate(facts))
}

/** casl: the action is the selector, the subject's type the target, the recipient a condition. */
export const casl = (workload: Workload): Engine => {
  const { can, build } = new AbilityBuilder(createMongoAbility)
  for (const { target, recipients } of workload.rules)
    can(workload.selector, digits(target), { to: { $in: recipients.map(digits) }, value: ZERO })
  const ability = build()
  return around(workload, ({ target, selector, value, to }) => ability.can(selector, subject(target, { to, value })))
}
