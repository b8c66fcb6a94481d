import type * as evaluatorModule from '../../src/evaluator/index.js'
import { handWritten } from './handWritten.js'
import { ajv, casl, type Engine } from './peers.js'
import { type Request, type Shape, type Workload, workloadOf } from './workload.js'
import { target } from './target.js'

// Measures in a plain Node process: a loader that rewrites code on the way would slow some of it down. Argument: the path of the evaluator's bundle.
// Times are this process's own processor time, so that other work on the machine counts little.

type Evaluator = typeof evaluatorModule

const [, , path = ''] = process.argv
const { decide, initialState, load }: Evaluator = await import(path)

const evaluator = ({ grant }: Workload): Engine => {
  const session = load(`0x${grant.slice(2)}`)
  let state = initialState(session)
  return (operation, now) => {
    const decision = decide(session, state, operation, now)
    if (decision.outcome === 'allow') state = decision.state
    return decision.outcome === 'allow'
  }
}

/** Microseconds of processor time. */
const clock = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}

const REPEATS = 9
const ENOUGH_MICROSECONDS = 60_000

/** For each engine the nanoseconds of one decision: median of several rounds in which the engines take turns. */
const measure = (engines: readonly Engine[], requests: readonly Request[]): number[] => {
  const round = (engine: Engine): number => {
    const start = clock()
    let taken = 0
    do {
      for (const { operation, now } of requests) engine(operation, now)
      taken += requests.length
    } while (clock() - start < ENOUGH_MICROSECONDS)
    return ((clock() - start) * 1000) / taken
  }
  // The compiler of V8 takes some rounds until it is done.
  for (let warm = 0; warm < 8; warm++) for (const engine of engines) round(engine)
  const rounds = Array.from({ length: REPEATS }, () => engines.map(round))
  return engines.map((_, at) => median(rounds.map((times) => times[at] ?? NaN)))
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

const column = (value: string, width = 12): string => value.padStart(width)
const perSecond = (nanoseconds: number): string =>
  nanoseconds < 10_000 ? `${(1000 / nanoseconds).toFixed(2)} M/s` : `${Math.round(1e6 / nanoseconds)} k/s`

const makers: Record<string, (workload: Workload) => Engine> = {
  'writ/evaluator': evaluator,
  'hand-written': handWritten,
  ajv,
  casl,
}
const PEERS_UP_TO = 1000

const own = new Map<string, number>()

const table = (shape: Shape, title: string): void => {
  console.log(`\n${title}: four requests in five allowed, raw calldata, one core`)
  console.log(
    ['rules', ...Object.keys(makers), 'of the limit', 'against 10 rules'].map((name) => column(name, 16)).join(''),
  )
  for (const count of [10, 1000, 100_000]) {
    const workload = workloadOf(count, shape)
    const names = Object.keys(makers).filter(
      (name) => count <= PEERS_UP_TO || name === 'writ/evaluator' || name === 'hand-written',
    )
    const engines = names.map((name) => makers[name]?.(workload) ?? (() => false))
    for (const [at, engine] of engines.entries())
      for (const { operation, now, allowed } of workload.requests)
        if (engine(operation, now) !== allowed) throw new Error(`${names[at]} answers wrongly`)
    const times = measure(engines, workload.requests)
    const [ours = NaN, limit = NaN] = times
    own.set(`${shape} ${count}`, ours)
    const share = limit / ours
    const growth = ours / (own.get(`${shape} 10`) ?? NaN)
    const cells = [
      String(count),
      ...Object.keys(makers).map((_, at) => (times[at] === undefined ? '' : perSecond(times[at]))),
      shape === 'apart' && count <= 1000 ? target(`${share.toFixed(2)} (0.5)`, share >= 0.5) : share.toFixed(2),
      count === 10
        ? ''
        : shape === 'together'
          ? growth.toFixed(2)
          : target(`${growth.toFixed(2)} (${count === 1000 ? 1.2 : 2})`, growth <= (count === 1000 ? 1.2 : 2)),
    ]
    console.log(cells.map((cell) => column(cell, 16)).join(''))
  }
}

table('apart', 'Each rule has a target of its own')
table('together', 'All rules speak of one function, apart by its first argument')

const loading = (count: number): number => {
  const { grant } = workloadOf(count, 'apart')
  const start = performance.now()
  load(grant)
  return performance.now() - start
}
console.log(`\nload: 1,000 rules ${loading(1000).toFixed(0)} ms, 100,000 rules ${loading(100_000).toFixed(0)} ms`)
