import { getAddress } from 'viem'
import type { Policy } from '../policy/Policy.js'
import type { Asset, Decimal } from '../policy/Units.js'

/** An amount given in base units, in the asset's own unit: `0.01 ETH`, `50 gwei`, `100 USDC`, `5 base units of ODD`. Exact, never rounded. */
export function printAmount(amount: bigint, asset: Asset, policy: Policy): string {
  if (asset === 'ETH') {
    // Gas prices are read in gwei, and nobody counts sixteen zeros.
    if (amount === 0n || amount >= 10n ** 12n) return `${shift(amount, 18)} ETH`
    return amount >= 10n ** 6n ? `${shift(amount, 9)} gwei` : `${amount} wei`
  }
  const token = policy.tokens.find(({ address }) => address === asset)
  if (token === undefined || token.decimals === 'base units')
    return `${amount} base units of ${printAsset(asset, policy)}`
  return `${shift(amount, token.decimals)} ${token.symbol}`
}

/** The symbol of an asset, or of a target that is a token; its address where the policy names no token. */
export function printAsset(asset: Asset, policy: Policy): string {
  return asset === 'ETH' ? 'ETH' : (policy.tokens.find(({ address }) => address === asset)?.symbol ?? getAddress(asset))
}

/** An exact decimal number: `3000.5`. */
export function printDecimal({ digits, decimals }: Decimal): string {
  return shift(digits, decimals)
}

/** An integer; with `5e18` behind it where nobody would count the zeros, and by name the largest, which means "no limit" to many contracts. */
export function printInteger(value: bigint): string {
  if (value === 2n ** 256n - 1n) return '2^256 - 1 (the largest number there is)'
  const text = String(value)
  const zeros = /0*$/.exec(text)?.[0].length ?? 0
  return zeros >= 9 ? `${text} (${text.slice(0, -zeros)}e${zeros})` : text
}

function shift(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
