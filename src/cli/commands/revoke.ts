import { getAddress } from 'viem'
import { callModule } from '../../account/callModule.js'
import { ChainFault } from '../../account/ChainFault.js'
import { readAccount } from '../../account/readers/readAccount.js'
import { readState } from '../../account/readers/readState.js'
import * as calldata from '../../compiler/calldata.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { actOptions, connectToAct, perform, plan, settledOwner, type ActFlags, type Order } from '../chain/act.js'
import { asked } from '../chain/asked.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { accountOf, nameOf, type Connection } from '../chain/connect.js'
import { findSession, type Named } from '../chain/findSession.js'
import { allowancesJson, allowancesText, openAllowances } from '../chain/openAllowances.js'
import { printPlan } from '../chain/planned.js'
import { renounce, type RenounceFlags } from '../chain/renounce.js'
import { fromBlockOption, sessionsOf, type SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type Flags = ActFlags & RenounceFlags & SessionFlags & { all?: true; renounce?: true }

const help = `
SESSION is an artifact file, a root, or the beginning of a root that no other session of the account has. What is revoked never comes
back. --all ends every session of the account at once, however many there are, also what was signed and never used: it is the kill
switch, always sends, and looks at nothing before. --renounce is for the agent: its key ends its own session, without the owner.

Approvals that a session gave outlive it. Afterwards those that are still open are listed, with the calldata that closes them.

Examples:
  writ revoke pay.session.json --owner-keystore owner.json
  writ revoke 0x3f1c --account 0x5A0b… --owner-keystore owner.json
  writ revoke --all --account 0x5A0b… --owner-keystore owner.json --yes
  writ revoke pay.session.json --renounce --key-keystore agent.json

Exit codes: 0 ended, 2 usage, 3 invalid artifact, 4 environment, 5 refused. Where it ended but the approvals could not be looked at,
that is said, and the code is 4: the same can be run again.`

/** `writ revoke`: ends sessions. */
export const revokeCommand: AddCommand = (program, io) => {
  const command = program
    .command('revoke')
    .summary('ends a session, or all of them at once')
    .description('Ends a session for ever, or with --all every session of the account.')
    .argument('[session]', 'an artifact file, a root, or the beginning of one')
    .option('--all', 'end every session of the account at once')
    .option('--renounce', "by the agent's own key, without the owner")
    .option('--key-keystore <path>', "with --renounce: the agent's keystore file")
    .addHelpText('after', help)
  fromBlockOption(actOptions(command, ['entity'])).action((session: string | undefined, flags: Flags) => {
    if ((session === undefined) === (flags.all === undefined))
      throw new CliError(ExitCode.usage, 'name either a session or --all', 'writ revoke SESSION, or writ revoke --all')
    if (flags.renounce && session === undefined)
      throw new CliError(ExitCode.usage, "--renounce ends one session, the key's own", 'name it')
    if (session === undefined) return revokeAll(io, flags)
    if (!flags.renounce) return revoke(io, flags, session)
    const isEnded = async (connection: Connection, named: Named) => (await statusOf(connection, named)) === 'revoked'
    return renounce(io, flags, session, { isEnded, ended: endedOne })
  })
}

const revoke = async (io: Io, flags: Flags, session: string): Promise<void> => {
  const connection = await connectToAct(io, flags, ['module'])
  const named = await findSession(io, connection, session, flags)
  if ((await statusOf(connection, named)) === 'revoked') return endedOne(io, flags, connection, named, undefined)
  const order: Order = {
    what: `ends the session ${named.root}`,
    account: named.account,
    data: callModule(connection.module, calldata.revoke(named.root)),
  }
  if (flags.dryRun) return printPlan(io, flags.json === true, await plan(io, flags, connection, order))
  mustSayYes(io, flags)
  const owner = await settledOwner(io, flags, connection)
  const status = await statusOf(connection, named)
  if (status === 'revoked') return endedOne(io, flags, connection, named, undefined)
  const never = status === 'none' ? ' It was never granted here; it then never can be.' : ''
  await confirm(io, flags, `End the session ${named.root} of ${getAddress(named.account)} for ever?${never}`)
  const { hash } = await perform(io, connection, owner, order)
  return endedOne(io, flags, connection, named, hash)
}

/** Without the tag that the grant names, a session that a kill ended is seen as active: it may be revoked all the same. */
const statusOf = async ({ client, module }: Connection, { account, root }: Named) =>
  (await asked(readState(client, { module, account, root, tag: '0x000000000000', meters: [] }))).status

/** Checks that the session is ended, says so, and looks at what it left approved; without a transaction it was ended before. */
const endedOne = async (
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

const policiesOf = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  account: Address,
  root?: Hex,
): Promise<readonly Policy[]> =>
  (await sessionsOf(io, connection, account, flags)).sessions
    .filter((session) => root === undefined || session.root === root)
    .map(({ policy }) => policy)

const revokeAll = async (io: Io, flags: Flags): Promise<void> => {
  const connection = await connectToAct(io, flags, ['module'])
  const { client, module, chainId } = connection
  const account = await accountOf(connection, flags.account)
  const order: Order = {
    what: 'ends every session of the account',
    account,
    data: callModule(module, calldata.revokeAll()),
  }
  if (flags.dryRun) return printPlan(io, flags.json === true, await plan(io, flags, connection, order))
  mustSayYes(io, flags)
  const before = await asked(readAccount(client, { module, account }))
  const owner = await settledOwner(io, flags, connection)
  await confirm(io, flags, `End EVERY session of ${getAddress(account)} on ${nameOf(chainId)}, for ever?`)
  const { hash } = await perform(io, connection, owner, order)
  const { tag, killedAt } = await asked(readAccount(client, { module, account }))
  if (tag === before.tag)
    throw new ChainFault(
      'unknown',
      `the kill tag of ${account} is the same after transaction ${hash}`,
      'the chain may have been reorganized just now: run the same again',
    )
  if (!flags.json) io.out(`ended every session of ${getAddress(account)}\nby transaction ${hash}\n`)
  const find = (): Promise<readonly Policy[]> => policiesOf(io, flags, connection, account)
  return listAllowances(io, flags, connection, account, { account, all: true, tag, killedAt, transaction: hash }, find)
}

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
