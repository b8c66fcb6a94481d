import { quote } from '../../diagnostic/quote.js'
import type { Condition, Sum } from '../../policy/Condition.js'
import type { Asset } from '../../policy/Units.js'
import type { Spending } from '../library.js'
import { counted, type RuleBudget } from './Budget.js'
import type { Context } from './Context.js'
import { countedSum } from './countedSum.js'
import { domainsOf, operandKey, type Domains } from './constraints.js'
import type { Callee, DraftCharge } from './Draft.js'
import type { Env } from './Env.js'
import { namer, sourceOf } from './expression.js'
import type { ResolvedPlace } from './place.js'

const once: Sum = [
  { negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind: 'number', value: 1n } }] },
]
const valueSent: Sum = [{ negative: false, scales: [], factors: [{ kind: 'environment', name: 'call.value' }] }]

/** What the library says is spent of an asset by a call to the target; `other` where it says that something else is. */
export function spendingOf(
  callee: Callee | undefined,
  asset: Asset,
  place: ResolvedPlace,
): Spending | 'unknown' | 'other' {
  // A native transfer spends ether and nothing else.
  if (callee === undefined) return asset === 'ETH' ? 'unknown' : 'other'
  const spends = callee.known?.spends ?? []
  if (spends.length === 0) return 'unknown'
  const found = spends.find((spending) => {
    if (spending.withEth !== undefined && spending.withEth !== (asset === 'ETH')) return false
    if (spending.asset === 'ETH') return asset === 'ETH'
    if (asset === 'ETH') return false
    if (spending.asset === 'target') return place.address === asset
    return spending.asset.kind !== 'token' || spending.asset.address === asset
  })
  return found ?? 'other'
}

/** The charges of one function in the author's order; undefined where an amount has no meaning, which is reported. */
export function resolveCharges(
  budgets: readonly RuleBudget[],
  where: readonly Condition[],
  callee: Callee | undefined,
  place: ResolvedPlace,
  env: Env,
  context: Context,
): readonly DraftCharge[] | undefined {
  let domains: Domains | undefined
  const charges = budgets.map((budget): DraftCharge | 'none' | undefined => {
    const { term } = budget
    if (term.kind === 'unlimited') return 'none'
    const asset = counted(term)
    const amount = asset === 'calls' ? once : amountOf(budget, asset, callee, place, env, context)
    if (amount === undefined) return undefined
    const assetChecked =
      asset === 'calls' ||
      asset === 'ETH' ||
      place.address === asset ||
      isNamed(asset, callee, (domains ??= domainsOf(where, context)))
    return term.kind === 'meter'
      ? { kind: 'meter', meter: term.meter, amount, assetChecked }
      : { kind: 'per call', asset: term.asset, limit: term.limit, amount, assetChecked }
  })
  return charges.every((charge) => charge !== undefined) ? charges.filter((charge) => charge !== 'none') : undefined
}

/** Whether a condition fixes an argument, or a part of one, to the asset: the argument that the library names, or any. */
function isNamed(asset: Asset, callee: Callee | undefined, domains: Domains): boolean {
  const known =
    callee?.known?.spends.flatMap(({ asset }) =>
      typeof asset === 'string' || asset.kind === 'token' ? [] : [asset],
    ) ?? []
  const keys = known.length > 0 ? known.map(operandKey) : [...domains.keys()]
  return keys.some((key) => {
    const { only, operand } = domains.get(key) ?? {}
    // A mask leaves bits open; lengths and sums are no tokens.
    if (operand?.kind !== 'argument' && operand?.kind !== 'slice') return false
    return only?.size === 1 && only.has(asset)
  })
}

function amountOf(
  budget: RuleBudget,
  asset: Asset,
  callee: Callee | undefined,
  place: ResolvedPlace,
  env: Env,
  context: Context,
): Sum | undefined {
  const { counting, span } = budget
  const spending = spendingOf(callee, asset, place)
  const known = asset === 'ETH' ? valueSent : typeof spending === 'string' ? undefined : spending.amount
  if (counting === undefined) {
    if (known) return known
    const text = namer(context)(asset)
    context.report({
      code: 'W083',
      severity: 'error',
      span,
      message: `${quote(callee?.name ?? 'send')} does not say how much ${quote(text)} it spends`,
      help: `add what is counted: \`budget … ${text}/day counting ${env.inputs.find((input) => input.type.kind === 'uint')?.name || 'amount'}\``,
    })
    return undefined
  }
  const amount = countedSum(counting, asset, env, context)
  if (amount === undefined || known === undefined || sameSum(amount, known)) return amount
  context.report({
    code: 'W083',
    severity: 'error',
    span: counting.span,
    message: `${quote(callee?.name ?? 'send')} spends something else than ${quote(sourceOf(counting, context))}`,
    help:
      asset === 'ETH'
        ? 'ether is spent as `call.value`: leave `counting` out'
        : 'leave `counting` out: what this function spends is known',
  })
  return undefined
}

const sameSum = (a: Sum, b: Sum): boolean => show(a) === show(b)
const show = (sum: Sum): string =>
  JSON.stringify(sum, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
