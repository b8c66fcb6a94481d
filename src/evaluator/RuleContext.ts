import type { FunctionShape } from './FunctionShape.js'
import type { MeterEntry } from './MeterEntry.js'
import type { MeterCharge } from './Rule.js'
import type { Tables } from './Tables.js'
import type { Times } from './Times.js'

/** What rules refer to. */
export type RuleContext = {
  readonly tables: Tables
  readonly life: Times
  readonly functions: readonly FunctionShape[]
  readonly meters: readonly MeterEntry[]
  /** Types of the commands met, by target and command. */
  readonly commands: Map<string, string>
  /** Targets that nothing can allow, 40 digits each. */
  readonly forbidden: ReadonlySet<string>
  /** How many functions and meters were met: they stand in order of first use. */
  functionsUsed: number
  metersUsed: number
  /** Charges of the rule before. */
  chargesBefore: readonly MeterCharge[]
}
