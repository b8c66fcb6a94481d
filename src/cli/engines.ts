import { encode } from '../compiler/encode.js'
import { decide as evaluate, initialState, load } from '../evaluator/index.js'
import type { DecidedBy, EngineName } from './engineNames.js'
import type { Binding } from '../policy/Binding.js'
import type { Decision } from '../policy/Decision.js'
import type { Denial } from '../policy/Denial.js'
import type { Operation } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import { decide as define } from '../semantics/decide.js'

export type { EngineName }

/** What one reading answers; a denial has its reasons. */
export type Answer = {
  readonly engine: DecidedBy
  readonly outcome: Decision['outcome']
  readonly denials: readonly Denial[]
}

/** A reading that carries the session's state from one operation to the next. */
export type Engine = {
  readonly decide: (operation: Operation, now: number) => Promise<Answer>
  /** Leaves what the reading used as it was found. */
  readonly close?: () => Promise<void>
}

/** Opens readings of one policy, each with a state of its own: granted, nothing spent. */
export const openEngines = (names: readonly EngineName[], policy: Policy, binding: Binding): Promise<Engine[]> =>
  Promise.all(names.map((name) => openers[name](policy, binding)))

const openers: Record<EngineName, (policy: Policy, binding: Binding) => Promise<Engine>> = {
  evaluator: async (policy, binding) => {
    const session = load(encode(policy, binding))
    return stateful('evaluator', initialState(session), (state, operation, now) =>
      evaluate(session, state, operation, now),
    )
  },
  reference: async (policy, binding) => {
    const meters = policy.meters.map(() => ({ window: 0, spent: 0n }))
    return stateful('reference', { status: 'active', meters }, (state, operation, now) =>
      define(policy, binding, state, operation, now),
    )
  },
  module: async (policy, binding) => {
    // The embedded EVM takes a while to load: only who asks for it waits.
    const { createModuleEngine, moduleDecide } = await import('../evm/moduleEngine.js')
    const engine = await createModuleEngine(policy, binding)
    return {
      decide: async (operation, now) => {
        const { outcome, denials } = await moduleDecide(engine, operation, now)
        return { engine: 'module', outcome, denials }
      },
    }
  },
}

const stateful = (
  engine: EngineName,
  initial: State,
  decide: (state: State, operation: Operation, now: number) => Decision,
): Engine => {
  let state = initial
  return {
    decide: async (operation, now) => {
      const decision = decide(state, operation, now)
      if (decision.outcome === 'deny') return { engine, outcome: 'deny', denials: decision.denials }
      state = decision.state
      return { engine, outcome: 'allow', denials: [] }
    },
  }
}
