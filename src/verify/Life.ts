import { encodeErrorResult, encodeEventTopics, encodeFunctionData, encodeFunctionResult } from 'viem'
import { contractArtifact } from '../evm/artifacts.js'
import type { Evm, Log, Outcome } from '../evm/Evm.js'
import type { Address, Hex } from '../policy/Hex.js'
import { answerText, isUnread } from './compare.js'
import { Disagree } from './Disagreement.js'

/**
 * What the module must answer: an event or two and these bytes, one of its errors, to what cannot be read nothing that it says itself, or a refusal
 * in whatever words.
 */
export type Answer =
  | { readonly returns: Hex; readonly events?: readonly Told[] }
  | { readonly error: Hex }
  | { readonly unread: true }
  | { readonly fails: true }

/** An event: its topics and its data. */
export type Told = Pick<Log, 'topics' | 'data'>

const { abi } = contractArtifact('WritModule')

/** The error of this name with these facts. */
export const refusal = (errorName: string, args: readonly unknown[] = []): Answer => ({
  error: encodeErrorResult({ abi, errorName, args }),
})

/** What a function of this name returns. */
export const answer = (functionName: string, result: unknown, events: readonly Told[] = []): Answer => ({
  returns: encodeFunctionResult({ abi, functionName, result }),
  events,
})

/** Calldata of the module's function of this name. */
export const call = (functionName: string, args: readonly unknown[] = []): Hex =>
  encodeFunctionData({ abi, functionName, args })

/** An event of this name, `args` being those that are indexed. */
export const told = (eventName: string, args: readonly unknown[], data: Hex = '0x'): Told => ({
  topics: encodeEventTopics({ abi, eventName, args })
    .flat()
    .filter((topic) => topic !== null),
  data,
})

const eventText = ({ topics, data }: Told): string => `${topics.join(' ')} ${data}`

const differenceOf = (outcome: Outcome, expected: Answer, module: Address): string | undefined => {
  if ('unread' in expected) return isUnread(outcome) ? undefined : `says ${answerText(outcome)}, expected was nothing`
  if ('fails' in expected) return outcome.success ? `answers ${answerText(outcome)}, expected was a refusal` : undefined
  if ('error' in expected)
    return !outcome.success && outcome.error === 'revert' && outcome.returnData === expected.error
      ? undefined
      : `says ${answerText(outcome)} ${outcome.returnData}, expected was ${expected.error}`
  if (!outcome.success) return `refuses: ${answerText(outcome)}`
  if (outcome.returnData !== expected.returns) return `returns ${outcome.returnData}, expected was ${expected.returns}`
  const [events, wanted] = [outcome.logs.map(eventText).join('; '), (expected.events ?? []).map(eventText).join('; ')]
  if (events !== wanted) return `tells ${events}, expected was ${wanted}`
  return outcome.logs.every(({ address }) => address === module) ? undefined : 'tells it of somebody else'
}

/** A chain on which the module is asked, and each answer compared. */
export class Life {
  readonly #evm: Evm
  readonly #module: Address
  /** How many answers were compared. */
  answers = 0
  /** Unix seconds. */
  time = 0

  constructor(evm: Evm, module: Address) {
    this.#evm = evm
    this.#module = module
  }

  /** Throws Disagree where the module answers otherwise. */
  async expect(note: string, from: Address, data: Hex, expected: Answer): Promise<void> {
    this.#evm.number += 1
    const outcome = await this.#evm.call({ from, to: this.#module, data, time: this.time })
    const what = differenceOf(outcome, expected, this.#module)
    if (what !== undefined)
      throw new Disagree({ kind: 'authority', note, what: `${note}: the module ${what}`, steps: [] })
    this.answers += 1
  }
}
