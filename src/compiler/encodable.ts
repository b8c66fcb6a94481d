import type { Policy } from '../policy/Policy.js'
import type { Asset } from '../policy/Units.js'
import { LIMIT } from './layout.js'
import { conditionsLaws } from './laws/conditionLaws.js'
import { functionsLaws } from './laws/functionLaws.js'
import type { Report } from './laws/Report.js'
import { ruleLaws } from './laws/ruleLaws.js'
import { sizeLaws } from './laws/sizeLaws.js'
import { meterLaws, tokenLaws } from './laws/tableLaws.js'
import { usageLaws } from './laws/usageLaws.js'
import type { Problem } from './Problem.js'

/** What keeps a policy from being encoded: the limits of docs/format.md that it breaks, none if `encode` and `decode` are inverse on it. */
export const encodable = (policy: Policy): readonly Problem[] => {
  const problems: Problem[] = []
  const report: Report = (message) => problems.push({ message })
  const assets = new Map<Asset, number>([['ETH', 18]])
  for (const { address, decimals } of policy.tokens) assets.set(address, decimals === 'base units' ? 0 : decimals)

  headerLaws(policy, assets, report)
  tokenLaws(policy, report)
  meterLaws(policy, assets, report)
  functionsLaws(policy, report)
  usageLaws(policy, report)
  for (const [index, rule] of policy.rules.entries()) {
    ruleLaws(rule, policy, assets, (message) => problems.push({ rule: index, message }))
  }
  return problems.length > 0 ? problems : sizeLaws(policy)
}

const headerLaws = (policy: Policy, assets: ReadonlyMap<Asset, number>, report: Report): void => {
  const { chainId, key, from, until, fees, meters, rules } = policy
  // Where no signer is recovered the answer is zero: nobody's signature would be this key's.
  if (BigInt(key) === 0n) report('the session key is the zero address')
  if (!Number.isInteger(chainId) || chainId < 1 || chainId > LIMIT.chainId) report(`${chainId} is no chain id`)
  if (!Number.isInteger(from) || from < LIMIT.fromLeast)
    report(`the policy begins at ${from}, before ${LIMIT.fromLeast}`)
  if (!Number.isInteger(until) || until >= LIMIT.untilBelow) report(`the policy ends at ${until}, not before 2^38`)
  if (from >= until) report('the policy ends before it begins')
  const { paidBy, where } = fees
  if ('by' in paidBy && BigInt(paidBy.by) === 0n) report('the sponsor is the zero address')
  if ('meter' in paidBy && meters[paidBy.meter]?.counts !== 'ETH') report('the fees are counted by no meter of ETH')
  conditionsLaws(where, { inputs: undefined, elements: [], call: false, now: false, assets }, report)
  if (rules.length > LIMIT.rules) report(`${rules.length} rules are more than ${LIMIT.rules}`)
  if (!rules.some(({ effect }) => effect === 'allow')) report('no rule allows anything')
}
