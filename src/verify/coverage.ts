import type { Binding } from '../policy/Binding.js'
import type { Decision } from '../policy/Decision.js'
import type { DenialCode } from '../policy/Denial.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import type { Attempt } from './Attempt.js'
import { touches } from './goals.js'
import type { Reason } from './reasons.js'

/** What an off-chain reading decides. */
export type Decide = (
  policy: Policy,
  binding: Binding,
  state: State,
  operation: Attempt['operation'],
  now: number,
) => Decision

/** Trials after which a reason that never decided alone is looked at no more, except where a case was made for it. */
const PATIENCE = 200

/** Denials that a reason of each kind shows itself by. */
const shows = (reason: Reason, codes: ReadonlySet<DenialCode>): boolean =>
  codes.has(reason.code) ||
  (reason.kind === 'meter' && (codes.has('meter-exceeded') || codes.has('fee-exceeded'))) ||
  // A deny speaks of calls inside others too.
  (reason.kind === 'deny' && codes.has('nested-call-denied'))

/** Which parts of a policy have been the one reason of a denial: without them, the definition allows the same operation. */
export class Coverage {
  readonly #policy: Policy
  readonly #binding: Binding
  readonly #decide: Decide
  readonly #open: Map<Reason, number>

  constructor(policy: Policy, binding: Binding, reasons: readonly Reason[], decide: Decide) {
    this.#policy = policy
    this.#binding = binding
    this.#decide = decide
    this.#open = new Map(reasons.map((reason) => [reason, 0]))
  }

  /** Those that have not been yet, in order. */
  get unreached(): readonly Reason[] {
    return [...this.#open.keys()]
  }

  has(reason: Reason): boolean {
    return !this.#open.has(reason)
  }

  /** Learns from an attempt what the definition decided about it, in the state before it. */
  note(attempt: Attempt, state: State, decision: Decision, madeFor?: Reason): void {
    if (state.status !== 'active' || attempt.trick) return
    const codes = new Set(decision.outcome === 'deny' ? decision.denials.map(({ code }) => code) : [])
    for (const [reason, tries] of this.#open) {
      if (reason !== madeFor && tries > PATIENCE) continue
      if (reason.allows ? decision.outcome === 'deny' : !shows(reason, codes)) continue
      if (!this.#speaksOf(reason, attempt, decision)) continue
      this.#open.set(reason, tries + 1)
      if (this.#decides(reason, attempt, state)) this.#open.delete(reason)
    }
  }

  #speaksOf({ rule: index, allows }: Reason, attempt: Attempt, decision: Decision): boolean {
    if (index === undefined) return true
    const rule = this.#policy.rules[index]
    if (rule === undefined) return false
    if (rule.effect === 'allow')
      return (
        decision.outcome === 'deny' &&
        decision.denials.some((denial) => denial.rule === undefined || denial.rule === index)
      )
    const used = allows && decision.outcome === 'allow' ? decision.rules : attempt.rules
    return used.some((each) => {
      const allow = this.#policy.rules[each]
      return allow?.effect === 'allow' && touches(rule, allow)
    })
  }

  #decides({ without, allows }: Reason, { operation, now, single }: Attempt, state: State): boolean {
    // Without `from` the windows would be others: there, one second past an allowed operation has to do.
    if (without === undefined) return single
    const other = this.#decide(without(), this.#binding, state, operation, now)
    return (other.outcome === 'allow') !== allows
  }
}
