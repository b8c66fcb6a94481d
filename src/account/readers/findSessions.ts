import { type Client } from 'viem'
import { getBlock, getChainId } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Binding } from '../../policy/Binding.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import type { State } from '../../policy/State.js'
import { ChainFault } from '../ChainFault.js'
import { findEvents, type ModuleEvent, type Place } from './findEvents.js'
import { type AccountState, readAccount } from './readAccount.js'
import { readGrant } from './readGrant.js'
import { readStates } from './readState.js'

/** A session that the chain tells of. */
export type ChainSession = {
  readonly root: Hex
  readonly grant: Hex
  readonly policy: Policy
  readonly binding: Binding
  /** After the latest block. */
  readonly state: State
  /** `killed`: ended together with all others. In what remains, time is the latest block's. */
  readonly life: 'live' | 'not-yet' | 'expired' | 'revoked' | 'killed'
  readonly grantedAt: Place
  /** What ended a revoked or killed session, where that lies in the blocks that were read. */
  readonly endedAt?: Place
}

/** A grant that the module reported and that this program cannot take for one: made by a newer version, or by something that only looks like the module. */
export type UnreadableGrant = {
  readonly root: Hex
  readonly grant: Hex
  readonly reason: string
  readonly grantedAt: Place
}

export type FoundSessions = {
  /** What ended all sessions last, and the tag that a new grant must name. */
  readonly account: AccountState
  /** In the order in which they were granted. */
  readonly sessions: readonly ChainSession[]
  readonly unreadable: readonly UnreadableGrant[]
  /** Roots that were revoked and whose grant is not among the blocks that were read: never granted, or granted before. */
  readonly tombstones: readonly { readonly root: Hex; readonly revokedAt: Place }[]
  /** The first block that was read: what was granted before it is not among the sessions. */
  readonly fromBlock: bigint
  /** The latest block: what `state` and `life` are about. Time in Unix seconds. */
  readonly block: { readonly number: bigint; readonly time: number }
}

export type FindSessions = {
  readonly module: Address
  readonly account: Address
  /** The first block that is read; left out: the chain's first. */
  readonly fromBlock?: bigint
  /** The last one; left out: the latest. */
  readonly toBlock?: bigint
  /** Told how far the reading is, where a provider makes it long. */
  readonly onPiece?: (piece: { readonly toBlock: bigint; readonly lastBlock: bigint }) => void
}

/**
 * Finds an account's sessions from the chain's own data: each grant stands whole in the module's report of it. Rejects ChainFault where no
 * module answers or the node contradicts itself, and what the client throws.
 */
export async function findSessions(client: Client, options: FindSessions): Promise<FoundSessions> {
  const { module, account, fromBlock = 0n, onPiece } = options
  const chainId = client.chain?.id ?? (await getAction(client, getChainId, 'getChainId')({}))
  const { number, timestamp } = await getAction(client, getBlock, 'getBlock')({ blockTag: 'latest' })
  const killed = await readAccount(client, { module, account, blockNumber: number })
  const toBlock = options.toBlock ?? number
  const events = await findEvents(client, { module, account, fromBlock, toBlock, ...(onPiece && { onPiece }) })

  const unreadable: UnreadableGrant[] = []
  const read: Omit<ChainSession, 'state' | 'life' | 'endedAt'>[] = []
  for (const event of events) {
    if (event.kind !== 'granted') continue
    const { root, grant, at: grantedAt } = event
    const answer = readGrant(grant, { chainId, module, account, root })
    if (answer.ok) read.push({ root, grant, policy: answer.policy, binding: answer.binding, grantedAt })
    else unreadable.push({ root, grant, reason: answer.reason, grantedAt })
  }

  const names = read.map(({ root, binding, policy }) => ({ root, tag: binding.tag, meters: policy.meters }))
  const states = await readStates(client, { module, account, sessions: names, blockNumber: number })
  const time = Number(timestamp)
  const sessions = read.map((session, index): ChainSession => {
    const state = states[index]
    if (state === undefined) throw new Error('each session has a state')
    const life = lifeOf(session.policy, state, time, session.root)
    const endedAt = endOf(events, session.root, life)
    return { ...session, state, life, ...(endedAt && { endedAt }) }
  })
  const granted = new Set([...read, ...unreadable].map(({ root }) => root))
  const tombstones = events.flatMap((event) =>
    event.kind === 'revoked' && !granted.has(event.root) ? [{ root: event.root, revokedAt: event.at }] : [],
  )
  return { account: killed, sessions, unreadable, tombstones, fromBlock, block: { number, time } }
}

function lifeOf({ from, until }: Policy, { status }: State, time: number, root: Hex): ChainSession['life'] {
  switch (status) {
    case 'revoked':
    case 'killed':
      return status
    case 'active':
      if (time < from) return 'not-yet'
      return time < until ? 'live' : 'expired'
    case 'none':
      throw new ChainFault(
        'session-missing',
        `the node reports the grant of session ${root} and says that it was never made`,
        'the chain may have been reorganized just now: try again, or use another node',
      )
    default:
      return status satisfies never
  }
}

/** The first report after the grant that ended the session in this way. */
function endOf(events: readonly ModuleEvent[], root: Hex, life: ChainSession['life']): Place | undefined {
  const granted = events.findIndex((event) => event.kind === 'granted' && event.root === root)
  const after = events.slice(granted + 1)
  if (life === 'revoked') return after.find((event) => event.kind === 'revoked' && event.root === root)?.at
  if (life === 'killed') return after.find((event) => event.kind === 'killed')?.at
  return undefined
}
