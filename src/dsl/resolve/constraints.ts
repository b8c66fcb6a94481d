import type { BytesComparison, Condition } from '../../policy/Condition.js'
import type { Constant, Operand } from '../../policy/Operand.js'
import type { Bytes, PathStep } from '../../policy/Place.js'
import { knownAddress } from './expression.js'
import type { Context } from './Context.js'

/** What the conjuncts of a rule leave for one operand. */
export type Domain = {
  /** Undefined for a byte string. */
  readonly operand?: Operand
  /** If there, nothing else is possible. */
  only?: ReadonlySet<string>
  /** These are impossible. */
  not?: ReadonlySet<string>
  min?: bigint
  max?: bigint
  /** A byte string begins with one of these. */
  begins?: readonly string[]
}

/** By the key of the operand. */
export type Domains = ReadonlyMap<string, Domain>

/** One key for one operand; that of an argument is its path. */
export function operandKey(operand: Operand): string {
  if (operand.kind === 'environment') return operand.name
  if (operand.kind === 'argument') return pathKey(operand.path)
  if (operand.kind === 'element') return `@${operand.depth}.${pathKey(operand.path)}`
  return show(operand)
}

const pathKey = (path: readonly PathStep[]): string =>
  path.map((step) => (step.kind === 'last' ? 'last' : `${step.kind === 'element' ? 'e' : ''}${step.index}`)).join('.')

const show = (value: Operand | Bytes): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))

/** The value of a constant as text: the same number, whatever its unit, has the same text. */
function constantKey(constant: Constant): string {
  return String(constant.value)
}

/**
 * What the conjuncts say about single operands and byte strings, read one by one; what is said by sums, by `or` of different operands, and of
 * elements (a list may be empty) is passed over.
 */
export function domainsOf(where: readonly Condition[], context: Context): Domains {
  let domains = context.domains.get(where)
  if (domains === undefined) {
    domains = readDomains(where, context)
    context.domains.set(where, domains)
  }
  return domains
}

function readDomains(where: readonly Condition[], context: Context): Domains {
  const domains = new Map<string, Domain>()
  for (const condition of where) {
    if (condition.kind === 'compare') readComparison(condition, domains, context)
    else if (condition.kind === 'member') readMembership(condition, domains)
    else if (condition.kind === 'bytes') readBytes(condition, domains)
    else if (condition.kind === 'or') readUnion(condition.any, domains, context)
  }
  return domains
}

function readComparison(
  condition: Extract<Condition, { kind: 'compare' }>,
  domains: Map<string, Domain>,
  context: Context,
): void {
  const [left, right] = [plain(condition.left), plain(condition.right)]
  if (left === undefined || right === undefined) return
  const rightKey = fixedKey(right, context)
  if (rightKey !== undefined) narrow(left, condition.operator, rightKey, domains)
  const leftKey = fixedKey(left, context)
  if (leftKey !== undefined) narrow(right, flipped[condition.operator], leftKey, domains)
}

const flipped = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function plain(sum: Extract<Condition, { kind: 'compare' }>['left']): Operand | undefined {
  const [term, other] = sum
  if (term === undefined || other !== undefined || term.negative || term.scales.length > 0 || term.factors.length > 1)
    return undefined
  return term.factors[0]
}

function fixedKey(operand: Operand, context: Context): string | undefined {
  return operand.kind === 'constant' ? constantKey(operand.constant) : knownAddress(operand, context)
}

function narrow(operand: Operand, operator: keyof typeof flipped, value: string, domains: Map<string, Domain>): void {
  if (operand.kind === 'constant') return
  const domain = domainOf(operand, domains)
  if (operator === '==') domain.only = intersect(domain.only, new Set([value]))
  else if (operator === '!=') domain.not = new Set([...(domain.not ?? []), value])
  else {
    const bound = BigInt(value)
    if (operator === '<' || operator === '<=') domain.max = least(domain.max, operator === '<' ? bound - 1n : bound)
    else domain.min = most(domain.min, operator === '>' ? bound + 1n : bound)
  }
}

function domainOf(operand: Operand, domains: Map<string, Domain>): Domain {
  const key = operandKey(operand)
  const domain = domains.get(key) ?? { operand }
  domains.set(key, domain)
  return domain
}

const least = (a: bigint | undefined, b: bigint): bigint => (a === undefined || b < a ? b : a)
const most = (a: bigint | undefined, b: bigint): bigint => (a === undefined || b > a ? b : a)

function intersect(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): ReadonlySet<string> {
  return a === undefined ? b : new Set([...a].filter((value) => b.has(value)))
}

/** A byte string is, is not, or begins with a constant. */
function readBytes({ operator, left, right }: BytesComparison, domains: Map<string, Domain>): void {
  if (typeof right !== 'string' || operator === 'does not start with') return
  const key = show(left)
  const domain = domains.get(key) ?? {}
  domains.set(key, domain)
  if (operator === '==') domain.only = intersect(domain.only, new Set([right]))
  else if (operator === '!=') domain.not = new Set([...(domain.not ?? []), right])
  // Of two beginnings that both hold the longer one says more.
  else if (domain.begins === undefined || domain.begins.every((beginning) => right.startsWith(beginning)))
    domain.begins = [right]
}

/** Each column of a list bounds its operand; the complement of one does so only if it is the only column. */
function readMembership(
  { operands, rows, negated }: Extract<Condition, { kind: 'member' }>,
  domains: Map<string, Domain>,
): void {
  if (negated && operands.length > 1) return
  for (const [column, operand] of operands.entries()) {
    if (operand.kind === 'constant') continue
    const domain = domainOf(operand, domains)
    const values = new Set(rows.flatMap((row) => (row[column] ? [constantKey(row[column])] : [])))
    if (negated) domain.not = domain.not ? new Set([...domain.not, ...values]) : values
    else domain.only = intersect(domain.only, values)
  }
}

/** `to == A or to == B`: an operand that every alternative fixes. */
function readUnion(alternatives: readonly Condition[], domains: Map<string, Domain>, context: Context): void {
  const parts = alternatives.map((condition) =>
    domainsOf(condition.kind === 'and' ? condition.all : [condition], context),
  )
  for (const key of parts[0]?.keys() ?? []) {
    const found = parts.map((part) => part.get(key))
    const sets = found.map((part) => part?.only)
    const beginnings = found.map((part) => part?.begins ?? (part?.operand ? undefined : part?.only && [...part.only]))
    const operand = parts[0]?.get(key)?.operand
    const domain: Domain = domains.get(key) ?? (operand ? { operand } : {})
    if (sets.every((set) => set !== undefined))
      domain.only = intersect(domain.only, new Set(sets.flatMap((set) => [...set])))
    else if (beginnings.every((beginning) => beginning !== undefined)) domain.begins ??= beginnings.flat()
    else continue
    domains.set(key, domain)
  }
}

/** Whether the conjuncts fix the operand to that one value. */
export function isFixedTo(operand: Operand, value: string, domains: Domains): boolean {
  const only = domains.get(operandKey(operand))?.only
  return only?.size === 1 && only.has(value)
}
