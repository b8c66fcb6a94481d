import { setTimeout as sleep } from 'node:timers/promises'
import { printMoment } from '../../explain/printDuration.js'
import { explainDecision } from '../../explain/index.js'
import type { Allowed } from '../../evaluator/index.js'
import { ChainFault } from '../ChainFault.js'
import { chooseMoment } from './chooseMoment.js'
import type { Context } from './Context.js'
import { decideAt, denied, type Question } from './decideNow.js'
import type { Snapshot } from './Snapshot.js'

/** A moment that the operation may claim, and the decision there. */
export type Inclusion = { readonly time: number; readonly decision: Allowed; readonly snapshot: Snapshot }

/**
 * Finds when the operation may be included, waiting for the next window where the session is told to. `use` runs with the answer before anything else
 * reads or reserves. Throws PolicyDeniedError, and ChainFault where the interval ends too soon, or the session cannot be put into force by the operation.
 */
export async function whenToInclude<Result>(
  context: Context,
  question: Question,
  use: (inclusion: Inclusion) => Result,
): Promise<Result> {
  const started = Date.now()
  for (;;) {
    const found = await context.exclusive(async () => {
      const snapshot = await context.read(question.own?.kind === 'nonce' ? [question.own.key] : [])
      const inclusion = choose(context, snapshot, question)
      if ('opensAt' in inclusion) return inclusion
      if (snapshot.activation !== '0x') await context.activation?.check()
      return { result: use({ ...inclusion, snapshot }) }
    })
    if ('result' in found) return found.result
    await waitABlock(context, found.opensAt, found.seconds, started)
  }
}

type Later = { readonly opensAt: number; readonly seconds: number }

/** The moment to claim, or for what to wait. */
function choose(context: Context, snapshot: Snapshot, question: Question): Omit<Inclusion, 'snapshot'> | Later {
  refuseUsedNonce(question, snapshot)
  const { leastSeconds, whenEnding, entryPoint } = context
  const choice = chooseMoment((moment) => decideAt(context, snapshot, question, moment), snapshot.time, leastSeconds)
  switch (choice.kind) {
    case 'denied':
      if (question.own?.kind === 'nonce') context.lanes.giveBack((question.own.key << 64n) | question.own.sequence)
      throw denied(context, snapshot, question, choice.denials)
    case 'now':
      return choice
    case 'ending':
      throw ending(choice.endsAt, explainDecision(context.policy, { outcome: 'deny', denials: choice.denials }))
    case 'next': {
      const { validFrom } = choice.decision
      if (whenEnding === 'next') return choice
      if (whenEnding === 'refuse') throw ending(validFrom, 'The next window allows it.')
      // EntryPoint 0.8 includes nothing in the very second in which an interval begins.
      const opensAt = entryPoint.version === '0.7' ? validFrom : validFrom + 1
      return { opensAt, seconds: opensAt - snapshot.time }
    }
    default:
      return choice satisfies never
  }
}

function refuseUsedNonce({ own }: Question, { sequences }: Snapshot): void {
  if (own?.kind !== 'nonce') return
  const next = sequences.get(own.key)
  if (next === undefined || next <= own.sequence) return
  throw new ChainFault(
    'nonce-taken',
    `the operation has the nonce ${own.sequence} of its lane, and the chain is at ${next} already`,
    'prepare the operation again, so that it takes the next nonce; another process may be using the same key',
  )
}

const ending = (endsAt: number, after: string): ChainFault =>
  new ChainFault(
    'window-ending',
    `the time in which this operation is allowed ends at ${printMoment(endsAt)}, too soon for it to be included surely. ${after.trim()}`,
    'send it when the next window has begun, or let the session account wait for it (`whenEnding: "wait"`)',
  )

/** Blocks may come late; a node whose time stands still is not waited for without end. */
const PATIENCE_SECONDS = 60

async function waitABlock({ client }: Context, opensAt: number, seconds: number, started: number): Promise<void> {
  if (Date.now() - started > (seconds + PATIENCE_SECONDS) * 1000)
    throw ending(opensAt, 'The chain has made no block of that time yet.')
  await sleep(client.pollingInterval)
}
