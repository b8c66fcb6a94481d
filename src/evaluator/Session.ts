import type { Asset } from '../policy/Units.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Targets } from './Candidates.js'
import type { Condition } from './Condition.js'
import type { MeterEntry } from './MeterEntry.js'
import type { AllowRule, Rule } from './Rule.js'

/** A grant that was read and found sound; what is written here in plain words may be read by anyone, the rest serves deciding. */
export type Session = {
  readonly chainId: number
  readonly module: Address
  readonly account: Address
  readonly entityId: number
  readonly tag: Hex
  readonly key: Address
  /** Unix seconds, inclusive. */
  readonly from: number
  /** Unix seconds, exclusive. */
  readonly until: number
  /** What each meter counts, and its limit in base units or calls. */
  readonly meters: readonly { readonly counts: Asset | 'calls'; readonly limit: bigint }[]
  /** How many rules there are, denies included. */
  readonly ruleCount: number
  readonly internal: Internal
}

export type Internal = {
  readonly bytes: Uint8Array
  /** Where the header stands. */
  readonly header: readonly [start: number, end: number]
  readonly fees: FeesEntry
  readonly meters: readonly MeterEntry[]
  readonly rules: readonly Rule[]
  readonly allows: readonly AllowRule[]
  /** Without the forbidden targets, whatever rules the grant has for them. */
  readonly targets: Targets
  /** Targets that nothing can allow, 40 digits each. */
  readonly forbidden: ReadonlySet<string>
}

export type FeesEntry = {
  /** One of PAID_BY. */
  readonly paidBy: number
  /** 40 digits, '' where nobody sponsors. */
  readonly sponsor: string
  readonly where: readonly Condition[]
}
