import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import { decide as evaluate, load, root as rootByEvaluator, type Session, witness } from '../evaluator/index.js'
import type { Binding } from '../policy/Binding.js'
import type { Decision } from '../policy/Decision.js'
import type { Hex } from '../policy/Hex.js'
import type { Operation } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import { decide as define } from '../semantics/decide.js'
import type { Luck } from './cases/Kind.js'
import { Chain, type Observe, SetupError } from './Chain.js'
import { Coverage, type Decide } from './coverage.js'
import { Disagree } from './Disagreement.js'
import { type Reason, reasonsOf } from './reasons.js'
import { Tally } from './Tally.js'
import { WitnessMaker } from './witness.js'

/** The two readings off the chain; tests put broken ones in their place. */
export type Readings = {
  readonly reference: Decide
  readonly evaluator: (session: Session, state: State, operation: Operation, now: number) => Decision
}

/** What decides unless somebody wants something else. */
export const trueReadings: Readings = { reference: define, evaluator: evaluate }

export type BenchOptions = {
  readonly moduleCode: Hex
  readonly readings?: Partial<Readings>
  readonly observe?: Observe
}

/** One policy with all that judges it. */
export type Bench = {
  readonly policy: Policy
  readonly binding: Binding
  readonly reasons: readonly Reason[]
  /** Indexes of the rules that allow. */
  readonly allows: readonly number[]
  readonly reference: (state: State, operation: Operation, now: number, policy?: Policy) => Decision
  readonly evaluator: (state: State, operation: Operation, now: number) => Decision
  /** The witness as an agent would make it. */
  readonly witness: (time: number, rules: readonly number[]) => Hex
  readonly maker: WitnessMaker
  readonly chain: Chain
  readonly coverage: Coverage
  readonly tally: Tally
  readonly luck: Luck
}

const setup = (what: string): Disagree => new Disagree({ kind: 'grant', note: 'before any operation', what, steps: [] })

/** Sets the three readings up; throws Disagree where they do not agree about the grant itself. */
export const openBench = async (policy: Policy, binding: Binding, options: BenchOptions): Promise<Bench> => {
  const readings = { ...trueReadings, ...options.readings }
  const grant = encode(policy, binding)
  const root = rootOf(grant)
  const session = load(grant)
  if (rootByEvaluator(session) !== root)
    throw setup(`the compiler's root is ${root}, the evaluator's ${rootByEvaluator(session)}`)
  const { moduleCode, observe } = options
  const chain = await Chain.create({ policy, binding, grant, root, moduleCode, ...(observe && { observe }) }).catch(
    (error: unknown) => {
      throw error instanceof SetupError ? setup(error.message) : error
    },
  )
  const reasons = [...reasonsOf(policy)]
  return {
    policy,
    binding,
    reasons,
    allows: policy.rules.flatMap(({ effect }, index) => (effect === 'allow' ? [index] : [])),
    reference: (state, operation, now, other = policy) => readings.reference(other, binding, state, operation, now),
    evaluator: (state, operation, now) => readings.evaluator(session, state, operation, now),
    witness: (time, rules) => witness(session, { time, rules }),
    maker: new WitnessMaker(grant, policy),
    chain,
    coverage: new Coverage(policy, binding, reasons, readings.reference),
    tally: new Tally(),
    luck: { failures: 0, everAllowed: false },
  }
}
