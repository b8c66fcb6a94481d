import { type Client, type ContractFunctionParameters, hexToBigInt } from 'viem'
import { multicall } from 'viem/actions'
import { getAction } from 'viem/utils'
import { wordsOf } from '../../compiler/meters.js'
import { readWords } from '../../compiler/meterWords.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Meter } from '../../policy/Meter.js'
import type { State } from '../../policy/State.js'
import { ChainFault } from '../ChainFault.js'
import { askModule } from './askModule.js'
import { moduleAbi } from './moduleAbi.js'
import { tagOf } from './readAccount.js'

/** A session whose state is asked for: what `decode` finds in its grant. */
export type SessionName = {
  readonly root: Hex
  /** The kill tag that its grant names, 6 bytes. */
  readonly tag: Hex
  /** The policy's, in its order. */
  readonly meters: readonly Meter[]
}

type Where = {
  readonly module: Address
  readonly account: Address
  /** The state after this block; left out: after the latest. */
  readonly blockNumber?: bigint
}

/**
 * Reads a session's status and meters by one `eth_call`, so that they are of one moment. It needs no contract on the chain but the module.
 * Rejects ChainFault where no module answers, or answers in another form, and what the client throws.
 */
export async function readState(client: Client, session: Where & SessionName): Promise<State> {
  const [state] = await readStates(client, { ...session, sessions: [session] })
  if (state === undefined) throw new Error('one session has one state')
  return state
}

/** The same of several sessions of one account, in their order; beyond a hundred or so the calls are several. */
export async function readStates(
  client: Client,
  { module, account, sessions, blockNumber }: Where & { readonly sessions: readonly SessionName[] },
): Promise<readonly State[]> {
  if (sessions.length === 0) return []
  const contract = { address: module, abi: moduleAbi } as const
  const kill = { ...contract, functionName: 'killWord', args: [account] } as const
  const words = sessions.map(
    ({ root, meters }) =>
      ({ ...contract, functionName: 'sessionWords', args: [account, root, 0n, BigInt(wordsOf(meters))] }) as const,
  )
  const answers = await askModule(
    module,
    getAction(
      client,
      multicall,
      'multicall',
    )({
      contracts: [kill, ...words] as readonly ContractFunctionParameters[],
      allowFailure: false,
      // Not every chain, and no development node, has the contract that gathers calls: it comes along with the call.
      deployless: true,
      batchSize: BATCH_BYTES,
      ...(blockNumber !== undefined && { blockNumber }),
    }),
  )
  const [[, tag], ...stored] = answers as unknown as [readonly [number, number], ...(readonly Hex[])[]]
  return sessions.map((session, index) => stateOf(session, stored[index] ?? [], tagOf(tag)))
}

/** Calldata that is gathered into one `eth_call`. */
const BATCH_BYTES = 16_384

function stateOf({ tag, meters, root }: SessionName, words: readonly Hex[], current: Hex): State {
  const stored =
    words.length === wordsOf(meters)
      ? readWords(
          meters,
          words.map((word) => hexToBigInt(word)),
        )
      : undefined
  if (stored === undefined)
    throw new ChainFault(
      'module-missing',
      `what answers for the module does not keep session ${root} as the module would`,
      'look whether the address given is the module’s',
    )
  return { status: stored.status === 'active' && tag !== current ? 'killed' : stored.status, meters: stored.meters }
}
