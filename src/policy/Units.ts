import type { Address } from './Hex.js'

/** What is spent: the chain's own coin, or a token by its address. */
export type Asset = 'ETH' | Address

/** `digits / 10^decimals`; digits is not divisible by 10 unless decimals is 0. */
export type Decimal = { readonly digits: bigint; readonly decimals: number }

/** A token that the policy names, in order of declaration. Symbol: `[A-Za-z][A-Za-z0-9]{0,10}`. */
export type Token = {
  readonly symbol: string
  readonly address: Address
  /** 0 to 77, or the pinned statement that amounts are plain base units. */
  readonly decimals: number | 'base units'
}
