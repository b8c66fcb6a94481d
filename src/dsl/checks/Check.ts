import type { Writ } from '../ast.js'
import type { Context } from '../resolve/Context.js'
import type { Draft } from '../resolve/Draft.js'
import type { DraftFees } from '../resolve/fees.js'

/** What a check looks at: the writ as it was written and what its rules were found to mean. */
export type Subject = {
  readonly writ: Writ
  readonly context: Context
  readonly drafts: readonly Draft[]
  /** Undefined where the fees line is missing or wrong. */
  readonly fees: DraftFees | undefined
  /** Every part of the text was understood: what seems to be unused is unused. */
  readonly understood: boolean
}

/** One law: it reports what breaks it, to `context.report`. */
export type Check = (subject: Subject) => void
