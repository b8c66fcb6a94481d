import { signatureOf } from '../compiler/FunctionShape.js'
import { rulesWithin } from '../compiler/rulesWithin.js'
import { spenderOf } from '../dsl/checks/approvals.js'
import { leavesApproval } from '../explain/leavesApproval.js'
import type { Condition, Sum } from '../policy/Condition.js'
import type { Address } from '../policy/Hex.js'
import type { Operand } from '../policy/Operand.js'
import type { Policy } from '../policy/Policy.js'
import type { AllowRule } from '../policy/Rule.js'

/** A right that a session's rules could give to somebody, and that outlives the session. */
export type Allowance =
  /** ERC-20: `spender` may take tokens of the account. */
  | { readonly kind: 'token'; readonly token: Address; readonly spender: Address }
  /** Permit2's own ledger: `spender` may take tokens of the account through it. */
  | { readonly kind: 'permit2'; readonly permit2: Address; readonly token: Address; readonly spender: Address }
  /** ERC-721 and ERC-1155: `operator` may move everything that the account has of the collection. */
  | { readonly kind: 'operator'; readonly collection: Address; readonly operator: Address }

/** A rule by which somebody may have been given a right that cannot be told from the policy alone. */
export type Unclear = { readonly target: Address; readonly function: string }

/** What the rules of a session could approve, each once, in the order of the rules. */
export const allowancesOf = (
  policy: Policy,
): { readonly known: readonly Allowance[]; readonly unclear: readonly Unclear[] } => {
  const known = new Map<string, Allowance>()
  const unclear = new Map<string, Unclear>()
  for (const rule of rulesWithin(policy.rules)) {
    if (rule.effect === 'deny' || rule.action.kind !== 'call' || !leavesApproval(rule)) continue
    // A call inside another one is the other contract's, and what it approves is seen in that contract only.
    const found = policy.rules.includes(rule) ? allowancesIn(rule) : undefined
    const name = signatureOf(rule.action)
    if (found === undefined) unclear.set(`${rule.target} ${name}`, { target: rule.target, function: name })
    for (const one of found ?? []) known.set(JSON.stringify(one), one)
  }
  return { known: [...known.values()], unclear: [...unclear.values()] }
}

/** Undefined where the rule leaves open, or writ does not know, whom it is about. */
const allowancesIn = ({ action, target, where }: AllowRule): readonly Allowance[] | undefined => {
  if (action.kind !== 'call') return []
  const signature = signatureOf(action)
  if (signature === 'setApprovalForAll(address,bool)')
    return valuesOf(where, 0)?.map((operator) => ({ kind: 'operator', collection: target, operator }))
  const index = spenderOf.get(signature)
  if (index === undefined) return undefined
  const spenders = valuesOf(where, index)
  if (signature !== 'approve(address,address,uint160,uint48)')
    return spenders?.map((spender) => ({ kind: 'token', token: target, spender }))
  const tokens = valuesOf(where, 0)
  return (
    tokens &&
    spenders?.flatMap((spender) => tokens.map((token) => ({ kind: 'permit2', permit2: target, token, spender })))
  )
}

/** Every address that argument `index` can be where the conditions hold; undefined where they do not confine it to some. */
const valuesOf = (where: readonly Condition[], index: number): readonly Address[] | undefined => {
  for (const condition of where) {
    const values = valuesIn(condition, index)
    if (values !== undefined) return [...new Set(values)]
  }
  return undefined
}

const valuesIn = (condition: Condition, index: number): readonly Address[] | undefined => {
  switch (condition.kind) {
    case 'compare': {
      if (condition.operator !== '==') return undefined
      const [left, right] = [alone(condition.left), alone(condition.right)]
      if (isArgument(left, index) && isAddress(right)) return [right.constant.value]
      return isArgument(right, index) && isAddress(left) ? [left.constant.value] : undefined
    }
    case 'member': {
      const column = condition.operands.findIndex((operand) => isArgument(operand, index))
      if (column < 0 || condition.negated) return undefined
      const cells = condition.rows.map((row) => row[column])
      const values = cells.flatMap((cell) => (cell?.kind === 'address' ? [cell.value] : []))
      return values.length === cells.length ? values : undefined
    }
    case 'and':
      return valuesOf(condition.all, index)
    case 'or': {
      const branches = condition.any.map((branch) => valuesIn(branch, index))
      return branches.every((branch) => branch !== undefined) ? branches.flat() : undefined
    }
    case 'false':
      return []
    case 'true':
    case 'bytes':
    case 'every':
    case 'any':
    case 'now':
      return undefined
    default:
      return condition satisfies never
  }
}

/** The operand that is all of a sum. */
const alone = (sum: Sum): Operand | undefined => {
  const [term] = sum
  if (term === undefined || sum.length !== 1 || term.negative || term.scales.length > 0) return undefined
  return term.factors.length === 1 ? term.factors[0] : undefined
}

const isArgument = (operand: Operand | undefined, index: number): boolean => {
  if (operand?.kind !== 'argument' || operand.path.length !== 1) return false
  const [step] = operand.path
  return step?.kind === 'component' && step.index === index
}

const isAddress = (
  operand: Operand | undefined,
): operand is { readonly kind: 'constant'; readonly constant: { readonly kind: 'address'; readonly value: Address } } =>
  operand?.kind === 'constant' && operand.constant.kind === 'address'
