import { quote } from '../../diagnostic/quote.js'
import type { Condition } from '../../policy/Condition.js'
import type { Asset } from '../../policy/Units.js'
import type { Rule } from '../ast.js'
import type { Requirement } from '../library.js'
import { wrappedCoin } from '../units/chains.js'
import { conjuncts } from './condition.js'
import type { Context } from './Context.js'
import type { Callee } from './Draft.js'
import type { Env } from './Env.js'
import type { Value } from './Value.js'

const etherIsSent: Condition = {
  kind: 'compare',
  operator: '>',
  left: [{ negative: false, scales: [], factors: [{ kind: 'environment', name: 'call.value' }] }],
  right: [{ negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind: 'number', value: 0n } }] }],
}

/** What a verb requires of one of its functions when that asset is budgeted; undefined where it cannot be said, which is reported. */
export function requirements(
  callee: Callee,
  asset: Asset | undefined,
  others: readonly (Asset | 'calls')[],
  env: Env,
  node: Rule,
  context: Context,
): readonly Condition[] | undefined {
  const { known } = callee
  if (known === undefined) return []
  const conditions: Condition[] = []
  // The argument that names what is spent must name the budget's asset.
  for (const { asset: spent, withEth } of known.spends)
    if (
      typeof spent !== 'string' &&
      spent.kind !== 'token' &&
      asset !== undefined &&
      asset !== 'ETH' &&
      withEth !== true
    )
      conditions.push({
        kind: 'compare',
        operator: '==',
        left: [{ negative: false, scales: [], factors: [spent] }],
        right: [
          { negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind: 'address', value: asset } }] },
        ],
      })
  for (const requirement of known.requires) {
    if (requirement.withEth !== undefined && requirement.withEth !== (asset === 'ETH')) continue
    const lowered = lowerRequirement(requirement, env, context)
    if (lowered === undefined) return undefined
    if (lowered === 'no wrapped coin') {
      context.report({
        code: 'W094',
        severity: 'error',
        span: node.action.span,
        message: `${quote(callee.verb ?? callee.name)} with an ETH budget needs the contract that wraps the coin, which is not known for chain ${context.facts.chainId}`,
        help: `name the function and its conditions yourself: \`${known.action.name}\``,
      })
      return undefined
    }
    conditions.push(...lowered)
  }
  // Beside a budget of the wrapped coin, a call without ether is one that spends the wrapped coin.
  const wrapped = wrappedCoin(context.facts.chainId)
  if (
    asset === 'ETH' &&
    wrapped !== undefined &&
    others.includes(wrapped) &&
    known.spends.some(({ withEth }) => withEth === false)
  )
    conditions.push(etherIsSent)
  return conditions
}

/** The conjuncts of one requirement, unless it speaks of the wrapped coin of a chain that has none here; undefined if it has no meaning, which is reported. */
export function lowerRequirement(
  requirement: Requirement,
  env: Env,
  context: Context,
): readonly Condition[] | 'no wrapped coin' | undefined {
  const address = wrappedCoin(context.facts.chainId)
  if (address === undefined && requirement.speaksOfWrapped) return 'no wrapped coin'
  const extra = new Map<string, Value>()
  if (address !== undefined)
    extra.set('wrapped', {
      kind: 'word',
      type: { kind: 'address' },
      operand: { kind: 'constant', constant: { kind: 'address', value: address } },
      span: requirement.condition.span,
    })
  // Its text has names and arguments of its own, and no place in the rule.
  const { source, names, inputs, condition } = requirement
  const inside: Context = { ...context, source: source.text, report: source.report, names, spans: new Map() }
  return conjuncts(condition, { ...env, effect: 'allow', inputs, extra }, inside)
}
