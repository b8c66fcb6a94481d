import { InvalidArgumentError, type Command } from 'commander'
import { findSessions, type ChainSession, type FoundSessions } from '../../account/readers/findSessions.js'
import type { Address } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import { progress } from '../progress.js'
import { asked } from './asked.js'
import type { Connection } from './connect.js'

/** From which block on the module's reports are read. */
export type SessionFlags = { readonly fromBlock?: bigint }

export const fromBlockOption = (command: Command): Command =>
  command.option(
    '--from-block <number>',
    'read grants from this block on, such as that of the install (default: the first; a public node answers faster where it is late)',
    block,
  )

/** An account's sessions from the chain's own data, with progress on a terminal. */
export const sessionsOf = async (
  io: Io,
  { client, module }: Connection,
  account: Address,
  { fromBlock }: SessionFlags,
): Promise<FoundSessions> => {
  const line = progress(io, 'blocks read')
  const onPiece = ({ toBlock, lastBlock }: { readonly toBlock: bigint; readonly lastBlock: bigint }): void =>
    line.show(Number(toBlock), Number(lastBlock))
  try {
    return await asked(
      findSessions(client, { module, account, onPiece, ...(fromBlock === undefined ? {} : { fromBlock }) }),
    )
  } finally {
    line.clear()
  }
}

/** The session whose root begins with these digits. Ends the command where there is none, or more than one. */
export const sessionNamed = (sessions: readonly ChainSession[], root: string): ChainSession => {
  const found = sessions.filter((session) => session.root.startsWith(root))
  const [only] = found
  if (only === undefined)
    throw new CliError(
      ExitCode.invalid,
      `the account has no session ${root}`,
      sessions.length === 0
        ? 'the module reports no grant of it among the blocks that were read: is it the right account, chain and module?'
        : `it has ${sessions.map((session) => session.root).join(', ')}`,
    )
  if (found.length > 1)
    throw new CliError(
      ExitCode.usage,
      `${found.length} sessions begin with ${root}`,
      `give more digits: ${found.map((session) => session.root).join(', ')}`,
    )
  return only
}

/** Reads the root of a session, or its first digits. */
export const rootArgument = (text: string): string => {
  if (!/^0x[0-9a-fA-F]{1,64}$/.test(text))
    throw new InvalidArgumentError('It is not the root of a session: 0x and up to 64 hex digits.')
  return text.toLowerCase()
}

const block = (text: string): bigint => {
  if (!/^[0-9]{1,18}$/.test(text)) throw new InvalidArgumentError('It is not the number of a block.')
  return BigInt(text)
}
