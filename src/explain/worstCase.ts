import type { Meter } from '../policy/Meter.js'
import type { Policy } from '../policy/Policy.js'
import type { AllowRule, Charge } from '../policy/Rule.js'
import type { Asset } from '../policy/Units.js'
import { assetOf } from './explainRule.js'
import { printAmount, printAsset } from './printAmount.js'
import { rulesWithin } from './rulesWithin.js'

/** What one asset can lose over the whole life: an upper bound, or the places (labels of rules, the fees) that nothing bounds. */
export type WorstCase = {
  readonly asset: Asset
  readonly atMost: bigint
  readonly unbounded: readonly string[]
}

/** For every asset that is spent, what can go in the whole life of the policy, as it is counted. */
export function worstCases(policy: Policy): WorstCase[] {
  const assets = new Set<Asset>()
  for (const { counts } of policy.meters) if (counts !== 'calls') assets.add(counts)
  for (const { rule } of allowRules(policy)) for (const asset of spentBy(rule, policy)) assets.add(asset)
  if (policy.fees.paidBy.kind === 'unlimited') assets.add('ETH')
  return [...assets].map((asset) => worstCase(asset, policy))
}

/** The same in sentences. */
export function explainWorstCase(policy: Policy): string[] {
  return worstCases(policy).map(({ asset, atMost, unbounded }) => {
    const unlimited = new Set(
      allowRules(policy).flatMap(({ rule, label }) => (rule.unlimited.includes(asset) ? [label] : [])),
    )
    const declared = unbounded.filter((place) => place === 'fees' || unlimited.has(place))
    if (declared.length > 0)
      return `${printAsset(asset, policy)}: UNLIMITED, by ${declared.map(printPlace).join(', ')}.`
    if (unbounded.length > 0)
      return `${printAsset(asset, policy)}: no limit in all, since ${unbounded.map(printPlace).join(', ')} is limited only call by call.`
    const fees = asset === 'ETH' && 'meter' in policy.fees.paidBy ? ', fees included' : ''
    return `${printAsset(asset, policy)}: at most ${printAmount(atMost, asset, policy)}${fees}.`
  })
}

function printPlace(place: string): string {
  return place === 'fees' ? 'the fees' : `rule [${place}]`
}

/**
 * Every amount that a rule counts is put down to the bound that is tightest for it; a meter that several are put down to counts once, and one
 * that counts already is taken first. INVARIANT:
 * what is counted never passes any of its bounds, so the sum is an upper bound.
 */
function worstCase(asset: Asset, policy: Policy): WorstCase {
  const meters = new Set<number>()
  const unbounded = new Set<string>()
  let byCalls = 0n
  const { paidBy } = policy.fees
  if (asset === 'ETH' && 'meter' in paidBy) meters.add(paidBy.meter)
  if (asset === 'ETH' && paidBy.kind === 'unlimited') unbounded.add('fees')

  for (const { rule, label } of allowRules(policy)) {
    if (rule.unlimited.includes(asset)) unbounded.add(label)
    const calls = callsTotal(rule, policy)
    for (const charges of alike(rule.charges.filter((charge) => assetOf(charge, policy) === asset))) {
      const bounds = charges.flatMap((charge) => boundsOf(charge, calls, policy)).sort(byTotal)
      const tightest = bounds.find(({ meter }) => meter !== undefined && meters.has(meter)) ?? bounds[0]
      if (tightest === undefined) unbounded.add(label)
      else if (tightest.meter === undefined) byCalls += tightest.total
      else meters.add(tightest.meter)
    }
  }
  const metered = [...meters].reduce((sum, index) => {
    const meter = policy.meters[index]
    return sum + (meter ? lifeTotal(meter, policy) : 0n)
  }, 0n)
  return { asset, atMost: metered + byCalls, unbounded: [...unbounded] }
}

type Bound = { readonly meter?: number; readonly total: bigint }

/** What a charge lets through in the whole life: a limit a call bounds it only together with a limit of calls. */
function boundsOf(charge: Charge, calls: bigint | undefined, policy: Policy): Bound[] {
  if (charge.kind === 'per call') return calls === undefined ? [] : [{ total: charge.limit * calls }]
  const meter = policy.meters[charge.meter]
  return meter ? [{ meter: charge.meter, total: lifeTotal(meter, policy) }] : []
}

/** Charges that count the same, together: two different amounts of one asset may both go. */
function alike(charges: readonly Charge[]): Charge[][] {
  const groups = new Map<string, Charge[]>()
  for (const charge of charges) {
    const counted = JSON.stringify(charge.amount, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
    groups.set(counted, [...(groups.get(counted) ?? []), charge])
  }
  return [...groups.values()]
}

/** How often the rule can be used; undefined if nothing limits it. */
function callsTotal(rule: AllowRule, policy: Policy): bigint | undefined {
  const totals = rule.charges.flatMap((charge) => {
    const meter = charge.kind === 'meter' ? policy.meters[charge.meter] : undefined
    return meter?.counts === 'calls' ? [lifeTotal(meter, policy)] : []
  })
  return totals.length === 0 ? undefined : totals.reduce((a, b) => (a < b ? a : b))
}

/** What a meter lets through from beginning to end: its limit in each of its windows; where it rolls, in each nine eighths of its period. */
function lifeTotal({ limit, window }: Meter, policy: Policy): bigint {
  if (window.kind === 'total') return limit
  const life = policy.until - policy.from
  if (window.kind === 'period') return limit * BigInt(Math.ceil(life / window.seconds))
  const eighths = Math.ceil(life / (window.seconds / 8))
  return limit * BigInt(Math.ceil(eighths / 9))
}

function spentBy(rule: AllowRule, policy: Policy): Asset[] {
  const charged = rule.charges.flatMap((charge) => {
    const asset = assetOf(charge, policy)
    return asset === undefined || asset === 'calls' ? [] : [asset]
  })
  return [...charged, ...rule.unlimited]
}

/** Every allow rule, those about carried calls too: each of these calls counts on its own, however many one call carries. */
function allowRules(policy: Policy): { readonly rule: AllowRule; readonly label: string }[] {
  return policy.rules
    .flatMap((rule, index) => rulesWithin(rule, `${index + 1}`))
    .flatMap(({ rule, label }) => (rule.effect === 'allow' ? [{ rule, label }] : []))
}

function byTotal(a: Bound, b: Bound): number {
  return a.total < b.total ? -1 : a.total > b.total ? 1 : 0
}
