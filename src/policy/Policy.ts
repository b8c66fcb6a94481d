import type { Fees } from './Fees.js'
import type { Address } from './Hex.js'
import type { Meter } from './Meter.js'
import type { Rule } from './Rule.js'
import type { Token } from './Units.js'

/**
 * The checked meaning of a writ. Only `check` and `decode` make one, so everything that takes one trusts it.
 * INVARIANT: `tokens` holds exactly what is used (as asset, target, price or address constant), in order of declaration;
 * `meters` are in order of first use: the fees' first, then the rules' charges; at least one rule allows.
 */
export type Policy = {
  /** EIP-155 chain id, 1 to 2^53 - 1. */
  readonly chainId: number
  readonly account: Address
  /** The session key's address. */
  readonly key: Address
  /** Unix seconds, inclusive; 1_600_000_000 or later. */
  readonly from: number
  /** Unix seconds, exclusive; below 2^38. */
  readonly until: number
  readonly fees: Fees
  readonly tokens: readonly Token[]
  readonly meters: readonly Meter[]
  readonly rules: readonly Rule[]
}
