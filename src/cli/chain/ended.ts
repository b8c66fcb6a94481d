import { getAddress } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import { readAccount, type AccountState } from '../../account/readers/readAccount.js'
import { readState } from '../../account/readers/readState.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import type { State } from '../../policy/State.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import { asked } from './asked.js'
import type { Connection } from './connect.js'
import type { Named } from './findSession.js'
import { allowancesJson, allowancesText, openAllowances } from './openAllowances.js'
import { sessionsOf, type SessionFlags } from './sessions.js'

type Flags = SessionFlags & { readonly json?: true }

/** Without the tag that the grant names, a session that a kill ended is seen as active: it may be revoked all the same. */
export const statusOf = async (
  { client, module }: Connection,
  { account, root }: Pick<Named, 'account' | 'root'>,
): Promise<State['status']> =>
  (await asked(readState(client, { module, account, root, tag: '0x000000000000', meters: [] }))).status

/** Checks that the session is ended, says so, and looks at what it left approved; without a transaction it was ended before. */
export const endedOne = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  named: Named,
  transaction: Hex | undefined,
): Promise<void> => {
  if ((await statusOf(connection, named)) !== 'revoked')
    throw new ChainFault(
      'unknown',
      `the session ${named.root} is not ended after transaction ${transaction ?? ''}`,
      'the chain may have been reorganized just now: run the same again',
    )
  const { account, root } = named
  if (!flags.json) io.out(`${transaction === undefined ? 'ended already:' : 'ended'} session ${root}\n`)
  const find = async (): Promise<readonly Policy[]> =>
    named.policy ? [named.policy] : policiesOf(io, flags, connection, account, root)
  const facts = { account, root, already: transaction === undefined, transaction }
  return listAllowances(io, flags, connection, account, facts, find)
}

/** Says that every session is ended, once `isEnded` holds of the account as it is now; without a transaction they were ended before. */
export const endedAll = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  account: Address,
  isEnded: (now: AccountState) => boolean,
  transaction: Hex | undefined,
): Promise<void> => {
  const { client, module } = connection
  const now = await asked(readAccount(client, { module, account }))
  if (!isEnded(now))
    throw new ChainFault(
      'unknown',
      `the kill tag of ${account} is the same after transaction ${transaction ?? ''}`,
      'the chain may have been reorganized just now: run the same again',
    )
  const { tag, killedAt } = now
  const already = transaction === undefined
  if (!flags.json) io.out(`${already ? 'ended already:' : 'ended'} every session of ${getAddress(account)}\n`)
  if (!flags.json && !already) io.out(`by transaction ${transaction}\n`)
  const find = (): Promise<readonly Policy[]> => policiesOf(io, flags, connection, account)
  const facts = { account, all: true, already, tag, killedAt, transaction }
  return listAllowances(io, flags, connection, account, facts, find)
}

const policiesOf = async (
  io: Io,
  flags: SessionFlags,
  connection: Connection,
  account: Address,
  root?: Hex,
): Promise<readonly Policy[]> =>
  (await sessionsOf(io, connection, account, flags)).sessions
    .filter((session) => root === undefined || session.root === root)
    .map(({ policy }) => policy)

/** What was done is said first; where the approvals cannot be looked at, the command ends with that. */
const listAllowances = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  account: Address,
  facts: object,
  find: () => Promise<readonly Policy[]>,
): Promise<void> => {
  try {
    const found = await openAllowances(connection, account, await find())
    if (flags.json) io.out(`${JSON.stringify({ ...facts, allowances: allowancesJson(found) })}\n`)
    else io.out(allowancesText(found))
  } catch (error) {
    if (!(error instanceof ChainFault)) throw error
    if (flags.json) io.out(`${JSON.stringify({ ...facts, allowances: null })}\n`)
    throw new CliError(
      ExitCode.environment,
      `that is done, but which approvals are still open could not be looked at: ${error.shortMessage}`,
      'run the same again: what is ended stays ended',
    )
  }
}
