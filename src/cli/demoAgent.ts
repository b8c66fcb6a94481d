import { isDeepStrictEqual } from 'node:util'
import type { LocalAccount } from 'viem'
import { decide, initialState, load, root, witness, type Session } from '../evaluator/index.js'
import { executeCalldata } from '../evm/accountCalldata.js'
import type { OperationResult } from '../evm/handleOps.js'
import { readSession } from '../evm/sessionStorage.js'
import type { Stage } from '../evm/Stage.js'
import { printAmount } from '../explain/printAmount.js'
import type { Decision } from '../policy/Decision.js'
import type { Hex } from '../policy/Hex.js'
import type { Call, OperationFees } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import type { Narrator } from './demoNarrator.js'

/** The agent of the demo: it asks the evaluator, and sends its operation whatever the answer is, as a tricked agent would. */
export class Agent {
  readonly #session: Session
  #state: State

  constructor(
    private readonly stage: Stage,
    private readonly told: Narrator,
    private readonly policy: Policy,
    grant: Hex,
    private readonly key: LocalAccount,
    private readonly fees: OperationFees,
  ) {
    this.#session = load(grant)
    this.#state = initialState(this.#session)
  }

  /** The agent learns that its session was ended. */
  isRevoked(): void {
    this.#state = { ...this.#state, status: 'killed' }
  }

  /** Tries one call; the evaluator must answer as expected, and the chain as the evaluator. */
  async does(expected: Decision['outcome'], what: string, why: string, call: Call): Promise<void> {
    const { told, fees, stage } = this
    const callData = executeCalldata([call])
    const { time } = stage.evm
    const decision = decide(this.#session, this.#state, { callData, fees }, time)
    told.expect(decision.outcome === expected, `the evaluator should ${expected}: ${what}`)
    const proof = witness(this.#session, { time, rules: rulesFor(decision, this.policy) })
    const result = await stage.send(await stage.signedByAgent(this.key, { callData, fees }, proof))
    told.expect(agrees(decision, result), `chain and evaluator differ: ${what}`)
    if (decision.outcome === 'allow') this.#state = decision.state
    // What was allowed is counted on the chain as the evaluator counted it, and what was refused has changed nothing.
    told.expect(
      isDeepStrictEqual(await this.#stateOnChain(), this.#state),
      `chain and evaluator count differently: ${what}`,
    )
    told.operation({ outcome: expected, what, why, evaluator: wordsOf(this.policy, decision), chain: wordOf(result) })
  }

  #stateOnChain(): Promise<State> {
    const { account, meters } = this.policy
    const { module, tag } = this.#session
    return readSession(this.stage.evm, { module, account, root: root(this.#session), tag, meters })
  }
}

/** The rule that allows the call; for a denied one, the rule that comes nearest, which is what an attacker would name. */
function rulesFor(decision: Decision, policy: Policy): readonly number[] {
  if (decision.outcome === 'allow') return decision.rules
  const [denial] = decision.denials
  return [denial?.rule ?? policy.rules.findIndex(({ effect }) => effect === 'allow')]
}

function agrees(decision: Decision, result: OperationResult): boolean {
  if (decision.outcome === 'allow') return result.kind === 'included' && result.success
  return result.kind === 'refused' && decision.denials.some(({ code }) => code === result.error?.code)
}

/** The decision in a few words. */
function wordsOf(policy: Policy, decision: Decision): string {
  if (decision.outcome === 'deny') return `deny, ${[...new Set(decision.denials.map(({ code }) => code))].join(', ')}`
  const left = decision.charges.flatMap(({ meter: index }) => {
    const meter = policy.meters[index]
    if (!meter || meter.counts === 'calls' || meter.counts === 'ETH') return []
    const rest = meter.limit - (decision.state.meters[index]?.spent ?? 0n)
    return [`, ${printAmount(rest, meter.counts, policy)} left to pay`]
  })
  return `allow, by rule ${decision.rules.map((rule) => rule + 1).join(' and ')}${left.join('')}`
}

function wordOf(result: OperationResult): string {
  if (result.kind === 'included') return result.success ? 'included and run' : 'included, but the call failed'
  const { error, reason } = result
  return error ? `refused in validation with ${error.name}, nothing changed` : `refused, ${reason}`
}
