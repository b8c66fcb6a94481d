import { judgeAuthority } from '../../src/verify/authority.js'
import type { ChainOptions, Observe } from '../../src/verify/Chain.js'
import type { ChainEvent } from '../../src/verify/ChainEvent.js'
import type { Policy } from '../../src/policy/Policy.js'
import { verify } from '../../src/verify/index.js'
import type { ModuleCodes } from '../../src/evm/placeModule.js'
import { freshMarks, type MutatedContract, markAt, watch } from './Codes.js'
import { binding } from './examples.js'

/** One case of the gate as the chain saw it, and a bit for each program counter that it ran. */
export type RecordedCase = { readonly events: readonly ChainEvent[]; readonly ran: Uint8Array }

/** One chain of the gate: how it was set up, and the cases run on it. */
export type RecordedChain = {
  readonly options: Omit<ChainOptions, 'observe' | keyof ModuleCodes>
  readonly setup: Uint8Array
  readonly cases: readonly RecordedCase[]
}

/** All that the gate asked the module about one policy, and what the other two readings expected of each answer. */
export type Recording = {
  readonly name: string
  readonly policy: Policy
  readonly chains: readonly RecordedChain[]
  /** What the account's life (install, grant, revoke, kill) ran. */
  readonly authority: Uint8Array
}

/** A bit for each byte that is not 0. */
const packed = (marks: Uint8Array): Uint8Array => {
  const bits = new Uint8Array(Math.ceil(marks.length / 8))
  for (const [at, mark] of marks.entries()) if (mark !== 0) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
  return bits
}

/** Whether a program counter of a contract was run. */
export const hasRun = (ran: Uint8Array, contract: MutatedContract, pc: number): boolean => {
  const at = markAt(contract, pc)
  return (((ran[at >> 3] ?? 0) >> (at & 7)) & 1) === 1
}

const isQuestion = ({ kind }: ChainEvent): boolean => kind === 'expect'

/** Keeps the cases of one chain as they happen. */
class Recorder {
  readonly #marks: Uint8Array
  readonly #cases: RecordedCase[] = []
  #setup: Uint8Array | undefined
  #events: ChainEvent[] = []

  constructor(marks: Uint8Array) {
    this.#marks = marks
  }

  tell(event: ChainEvent): void {
    if (event.kind === 'begin') this.#close()
    this.#events.push(event)
  }

  #close(): void {
    const ran = packed(this.#marks)
    this.#marks.fill(0)
    if (this.#setup === undefined) this.#setup = ran
    else if (this.#events.some(isQuestion)) this.#cases.push({ events: this.#events, ran })
    this.#events = []
  }

  done(): Pick<RecordedChain, 'setup' | 'cases'> {
    this.#close()
    return { setup: this.#setup ?? new Uint8Array(), cases: this.#cases }
  }
}

/** Short grants, in which every change that the gate knows is tried; of the others' grants a sample is enough. */
const SHORT = /wide-and-many|lists-and-blocks|pocket-money|rewards-claimer/

/** Runs the gate on a policy and keeps what it asks; throws where the readings do not even agree about the module as it is. */
export const record = async (
  name: string,
  policy: Policy,
  options: { cases: number; seed: number },
): Promise<Recording> => {
  const open: { readonly options: RecordedChain['options']; readonly recorder: Recorder }[] = []
  const observe: Observe = ({ policy: own, binding: bound, grant, root }, evm) => {
    const marks = freshMarks()
    watch(evm, marks)
    const recorder = new Recorder(marks)
    open.push({ options: { policy: own, binding: bound, grant, root }, recorder })
    return (event) => recorder.tell(event)
  }
  const report = await verify(policy, binding(), {
    ...options,
    observe,
    ...(SHORT.test(name) && { variants: 'all' as const }),
  })
  if (report.disagreement) throw new Error(`${name} fails the gate before any mutant: ${report.disagreement.what}`)
  const marks = freshMarks()
  await judgeAuthority(policy, binding(), { watch: (evm) => watch(evm, marks) })
  const chains = open.map(({ options: chain, recorder }) => ({ options: chain, ...recorder.done() }))
  return { name, policy, chains, authority: packed(marks) }
}
