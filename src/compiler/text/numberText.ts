import type { Decimal, Token } from '../../policy/Units.js'
import type { Asset } from '../../policy/Units.js'

/** A decimal as text: no exponent, no zero that says nothing. */
export const decimalText = ({ digits, decimals }: Decimal): string => {
  if (decimals === 0) return digits.toString()
  const text = digits.toString().padStart(decimals + 1, '0')
  const whole = text.slice(0, -decimals)
  const fraction = text.slice(-decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** What an asset is called: `ETH`, or the symbol of one of the policy's tokens. */
export const assetText = (asset: Asset, tokens: readonly Token[]): string =>
  asset === 'ETH' ? 'ETH' : (tokenOf(asset, tokens)?.symbol ?? asset)

/** The token of an address. */
export const tokenOf = (address: string, tokens: readonly Token[]): Token | undefined =>
  tokens.find((token) => token.address === address)

/** An amount of base units in the asset's own unit: `1.5 ETH`, `100 USDC`, `1000 units ODD`. */
export const amountText = (value: bigint, asset: Asset, tokens: readonly Token[]): string => {
  const decimals = asset === 'ETH' ? 18 : (tokenOf(asset, tokens)?.decimals ?? 'base units')
  const name = assetText(asset, tokens)
  return decimals === 'base units' ? `${value} units ${name}` : `${decimalText({ digits: value, decimals })} ${name}`
}
