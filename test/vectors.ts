import type { Binding } from '../src/policy/Binding.js'
import type { Decision } from '../src/policy/Decision.js'
import type { DenialCode } from '../src/policy/Denial.js'
import type { Operation } from '../src/policy/Operation.js'
import type { Policy } from '../src/policy/Policy.js'
import type { State } from '../src/policy/State.js'
import { encode } from '../src/compiler/encode.js'
import * as evaluator from '../src/evaluator/index.js'
import { createModuleEngine, moduleDecide } from '../src/evm/moduleEngine.js'
import { decide } from '../src/semantics/decide.js'

/** A session and what happens to it; `policies/vectors/*.json` hold lists of these, with every bigint as decimal text. */
export type Vector = {
  readonly description: string
  readonly policy: Policy
  readonly binding: Binding
  readonly steps: readonly VectorStep[]
}

/** One operation. Denied steps change nothing; time may run backwards. */
export type VectorStep = {
  readonly why: string
  readonly now: number
  readonly operation: Operation
  readonly expect: {
    readonly outcome: 'allow' | 'deny'
    /** Every reason, one for each rule that is asked. */
    readonly codes?: readonly DenialCode[]
    /** `[validFrom, validUntil)`. */
    readonly interval?: readonly [number, number]
  }
}

/** What an engine answers. */
export type Answer =
  /** The chain tells no interval on the runtime path. */
  | { readonly outcome: 'allow'; readonly interval?: readonly [number, number] }
  | { readonly outcome: 'deny'; readonly codes: readonly DenialCode[] }

/** One of the readings; `open` starts an active session that has spent nothing and returns its decider, which carries the meters forward. */
export type Engine = {
  readonly name: string
  /** The chain stops at the first reason. */
  readonly tells: 'every reason' | 'one reason'
  readonly open: (policy: Policy, binding: Binding) => Promise<Decider> | Decider
}

export type Decider = (operation: Operation, now: number) => Promise<Answer> | Answer

/** The definition. */
export const referenceEngine: Engine = {
  name: 'reference',
  tells: 'every reason',
  open: (policy, binding) => {
    const fresh: State = { status: 'active', meters: policy.meters.map(() => ({ window: 0, spent: 0n })) }
    return carrying(fresh, (state, operation, now) => decide(policy, binding, state, operation, now))
  },
}

/** What agents embed: it decides from the compiled bytes. */
export const evaluatorEngine: Engine = {
  name: 'evaluator',
  tells: 'every reason',
  open: (policy, binding) => {
    const session = evaluator.load(encode(policy, binding))
    const fresh: State = { ...evaluator.initialState(session), status: 'active' }
    return carrying(fresh, (state, operation, now) => evaluator.decide(session, state, operation, now))
  },
}

/** What the chain enforces: the module's bytecode in the embedded EVM, called as the account would. */
export const moduleEngine: Engine = moduleReading('module', true)

/** The same behind the account for tests, called as the EntryPoint would. */
export const accountEngine: Engine = moduleReading('module behind an account', false)

function moduleReading(name: string, direct: boolean): Engine {
  return {
    name,
    tells: 'one reason',
    open: async (policy, binding) => {
      const engine = await createModuleEngine(policy, binding, { direct })
      return async (operation, now) => {
        const answer = await moduleDecide(engine, operation, now)
        if (answer.outcome === 'deny') return { outcome: 'deny', codes: answer.denials.map(({ code }) => code) }
        return operation.fees
          ? { outcome: 'allow', interval: [answer.validFrom, answer.validUntil] }
          : { outcome: 'allow' }
      }
    },
  }
}

/** A decider that keeps the state that a decision leaves. */
export const carrying = (
  first: State,
  decideFrom: (state: State, operation: Operation, now: number) => Decision,
): Decider => {
  let state = first
  return (operation, now) => {
    const decision = decideFrom(state, operation, now)
    if (decision.outcome === 'deny') return { outcome: 'deny', codes: decision.denials.map(({ code }) => code) }
    state = decision.state
    return { outcome: 'allow', interval: [decision.validFrom, decision.validUntil] }
  }
}
