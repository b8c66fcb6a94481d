import { keccak256 } from 'viem'
import type { Decision } from '../policy/Decision.js'
import type { Operation } from '../policy/Operation.js'
import type { State } from '../policy/State.js'
import type { Action } from './Attempt.js'
import type { Bench } from './Bench.js'
import type { Kind } from './cases/Kind.js'
import type { Choices } from './Choices.js'
import { decisionDifference } from './compare.js'
import { SetupError } from './Chain.js'
import { Disagree, type DisagreementStep } from './Disagreement.js'
import { judgeOnChain } from './judgeOnChain.js'
import type { Reason } from './reasons.js'

const stepOf = (action: Action): DisagreementStep => {
  if (action.kind !== 'operation') return action
  const { kind, note, now, operation } = action
  return { kind, note, now, operation }
}

const nothing: Decision = { outcome: 'deny', denials: [] }

/**
 * Runs one case on all three readings, from a fresh session on; throws Disagree at the first difference.
 * `madeFor`: the reason whose coverage the case is to show.
 */
export const runCase = async (bench: Bench, kind: Kind, choices: Choices, madeFor?: Reason): Promise<void> => {
  const { policy, binding, reasons, allows, chain, coverage, tally } = bench
  const steps: DisagreementStep[] = []
  let state: State = { status: 'active', meters: policy.meters.map(() => ({ window: 0, spent: 0n })) }
  // A kind that asked about an operation mostly yields it next: what the definition said of it in this state is remembered.
  const asked = new Map<Operation, { readonly state: State; readonly now: number; readonly decision: Decision }>()
  const define = (operation: Operation, now: number): Decision => {
    const known = asked.get(operation)
    if (known?.state === state && known.now === now) return known.decision
    const decision = bench.reference(state, operation, now)
    asked.set(operation, { state, now, decision })
    return decision
  }
  chain.begin()
  const made = kind.make({
    policy,
    binding,
    reasons,
    allows,
    choices,
    luck: bench.luck,
    state: () => state,
    decide: define,
  })
  let reply: Decision = nothing
  for (let next = made.next(reply); !next.done; next = made.next(reply)) {
    const action = next.value
    steps.push(stepOf(action))
    reply = nothing
    if (action.kind === 'meters') {
      await chain.preset(action.meters)
      state = { ...state, meters: action.meters }
      continue
    }
    if (action.kind === 'carried') {
      const refused = await chain.carry().then(
        () => undefined,
        (error: unknown) => (error instanceof SetupError ? error.message : Promise.reject(error as Error)),
      )
      if (refused !== undefined)
        throw new Disagree({ kind: kind.name, note: 'before the first operation', what: refused, steps })
      continue
    }
    if (action.kind === 'ending') {
      const ended = await chain.end(action.by)
      const what = await chain.settle(ended, { kind: 'success' })
      if (what !== undefined)
        throw new Disagree({ kind: kind.name, note: `the account calls ${action.by}`, what, steps })
      state = { ...state, status: action.by === 'revoke' ? 'revoked' : 'killed' }
      continue
    }
    const { operation, now, note } = action
    const reference = define(operation, now)
    const evaluator = bench.evaluator(state, operation, now)
    const facts = { kind: kind.name, note, steps, state, reference, evaluator }
    const difference = decisionDifference(reference, evaluator)
    if (difference !== undefined) throw new Disagree({ ...facts, what: difference })
    const userOpHash = keccak256(operation.callData.length > 2 ? operation.callData : '0x00')
    const verdict = await judgeOnChain(bench, { attempt: action, state, reference, evaluator, userOpHash })
    if (verdict.kind === 'no such trick') continue
    if (verdict.kind === 'difference') throw new Disagree({ ...facts, ...verdict.facts, what: verdict.what })
    tally.note(kind.name, verdict.allowed, action.single)
    if (!tally.frozen) coverage.note(action, state, reference, madeFor)
    if (verdict.state !== undefined) state = verdict.state
    reply = reference
  }
}
