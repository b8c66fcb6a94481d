import type { Policy } from '../../policy/Policy.js'
import type { AllowRule, DenyRule, Rule } from '../../policy/Rule.js'
import { encodeHeader } from '../encodeHeader.js'
import { writeAllow, writeDeny } from '../encodeRule.js'
import { LIMIT } from '../layout.js'
import { Tables } from '../Tables.js'
import { widthOf, Writer } from '../Writer.js'
import type { Problem } from '../Problem.js'

/** Lengths that show only when the parts are written: of the header, of each rule's parts, and of each leaf with its denies. The policy obeys the other laws. */
export const sizeLaws = (policy: Policy): readonly Problem[] => {
  const problems: Problem[] = []
  const tables = new Tables(policy)
  if (encodeHeader(policy, tables).length > LIMIT.headerLength) problems.push({ message: 'the header is too long' })

  const sizes = policy.rules.map((rule, index) => {
    const writer = new Writer()
    try {
      if (rule.effect === 'allow') writeAllow(writer, rule, policy, tables)
      else writeDeny(writer, rule, tables)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push({ rule: index, message: 'a part of the rule takes more than 65535 bytes' })
    }
    return writer.length
  })

  // A deny is folded into the leaf of each rule that it touches.
  const subjectOf = ({ target, action }: Rule): string =>
    `${target} ${action.kind === 'call' ? tables.functionOf(action).shape.selector : action.kind}`
  const denies = new Map<string, { count: number; size: number }>()
  for (const [index, rule] of policy.rules.entries()) {
    if (rule.effect === 'allow') continue
    const { count, size } = denies.get(subjectOf(rule)) ?? { count: 0, size: 0 }
    denies.set(subjectOf(rule), { count: count + 1, size: size + clauseLength(rule, sizes[index] ?? 0) })
  }
  for (const [index, rule] of policy.rules.entries()) {
    if (rule.effect === 'deny') continue
    const touching = [denies.get(subjectOf(rule)), denies.get(`${rule.target} any`)]
    const count = touching.reduce((sum, deny) => sum + (deny?.count ?? 0), 0)
    const size = touching.reduce((sum, deny) => sum + (deny?.size ?? 0), leafLength(rule, policy, sizes[index] ?? 0))
    if (count > LIMIT.denies) {
      problems.push({ rule: index, message: `${count} denies touch the rule, more than ${LIMIT.denies}` })
    }
    if (size > LIMIT.leafLength) {
      problems.push({ rule: index, message: `the rule's leaf takes ${size} bytes, more than ${LIMIT.leafLength}` })
    }
  }
  return problems
}

/** Length of a deny's clause, from the length of its rule in the grant. */
const clauseLength = ({ action }: DenyRule, size: number): number =>
  size - (1 + 2 + 20 + 1 + (action.kind === 'call' ? 4 : 0) + 2)

/** Length of an allow rule's leaf before the clauses, from the length of the rule in the grant: a leaf charge has a record for three bytes and a length. */
const leafLength = (rule: AllowRule, { meters }: Policy, size: number): number => {
  const own = size - (1 + 2 + 2) - (1 + rule.unlimited.length) + 1
  return rule.charges.reduce((sum, charge) => {
    const limit = charge.kind === 'meter' ? meters[charge.meter]?.limit : undefined
    return sum - 5 + (limit === undefined ? 0 : 6 + widthOf(limit))
  }, own)
}
