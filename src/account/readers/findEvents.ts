import { type Client, decodeEventLog, hexToBigInt, pad, type RpcLog, toEventSelector } from 'viem'
import type { Address, Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'
import { moduleAbi } from './moduleAbi.js'
import { walkLogs, type LogRange } from './walkLogs.js'

/** Where something was reported. */
export type Place = { readonly block: bigint; readonly transaction: Hex }

/** What the module reported of one account. */
export type ModuleEvent =
  | { readonly kind: 'granted'; readonly root: Hex; readonly grant: Hex; readonly at: Place }
  | { readonly kind: 'revoked'; readonly root: Hex; readonly at: Place }
  /** Every session before this one has ended: by a revoke-all, or because the owners are others. */
  | { readonly kind: 'killed'; readonly at: Place }

const selectors = moduleAbi.flatMap((item) => (item.type === 'event' ? [toEventSelector(item)] : []))

/** Reads what the module reported of an account, in order. Rejects as `walkLogs` does, and where the node answers what was not asked. */
export async function findEvents(
  client: Client,
  {
    module,
    account,
    ...range
  }: { readonly module: Address; readonly account: Address } & Omit<LogRange, 'address' | 'topics'>,
): Promise<readonly ModuleEvent[]> {
  const topics = [selectors, pad(account)]
  const logs = await walkLogs(client, { ...range, address: module, topics })
  return logs.map((log) => {
    if (log.address.toLowerCase() !== module || log.topics[1]?.toLowerCase() !== pad(account)) throw notAsked()
    return eventOf(log)
  })
}

function eventOf({ topics, data, blockNumber, transactionHash }: RpcLog): ModuleEvent {
  if (blockNumber === null || transactionHash === null) throw notAsked()
  const at = { block: hexToBigInt(blockNumber), transaction: transactionHash }
  const event = decodeEventLog({ abi: moduleAbi, topics: topics as [Hex, ...Hex[]], data })
  switch (event.eventName) {
    case 'Granted':
      return { kind: 'granted', root: event.args.root, grant: event.args.grant, at }
    case 'Revoked':
      return { kind: 'revoked', root: event.args.root, at }
    case 'RevokedAll':
    case 'OwnersSet':
      return { kind: 'killed', at }
    default:
      return event satisfies never
  }
}

const notAsked = (): ChainFault =>
  new ChainFault('unknown', 'the node answers with logs that were not asked for', 'use another node')
