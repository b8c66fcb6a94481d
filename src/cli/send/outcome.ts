import { formatEther } from 'viem'
import type { SessionAccount } from '../../account/session/SessionAccount.js'
import type { Denial } from '../../policy/Denial.js'
import type { Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { printMoment } from '../../explain/printDuration.js'
import { asked } from '../chain/asked.js'
import { denialLines } from '../denialLines.js'
import type { Io } from '../Io.js'
import { chargersOf, meterText } from '../status/meterText.js'
import type { Opened } from './openSession.js'

/** An operation, or a transaction of the key, that the chain has. */
export type Done = {
  /** Whether its calls went through. */
  readonly success: boolean
  readonly transactionHash: Hex
  readonly blockNumber: bigint
  /** Wei: of an operation what the account (or its paymaster) paid the EntryPoint, of a transaction what the key paid. */
  readonly gasPaid: bigint
  /** Where a bundler carried it. */
  readonly userOpHash?: Hex
  /** The root of the session that it put into force, by the owner's signature that it carried. */
  readonly begun?: Hex
}

/** Says that the writ does not allow it, as `writ decide` says it, and when it may. */
export const reportDenied = (
  io: Io,
  json: boolean,
  policy: Policy,
  denials: readonly Denial[],
  retryAt?: number,
): void => {
  if (json)
    return io.out(`${JSON.stringify({ outcome: 'deny', denials, ...(retryAt === undefined ? {} : { retryAt }) })}\n`)
  io.out(`deny, nothing was sent\n${denialLines(policy, denials)}`)
  if (retryAt !== undefined)
    io.out(`the writ allows it from ${printMoment(retryAt)} on, if nothing else is charged until then\n`)
}

/** Says what was included, what it cost, and what is left of each meter. */
export const reportDone = async (
  io: Io,
  json: boolean,
  done: Done,
  { connection: { client }, policy }: Pick<Opened, 'connection' | 'policy'>,
  session: SessionAccount,
): Promise<void> => {
  const { timestamp } = await asked(client.getBlock())
  const standings = await asked(session.remaining())
  const { success, transactionHash, blockNumber, gasPaid, userOpHash, begun } = done
  if (json) {
    const meters = standings.map(({ meter, counts, limit, remaining, windowStart, windowEnd }) => ({
      counts,
      limit: String(limit),
      remaining: String(remaining),
      windowStart,
      windowEnd,
      ...chargersOf(policy, meter),
    }))
    const facts = {
      outcome: 'allow',
      success,
      transactionHash,
      ...(userOpHash && { userOpHash }),
      ...(begun && { begun }),
    }
    return io.out(`${JSON.stringify({ ...facts, block: String(blockNumber), gasPaid: String(gasPaid), meters })}\n`)
  }
  if (userOpHash !== undefined) io.out(`operation   ${userOpHash}\n`)
  io.out(`transaction ${transactionHash}\nblock       ${blockNumber}\ngas paid    ${formatEther(gasPaid)} ETH\n`)
  if (begun !== undefined) io.out(`in force    ${begun}, from this operation on\n`)
  if (!success) io.out('its calls FAILED and were undone; gas and meters are charged all the same\n')
  for (const [index, standing] of standings.entries())
    io.out(`${index === 0 ? 'left       ' : '           '} ${meterText(policy, standing, Number(timestamp))}\n`)
}
