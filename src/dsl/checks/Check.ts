import type { Writ } from '../ast.js'
import type { Context } from '../resolve/Context.js'
import type { Draft } from '../resolve/Draft.js'
import type { DraftFees } from '../resolve/fees.js'

/** What a check looks at: the writ as it was written and what its rules were found to mean. */
export type Subject = {
  readonly writ: Writ
  readonly context: Context
  /** The rules of the writ itself, without those inside their blocks. */
  readonly top: readonly Draft[]
  /** All of them, a rule before those inside it: a law that speaks of single rules holds at any depth. */
  readonly drafts: readonly Draft[]
  /** Undefined where the fees line is missing or wrong. */
  readonly fees: DraftFees | undefined
  /** Every part of the text was understood: what seems to be unused is unused. */
  readonly understood: boolean
}

/** One law: it reports what breaks it, to `context.report`. */
export type Check = (subject: Subject) => void
