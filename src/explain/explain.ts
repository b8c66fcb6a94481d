import type { Policy } from '../policy/Policy.js'
import { explainFees } from './explainFees.js'
import { explainAllow, explainDeny } from './explainRule.js'
import { printAddress } from './printAddress.js'
import { printDuration, printMoment } from './printDuration.js'
import { rulesWithin } from './rulesWithin.js'
import { sharing } from './sharing.js'
import { explainWorstCase } from './worstCase.js'

/** A header field that is not given yet; the policy then holds a stand-in. */
export type OpenField = 'account' | 'key' | 'chain' | 'from'

/** Says in plain sentences what a policy lets the key do, and the worst that can come of it. Ends with a newline. */
export function explain(policy: Policy, { open = [] }: { readonly open?: readonly OpenField[] } = {}): string {
  const shared = sharing(policy)
  const rules = policy.rules.map((rule, index) => ({
    effect: rule.effect,
    lines: rule.effect === 'allow' ? explainAllow(rule, index, policy, shared) : explainDeny(rule, index, policy),
  }))
  const allows = rules.filter(({ effect }) => effect === 'allow').map(({ lines }) => indented(lines))
  const denies = rules.filter(({ effect }) => effect === 'deny').map(({ lines }) => indented(lines))
  const all = policy.rules.flatMap((rule, index) => rulesWithin(rule, `${index + 1}`))
  const noBudget = all.some(
    ({ rule }) => rule.effect === 'allow' && rule.unlimited.length === 0 && !rule.charges.some(countsAsset(policy)),
  )
  const sections = [
    header(policy, open),
    explainFees(policy, shared).join('\n'),
    tokens(policy),
    ...allows,
    ...denies,
    [
      'The worst that can happen in its whole life, as it is counted:',
      ...explainWorstCase(policy).map((line) => `  ${line}`),
      ...(noBudget ? ['  What the rules without a budget move is not in these sums.'] : []),
    ].join('\n'),
    'Everything else is denied, and so is every call to the account itself, to its session module and to the EntryPoints.',
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function header(policy: Policy, open: readonly OpenField[]): string {
  const isOpen = (field: OpenField): boolean => open.includes(field)
  const key = isOpen('key') ? 'A session key (not named yet)' : `The session key ${printAddress(policy.key)}`
  const account = isOpen('account') ? 'an account (not named yet)' : `the account ${printAddress(policy.account)}`
  const chain = isOpen('chain') ? 'a chain (not named yet)' : chainText(policy.chainId)
  const life = printDuration(policy.until - policy.from)
  const times = isOpen('from')
    ? // The stand-in is told as what it is: a writ without `from` may still name its end.
      `Its beginning is not fixed yet. If it began at ${printMoment(policy.from)}, it would end just before ${printMoment(policy.until)}, ${life} later.`
    : `From ${printMoment(policy.from)} until just before ${printMoment(policy.until)} (${life}).`
  return `${key} may act for ${account} on ${chain} as follows.\n${times}`
}

function tokens(policy: Policy): string {
  if (policy.tokens.length === 0) return ''
  const lines = policy.tokens.map(({ symbol, address, decimals }) => {
    const unit = decimals === 'base units' ? 'counted in base units' : `${decimals} decimals`
    return `  ${symbol} is ${printAddress(address)}, ${unit}.`
  })
  return ['Tokens, as the writ states them:', ...lines].join('\n')
}

function countsAsset(policy: Policy) {
  return (charge: (Policy['rules'][number] & { effect: 'allow' })['charges'][number]): boolean =>
    charge.kind === 'per call' || policy.meters[charge.meter]?.counts !== 'calls'
}

function indented([first = '', ...rest]: readonly string[]): string {
  return [first, ...rest.map((line) => `    ${line}`)].join('\n')
}

const chains: ReadonlyMap<number, string> = new Map([
  [1, 'Ethereum'],
  [10, 'OP Mainnet'],
  [100, 'Gnosis'],
  [137, 'Polygon'],
  [8453, 'Base'],
  [42161, 'Arbitrum One'],
  [11155111, 'Sepolia'],
  [84532, 'Base Sepolia'],
])

function chainText(chainId: number): string {
  const name = chains.get(chainId)
  return name === undefined ? `chain ${chainId}` : `${name} (chain ${chainId})`
}
