import type { Binding } from '../../policy/Binding.js'
import type { Decision } from '../../policy/Decision.js'
import type { Operation } from '../../policy/Operation.js'
import type { Policy } from '../../policy/Policy.js'
import type { State } from '../../policy/State.js'
import type { Case } from '../Attempt.js'
import type { Choices } from '../Choices.js'
import type { Reason } from '../reasons.js'

/** What a case is built from. */
export type Context = {
  readonly policy: Policy
  readonly binding: Binding
  /** Everything that can be the one reason of a denial. */
  readonly reasons: readonly Reason[]
  /** Indexes of the rules that allow. */
  readonly allows: readonly number[]
  readonly choices: Choices
  /** The session's state at this moment of the case. */
  readonly state: () => State
  /** What the definition says to an operation in that state. */
  readonly decide: (operation: Operation, now: number) => Decision
  readonly luck: Luck
}

/** How drafts fared so far: where none was ever allowed, there is no use in trying on. */
export type Luck = { failures: number; everAllowed: boolean }

/** One way to make cases. */
export type Kind = {
  readonly name: string
  /** Its share of all cases, relative to the others. */
  readonly weight: number
  /** Yields nothing where the policy gives no occasion. */
  readonly make: (context: Context) => Case
}
