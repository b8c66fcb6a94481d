import * as fc from 'fast-check'
import { encode } from '../compiler/encode.js'
import { contractArtifact } from '../evm/artifacts.js'
import type { Binding } from '../policy/Binding.js'
import type { Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { judgeAuthority } from './authority.js'
import { type Bench, type BenchOptions, openBench, type Readings } from './Bench.js'
import type { Kind } from './cases/Kind.js'
import { judgeChangedGrants } from './changedGrants.js'
import type { Observe } from './Chain.js'
import { choicesArbitrary } from './choicesArbitrary.js'
import { Disagree, type Disagreement } from './Disagreement.js'
import { directedAt } from './directed.js'
import { kinds } from './kinds.js'
import { wild } from './cases/wild.js'
import { allowed } from './cases/allowed.js'
import { judgeMalformedCalls } from './malformedCalls.js'
import { ownCopy } from './ownCopy.js'
import type { Reason } from './reasons.js'
import { twinsOf } from './twins.js'
import type { NotReached, Report } from './Report.js'
import { runCase } from './runCase.js'

export type VerifyOptions = {
  /** How many operations at least; 2,000 when left out. */
  readonly cases?: number
  /** Repeats a run; chosen by the clock when left out. */
  readonly seed?: number
  /** Runtime code to judge in place of the shipped module's. */
  readonly moduleCode?: Hex
  /** Told now and then how many operations were decided. */
  readonly onProgress?: (cases: number) => void
  /** Changed policies whose grants are put to the module; one for each 50 cases when left out. */
  readonly variants?: number | 'all'
  /** The kinds of cases to run; all when left out. */
  readonly kinds?: readonly Kind[]
  /** Readings in place of the true ones, to see the gate fail. */
  readonly readings?: Partial<Readings>
  /** Told of each chain that cases are run on. */
  readonly observe?: Observe
}

const CASES = 2000
/** Cases made for one part of the policy before it is given up. */
const TRIES = 16
/** Runs in a row that yield nothing before a kind is taken to have no occasion in this policy. */
const PATIENCE = 20

/** Cases tried to make a counterexample smaller. */
const SHRINKS = 500

/** Seeds of the kinds must differ, or all would see the same choices. */
const seedFor = (seed: number, index: number): number => (seed + Math.imul(index + 1, 0x9e3779b9)) | 0

/** Runs cases of one kind until `enough`; the shrunk disagreement, if there is one. */
const runUntil = async (
  bench: Bench,
  kind: Kind,
  options: {
    readonly seed: number
    readonly runs: number
    readonly madeFor?: Reason
    readonly enough: () => boolean
    readonly onCase: () => void
  },
): Promise<Disagreement | undefined> => {
  const { tally } = bench
  let shrinks = 0
  let smallest: Disagreement | undefined
  const property = fc.asyncProperty(choicesArbitrary(), async (choices) => {
    if (tally.frozen ? (shrinks += 1) > SHRINKS : options.enough()) return
    try {
      await runCase(bench, kind, choices, options.madeFor)
    } catch (error) {
      if (!(error instanceof Disagree)) throw error
      tally.frozen = true
      smallest = error.facts
      throw error
    }
    options.onCase()
  })
  const details = await fc.check(property, { seed: options.seed, numRuns: options.runs })
  if (!details.failed) return undefined
  // Each failure that shrinking comes to is simpler than the one before it.
  if (smallest === undefined || !(details.errorInstance instanceof Disagree)) throw details.errorInstance
  return smallest
}

/** Runs one kind until it has decided so many operations more. */
const runKind = (
  bench: Bench,
  kind: Kind,
  quota: number,
  seed: number,
  onCase: () => void,
): Promise<Disagreement | undefined> => {
  const { tally } = bench
  const goal = tally.of(kind.name) + quota
  let barren = 0
  let before = tally.cases
  return runUntil(bench, kind, {
    seed,
    // A case may yield nothing.
    runs: 4 * quota + PATIENCE,
    enough: () => tally.of(kind.name) >= goal || barren >= PATIENCE,
    onCase: () => {
      barren = tally.cases === before ? barren + 1 : 0
      before = tally.cases
      onCase()
    },
  })
}

/** Makes cases for what was not reached by chance; what cannot be reached is named. */
const runDirected = async (
  bench: Bench,
  seed: number,
  budget: number,
  onCase: () => void,
): Promise<{ readonly notReached: readonly NotReached[]; readonly disagreement?: Disagreement }> => {
  const { coverage, tally, reasons } = bench
  const notReached: NotReached[] = []
  const end = tally.cases + budget
  for (const reason of coverage.unreached) {
    const before = tally.cases
    const disagreement = await runUntil(bench, directedAt(reason), {
      seed: seedFor(seed, 1000 + reasons.indexOf(reason)),
      runs: TRIES,
      madeFor: reason,
      enough: () => coverage.has(reason) || tally.cases > end,
      onCase,
    })
    if (disagreement) return { notReached, disagreement }
    if (!coverage.has(reason))
      notReached.push({ name: reason.name, why: whyNot(tally.cases > before, tally.cases > end) })
  }
  return { notReached }
}

/** What is tried on twins of the policy. */
const runTwins = async (
  bench: Bench,
  options: BenchOptions,
  seed: number,
  onCase: () => void,
): Promise<Disagreement | undefined> => {
  for (const [index, { policy, kind, cases }] of twinsOf(bench.policy, bench.binding).entries()) {
    const twin = { ...(await openBench(policy, bench.binding, options)), tally: bench.tally }
    const disagreement = await runKind(twin, kind, cases, seedFor(seed, 800 + index), onCase)
    if (disagreement) return disagreement
  }
  return undefined
}

/** Who may install, grant and revoke, and which bytes are a grant. */
const runGrants = async (
  bench: Bench,
  moduleCode: Hex,
  seed: number,
  cases: number,
  { variants = Math.ceil(cases / 50) }: VerifyOptions,
): Promise<Disagreement | undefined> => {
  const { policy, binding, chain, tally } = bench
  try {
    tally.authority = await judgeAuthority(policy, binding, { moduleCode })
    tally.malformed = await judgeMalformedCalls(chain, policy, binding.module, encode(policy, binding))
    tally.grants = await judgeChangedGrants(chain, policy, binding, {
      seed: seedFor(seed, 700),
      count: Math.ceil(cases / 20),
      ...(variants !== 'all' && { variants }),
    })
    return undefined
  } catch (error) {
    if (!(error instanceof Disagree)) throw error
    return error.facts
  }
}

const whyNot = (made: boolean, spent: boolean): string => {
  if (made) return 'whatever it denied, something else denied too: it may say nothing that is not said elsewhere'
  if (spent) return 'there are more parts than cases: run with more'
  return 'no operation was found that it decides: nothing may be allowed there at all'
}

/** The gate: puts generated operations to definition, evaluator and module, and stops at the first difference. */
export const verify = async (original: Policy, binding: Binding, options: VerifyOptions = {}): Promise<Report> => {
  const started = performance.now()
  const policy = ownCopy(original)
  const seed = options.seed ?? Date.now() % 2 ** 31
  const cases = options.cases ?? CASES
  const chosen = options.kinds ?? kinds
  const moduleCode = options.moduleCode ?? contractArtifact('WritModule').deployedBytecode
  const { readings, observe } = options
  const report = (
    bench: Bench | undefined,
    notReached: readonly NotReached[],
    disagreement?: Disagreement,
  ): Report => ({
    cases: bench?.tally.cases ?? 0,
    seed,
    kinds: Object.fromEntries(bench?.tally.kinds ?? []),
    allowed: bench?.tally.allowed ?? 0,
    denied: bench?.tally.denied ?? 0,
    coverage: {
      single: bench?.tally.single ?? 0,
      parts: bench?.reasons.length ?? 0,
      reached: bench ? bench.reasons.length - bench.coverage.unreached.length : 0,
    },
    grants: bench?.tally.grants ?? { refused: 0, accepted: 0, lenient: 0 },
    authority: bench?.tally.authority ?? 0,
    malformed: bench?.tally.malformed ?? 0,
    notReached,
    moduleCalls: bench?.tally.asked ?? 0,
    seconds: (performance.now() - started) / 1000,
    ...(disagreement && { disagreement }),
  })

  const benchOptions = { moduleCode, ...(readings && { readings }), ...(observe && { observe }) }
  let bench: Bench
  try {
    bench = await openBench(policy, binding, benchOptions)
  } catch (error) {
    if (error instanceof Disagree) return report(undefined, [], error.facts)
    throw error
  }
  const onCase = () => options.onProgress?.(bench.tally.cases)
  // What takes a second comes before what takes many.
  if (options.kinds === undefined) {
    const disagreement = await runGrants(bench, moduleCode, seed, cases, options)
    if (disagreement) return report(bench, [], disagreement)
  }
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0)
  // A kind without occasion leaves its share to the others, in a second and a third round.
  for (let round = 0; round < 3; round++) {
    const missing = cases - bench.tally.cases
    for (const [index, kind] of chosen.entries()) {
      if (missing <= 0 || (round > 0 && bench.tally.of(kind.name) === 0)) continue
      const quota = Math.ceil((missing * kind.weight) / weights)
      const disagreement = await runKind(bench, kind, quota, seedFor(seed, 100 * round + index), onCase)
      if (disagreement) return report(bench, [], disagreement)
    }
  }
  if (options.kinds === undefined) {
    const disagreement = await runTwins(bench, benchOptions, seed, onCase)
    if (disagreement) return report(bench, [], disagreement)
  }
  // Rounding, or a policy that gives no occasion for most kinds.
  for (const [index, kind] of [allowed, wild].entries()) {
    const missing = cases - bench.tally.cases
    if (options.kinds !== undefined || missing <= 0) continue
    const disagreement = await runKind(bench, kind, missing, seedFor(seed, 900 + index), onCase)
    if (disagreement) return report(bench, [], disagreement)
  }
  if (options.kinds) return report(bench, [])
  const { notReached, disagreement } = await runDirected(bench, seed, cases, onCase)
  return report(bench, notReached, disagreement)
}
