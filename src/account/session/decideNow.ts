import { decide, nextAllowedAt, type Decision, type Denial, type Operation } from '../../evaluator/index.js'
import { PolicyDeniedError } from '../PolicyDeniedError.js'
import type { Slot } from '../Reservations.js'
import type { Context } from './Context.js'
import type { Snapshot } from './Snapshot.js'

/** What is asked of a session: `own` is the slot that the operation takes, whose other operations can then not be included. */
export type Question = { readonly operation: Operation; readonly own?: Slot }

/** The decision at a moment (unix seconds), everything in flight counted. */
export const decideAt = (
  context: Context,
  snapshot: Snapshot,
  { operation, own }: Question,
  moment: number,
): Decision => decide(context.session, context.reservations.stateAt(snapshot, moment, own), operation, moment)

/** The earliest moment from `time` on at which the operation would be allowed if nothing else were charged until then. */
export function nextMoment(context: Context, snapshot: Snapshot, question: Question, time: number): number | undefined {
  const { session, reservations } = context
  const state = reservations.stateAt(snapshot, time, question.own)
  const found = nextAllowedAt(session, state, question.operation, time)
  if (found === undefined || found === time) return found
  // Something in flight may claim a window that begins only after `time`.
  return decideAt(context, snapshot, question, found).outcome === 'allow'
    ? found
    : nextAllowedAt(session, reservations.stateAt(snapshot, found, question.own), question.operation, found)
}

/** The denials as what is thrown. */
export const denied = (
  context: Context,
  snapshot: Snapshot,
  question: Question,
  denials: readonly Denial[],
): PolicyDeniedError =>
  new PolicyDeniedError(context.policy, denials, nextMoment(context, snapshot, question, snapshot.time))
