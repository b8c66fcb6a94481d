import { type Client, numberToHex, type RpcLog } from 'viem'
import type { Address, Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'

/** Which logs: of one contract, with these topics, of blocks `fromBlock` to `toBlock`, both included. */
export type LogRange = {
  readonly address: Address
  readonly topics: readonly (Hex | readonly Hex[])[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
  /** Told how far the walk is, each time that a piece has been read. */
  readonly onPiece?: (piece: { readonly toBlock: bigint; readonly lastBlock: bigint }) => void
}

/**
 * Reads logs, in order, piece by piece where the provider limits how many blocks or logs one request may be about: a range that is refused is
 * halved, one that is answered lets the next be twice as long. Rejects ChainFault where even one block is refused, and what the client
 * throws where it is not the request that is refused (the provider is away).
 */
export async function walkLogs(client: Client, range: LogRange): Promise<readonly RpcLog[]> {
  const { fromBlock, toBlock, onPiece } = range
  const logs: RpcLog[] = []
  let length = toBlock - fromBlock + 1n
  for (let from = fromBlock; from <= toBlock;) {
    const to = from + length - 1n < toBlock ? from + length - 1n : toBlock
    const piece = await ask(client, range, from, to)
    if (piece instanceof Error) {
      if (to === from)
        throw new ChainFault(
          'rpc-unreachable',
          `the node does not tell the logs of block ${from}`,
          'use a node that keeps old logs, or begin later with --from-block',
          piece,
        )
      length = (to - from + 1n) / 2n
    } else {
      logs.push(...piece)
      onPiece?.({ toBlock: to, lastBlock: toBlock })
      from = to + 1n
      length *= 2n
    }
  }
  return logs
}

async function ask(client: Client, { address, topics }: LogRange, from: bigint, to: bigint): Promise<RpcLog[] | Error> {
  const filter = { address, topics: topics as Hex[], fromBlock: numberToHex(from), toBlock: numberToHex(to) }
  try {
    return await client.request({ method: 'eth_getLogs', params: [filter] })
  } catch (error) {
    if (error instanceof Error && isRefusal(error)) return error
    throw error
  }
}

/**
 * Whether the provider answered, and refused: providers agree on no code for a range that is too long (-32005, -32600, -32602, -32000, HTTP 400
 * and 413 were seen), so every answer counts; what never came (no connection, a timeout) does not.
 */
function isRefusal(error: Error): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return false
    if (cause.name === 'ResponseBodyTooLargeError') return true
    if (cause.name === 'HttpRequestError') return 'status' in cause && (cause.status === 400 || cause.status === 413)
    if ('code' in cause && typeof cause.code === 'number') return true
  }
  return false
}
