import type * as fc from 'fast-check'
import { assetsIn } from '../../src/compiler/laws/usageLaws.js'
import type { Fees } from '../../src/policy/Fees.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Charge, Rule } from '../../src/policy/Rule.js'
import { buildFunctions } from './action.js'
import { buildAddress } from './address.js'
import { buildFees } from './fees.js'
import { buildMeter, buildWindow } from './meter.js'
import { buildAllow, buildDeny } from './rule.js'
import { apart, buildCommands, buildGroup } from './nested.js'
import type { RuleWorld } from './subject.js'
import { arbitrary, SIZE, type Size, type Source } from './Source.js'
import { buildTokens } from './token.js'
import type { World } from './World.js'

/** A policy; one that `check` could make, unless `wide` allows whatever the bytes can hold. */
export const buildPolicy = (source: Source, size: Size, wide = false): Policy => {
  const tokens = buildTokens(source)
  const account = buildAddress(source)
  const key = otherThan(account, buildAddress(source))
  const from = source.pick([1_700_000_000, 1_600_000_000, 1_700_000_000 + source.below(100_000_000)])
  const until = source.chance(4)
    ? 2 ** 38 - 1
    : from + source.pick([604_800, 86_400, 300, 1 + source.below(400 * 86_400)])
  const world: World = { tokens, account, key, wide }
  const meters = source.many(1, 5, () => buildMeter(source, world, until - from))
  const others = source.many(1, 3, () => otherThan(account, buildAddress(source)))
  const ruleWorld: RuleWorld = {
    ...world,
    from,
    until,
    functions: buildFunctions(source),
    commands: buildCommands(source),
    targets: [...others, ...tokens.map(({ address }) => address)],
    meters,
  }
  const distinct = apart(source.many(1, 4, () => buildGroup(source, ruleWorld, size)))
  const rules: Rule[] = source.many(1, size.rules, (index) =>
    index > 0 && source.chance(30)
      ? buildDeny(source, ruleWorld, size)
      : buildAllow(source, ruleWorld, source.pick(distinct), size),
  )
  // The fees' own meter comes last here; `exact` puts it first.
  const window = buildWindow(source, until - from)
  const limit = source.bits(source.pick(window.kind === 'rolling' ? [97, 64, 112] : [97, 64, 226]))
  const own: Meter = { counts: 'ETH', limit, window }
  const [shared, ...more] = periodEthMeters(rules, meters)
  const fees = buildFees(source, world, meters.length, more.length > 0 && !wide ? undefined : shared, size)
  const chainId = source.pick([8453, 1, 10, 2 ** 53 - 1, 424_242])
  return exact({ chainId, account, key, from, until, fees, tokens, meters: [...meters, own], rules })
}

/** Policies that `check` could make: they obey the language's laws. */
export const policies = (size: Size = SIZE.medium): fc.Arbitrary<Policy> =>
  arbitrary(size, (source) => buildPolicy(source, size, false))

/** Policies that the bytes can hold, also those that no writ says. */
export const widePolicies = (size: Size = SIZE.medium): fc.Arbitrary<Policy> =>
  arbitrary(size, (source) => buildPolicy(source, size, true))

const otherThan = (account: Address, address: Address): Address =>
  address === account ? '0x3333333333333333333333333333333333333333' : address

/** The meters of ETH per period that rules charge. */
const periodEthMeters = (rules: readonly Rule[], meters: readonly Meter[]): readonly number[] => {
  const charged = rules.flatMap(chargesOf)
  const indexes = charged.flatMap((charge) => (charge.kind === 'meter' ? [charge.meter] : []))
  return [...new Set(indexes)].filter((index) => {
    const meter = meters[index]
    return meter?.counts === 'ETH' && meter.window.kind !== 'total'
  })
}

/** The rule's own charges, then those of the rules inside it. */
const chargesOf = (rule: Rule): readonly Charge[] =>
  rule.effect === 'deny'
    ? []
    : [...rule.charges, ...(rule.nested ?? []).flatMap(({ rules }) => rules.flatMap(chargesOf))]

/** The policy with the tokens that it uses and with its meters in the order of their first use. */
const exact = (policy: Policy): Policy => {
  const used: number[] = []
  const numbered = (meter: number): number => {
    if (!used.includes(meter)) used.push(meter)
    return used.indexOf(meter)
  }
  const { paidBy } = policy.fees
  const fees: Fees = {
    ...policy.fees,
    paidBy: 'meter' in paidBy ? { ...paidBy, meter: numbered(paidBy.meter) } : paidBy,
  }
  const chargeOf = (charge: Charge): Charge =>
    charge.kind === 'meter' ? { ...charge, meter: numbered(charge.meter) } : charge
  const ruleOf = (rule: Rule): Rule => {
    if (rule.effect === 'deny') return rule
    const charges = rule.charges.map(chargeOf)
    const nested = rule.nested?.map((block): Nested => ({ ...block, rules: block.rules.map(ruleOf) }))
    return { ...rule, charges, ...(nested && { nested }) }
  }
  const rules = policy.rules.map(ruleOf)
  const meters = used.flatMap((index) => policy.meters[index] ?? [])
  const found = assetsIn({ ...policy, fees, meters, rules })
  return { ...policy, fees, meters, rules, tokens: policy.tokens.filter(({ address }) => found.has(address)) }
}
