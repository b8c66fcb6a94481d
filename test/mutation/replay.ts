import { judgeAuthority } from '../../src/verify/authority.js'
import { Chain, SetupError } from '../../src/verify/Chain.js'
import { Disagree } from '../../src/verify/Disagreement.js'
import type { Outcome } from '../../src/evm/Evm.js'
import type { Codes, MutatedContract } from './Codes.js'
import { binding } from './examples.js'
import { hasRun, type RecordedCase, type RecordedChain, type Recording } from './record.js'

/** Cases of each policy that are tried before more of the first one: most mutants die of the first few. */
const FIRST = 12

/** A piece of the gate's run that executes the mutated instruction; answers what was wrong, if anything. */
type Piece = { readonly name: string; readonly run: () => Promise<string | undefined> }

/** Plays one case on a chain that has another module; the first answer that is not as expected. */
const playCase = async (chain: Chain, { events }: RecordedCase): Promise<string | undefined> => {
  let outcome: Outcome | undefined
  for (const event of events)
    switch (event.kind) {
      case 'begin':
        chain.begin()
        break
      case 'meters':
        await chain.preset(event.meters)
        break
      case 'carried':
        await chain.carry()
        break
      case 'ending':
        outcome = await chain.end(event.by)
        break
      case 'forge':
        chain.forge(event.digest, event.signature)
        break
      case 'message':
        outcome = await chain.send(event.message)
        break
      case 'expect': {
        const difference = outcome && (await chain.settle(outcome, event.expectation))
        if (difference !== undefined) return difference
        break
      }
      default:
        event satisfies never
    }
  return undefined
}

const playCases = async (
  { options }: RecordedChain,
  codes: Codes,
  cases: readonly RecordedCase[],
): Promise<string | undefined> => {
  try {
    const chain = await Chain.create({ ...options, ...codes })
    for (const each of cases) {
      const difference = await playCase(chain, each)
      if (difference !== undefined) return difference
    }
    return undefined
  } catch (error) {
    if (error instanceof SetupError) return error.message
    throw error
  }
}

const authorityPiece = ({ name, policy }: Recording, codes: Codes): Piece => ({
  name: `${name}: authority`,
  run: async () => {
    try {
      await judgeAuthority(policy, binding(), codes)
      return undefined
    } catch (error) {
      if (error instanceof Disagree) return error.facts.what
      throw error
    }
  },
})

/** All pieces that execute the instruction, those first that are likely to show a difference soon. */
function* piecesFor(
  recordings: readonly Recording[],
  contract: MutatedContract,
  pc: number,
  codes: Codes,
): Generator<Piece> {
  const touched = recordings.flatMap((recording) =>
    recording.chains.flatMap((chain) => {
      const cases = chain.cases.filter(({ ran }) => hasRun(ran, contract, pc))
      return cases.length > 0 || hasRun(chain.setup, contract, pc) ? [{ name: recording.name, chain, cases }] : []
    }),
  )
  for (const { name, chain, cases } of touched)
    yield { name, run: () => playCases(chain, codes, cases.slice(0, FIRST)) }
  const [first, ...others] = recordings.filter(({ authority }) => hasRun(authority, contract, pc))
  if (first) yield authorityPiece(first, codes)
  for (const { name, chain, cases } of touched)
    if (cases.length > FIRST) yield { name, run: () => playCases(chain, codes, cases.slice(FIRST)) }
  for (const recording of others) yield authorityPiece(recording, codes)
}

/**
 * Runs all of the gate's cases that execute the contract's instruction at `pc`, with its code changed there. The others need not be run: what
 * never comes to the instruction runs as before. Answers the first difference, or nothing.
 */
export const replay = async (
  recordings: readonly Recording[],
  contract: MutatedContract,
  pc: number,
  codes: Codes,
): Promise<string | undefined> => {
  for (const { name, run } of piecesFor(recordings, contract, pc, codes)) {
    const difference = await run()
    if (difference !== undefined) return `${name}: ${difference}`
  }
  return undefined
}
