import type { Policy } from '../../policy/Policy.js'
import type { AllowRule, DenyRule, Rule } from '../../policy/Rule.js'
import { encodeHeader } from '../encodeHeader.js'
import { scopeOf } from '../encodePlace.js'
import { writeAllow, writeDeny, writeList } from '../encodeRule.js'
import { isCallable } from '../FunctionShape.js'
import { LIMIT } from '../layout.js'
import { Tables } from '../Tables.js'
import { widthOf, Writer } from '../Writer.js'
import type { Problem } from '../Problem.js'
import type { Report } from './Report.js'

/** Lengths that show only when the parts are written: of the header, of each rule's parts, and of each leaf with its denies. The policy obeys the other laws. */
export const sizeLaws = (policy: Policy): readonly Problem[] => {
  const problems: Problem[] = []
  const tables = new Tables(policy)
  if (encodeHeader(policy, tables).length > LIMIT.headerLength) problems.push({ message: 'the header is too long' })
  const sizes = new Sizes(policy, tables)
  const denies = [sizes.denies(policy.rules, (index) => (message) => problems.push({ rule: index, message }))]
  for (const [index, rule] of policy.rules.entries()) {
    if (rule.effect === 'allow') sizes.leaf(rule, denies, (message) => problems.push({ rule: index, message }))
  }
  return problems
}

/** What is folded into each leaf of a subject: how many clauses, and how many bytes they take. */
type Denies = ReadonlyMap<string, { readonly count: number; readonly size: number }>

class Sizes {
  readonly #policy: Policy
  readonly #tables: Tables

  constructor(policy: Policy, tables: Tables) {
    this.#policy = policy
    this.#tables = tables
  }

  /** The denies of some rules. A deny is folded into the leaf of each rule that it touches. */
  denies(rules: readonly Rule[], reportAt: (index: number) => Report): Denies {
    const found = new Map<string, { count: number; size: number }>()
    for (const [index, rule] of rules.entries()) {
      if (rule.effect === 'allow') continue
      const subject = this.#subjectOf(rule)
      const { count, size } = found.get(subject) ?? { count: 0, size: 0 }
      const whole = this.#written((writer) => writeDeny(writer, rule, this.#tables), reportAt(index))
      found.set(subject, { count: count + 1, size: size + clauseLength(rule, whole) })
    }
    return found
  }

  /** The length of a leaf with everything in it. */
  leaf(rule: AllowRule, denies: readonly Denies[], report: Report): number {
    const own = this.#written((writer) => writeAllow(writer, rule, this.#policy, this.#tables), report)
    const subject = this.#subjectOf(rule)
    let size = leafLength(rule, this.#policy, own) + this.#nested(rule, denies, report)
    let count = 0
    for (const some of denies) {
      for (const deny of [some.get(subject), some.get(`${rule.target} any`)]) {
        count += deny?.count ?? 0
        size += deny?.size ?? 0
      }
    }
    if (count > LIMIT.denies) report(`${count} denies touch the rule, more than ${LIMIT.denies}`)
    if (size > LIMIT.leafLength) report(`the rule's leaf takes ${size} bytes, more than ${LIMIT.leafLength}`)
    return size
  }

  #nested(rule: AllowRule, around: readonly Denies[], report: Report): number {
    if (rule.nested === undefined) return 0
    const shape = isCallable(rule.action) ? this.#tables.functionOf(rule.action).shape : undefined
    let size = 1
    for (const block of rule.nested) {
      const denies = [...around, this.denies(block.rules, () => report)]
      size += this.#written((writer) => writeList(writer, block, scopeOf(this.#tables, shape)), report) + 2
      for (const inner of block.rules) if (inner.effect === 'allow') size += 2 + this.leaf(inner, denies, report)
    }
    return size
  }

  #subjectOf({ target, action }: Rule): string {
    const selector = isCallable(action) ? this.#tables.functionOf(action).shape.selector : ''
    return `${target} ${action.kind}${selector}`
  }

  /** Bytes that something takes. */
  #written(write: (writer: Writer) => void, report: Report): number {
    const writer = new Writer()
    try {
      write(writer)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      report('a part of the rule takes more than 65535 bytes')
    }
    return writer.length
  }
}

/** Length of a deny's clause, from the length of its rule in the grant. */
const clauseLength = ({ action }: DenyRule, size: number): number =>
  size - (1 + 2 + 20 + 1 + (isCallable(action) ? 4 : 0) + 2)

/** Length of an allow rule's leaf before the clauses, from the length of the rule in the grant: a leaf charge has a record for three bytes and a length. */
const leafLength = (rule: AllowRule, { meters }: Policy, size: number): number => {
  const own = size - (1 + 2 + 2) - (1 + rule.unlimited.length) + 1
  return rule.charges.reduce((sum, charge) => {
    const limit = charge.kind === 'meter' ? meters[charge.meter]?.limit : undefined
    return sum - 5 + (limit === undefined ? 0 : 6 + widthOf(limit))
  }, own)
}
