import { printAddress } from '../../explain/printAddress.js'
import { readOwners, type Owners } from '../../account/readers/readOwners.js'
import type { Address } from '../../policy/Hex.js'
import { asked } from '../chain/asked.js'
import { chainOptions, type ChainFlags } from '../chain/chainOptions.js'
import { accountOf, connect, nameOf, type Connection } from '../chain/connect.js'
import { fromBlockOption, rootArgument, sessionNamed, sessionsOf, type SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'
import { expectNoInstallFlags, installFlags, reportInstall, type InstallFlags } from '../status/reportInstall.js'
import { restJson, sessionJson } from '../status/statusJson.js'
import { blockText, countText, killText, restText, sessionText } from '../status/statusText.js'

type Flags = ChainFlags & SessionFlags & InstallFlags & { writ?: true }

const help = `
Everything comes from the chain: the module reports each grant whole, so no file is needed and none is believed.
Times are UTC, and "in 3 h" counts from the latest block. What is left of a meter is what can be charged at that block's time.

--verify-install looks at the installation instead: the module's code, flags, functions and hooks as the account tells them, other
validations of the account, the owners, and that nothing was granted under this entity. Run it once on a second machine after the
install and before the first grant: what is installed cannot be read on a device. Without --owner the owners are never fine.

Exit codes: 0 answered, 1 with --verify-install: something is not as it should be, 2 usage, 3 invalid input, 4 the node does not answer or nothing stands there.

Examples:
  writ status --rpc https://mainnet.base.org --account 0x5A0b… --from-block 40000000
  writ status --account 0x5A0b… 0x1ea7            one session, with its writ
  writ status --account 0x5A0b… --verify-install --owner 0x7099…
  writ status --account 0x5A0b… --json | jq '.sessions[] | select(.life == "live") | .meters'`

/** `writ status`: what the sessions of an account may still do. */
export const statusCommand: AddCommand = (program, io, done) => {
  const command = program
    .command('status')
    .summary("shows an account's sessions, and what is left of each")
    .description(
      'Shows the sessions of an account: live, not yet, expired, revoked or killed, and what is left of each meter.',
    )
    .argument('[session]', 'only this one, by its root or the first digits of it, with its writ', rootArgument)
    .option('--writ', "print each session's writ and its grant too")
    .addHelpText('after', help)
  installFlags(fromBlockOption(chainOptions(command, ['acting', 'bundler', 'kind', 'entryPoint']))).action(
    async (root: string | undefined, flags: Flags) => {
      if (flags.verifyInstall) {
        if (flags.account === undefined)
          throw new CliError(ExitCode.usage, 'no account is named', 'add --account ADDRESS')
        if (root !== undefined) throw new CliError(ExitCode.usage, '--verify-install is about no session')
        const ok = await reportInstall(io, flags.json === true, await connect(io, flags), flags.account, flags)
        if (!ok) done(ExitCode.differs)
        return
      }
      expectNoInstallFlags(flags)
      const connection = await connect(io, flags, ['module'])
      const account = await accountOf(connection, flags.account)
      const found = await sessionsOf(io, connection, account, flags)
      const sessions = root === undefined ? found.sessions : [sessionNamed(found.sessions, root)]
      const owners = await ownersOf(connection, account, [
        ...new Set([connection.entityId, ...found.sessions.map(({ binding }) => binding.entityId)]),
      ])
      const { time } = found.block
      if (flags.json) {
        const rest = restJson(found)
        const { chainId, module } = connection
        const entities = owners.map(([entityId, one]) => ({ entityId, ...one }))
        const list = sessions.map((session) => sessionJson(session, time))
        io.out(`${JSON.stringify({ chainId, account, module, ...rest, entities, sessions: list })}\n`)
        return
      }
      printHead(io, connection, account, owners)
      io.out(`${killText(found, time)}\n${blockText(found)}: ${countText(found)}\n`)
      for (const session of sessions)
        io.out(`\n${sessionText(session, time, flags.writ === true || root !== undefined)}`)
      const rest = root === undefined ? restText(found) : ''
      if (rest !== '') io.out(`\n${rest}`)
    },
  )
}

type EntityOwners = readonly (readonly [entityId: number, Owners])[]

const ownersOf = ({ client, module }: Connection, account: Address, ids: readonly number[]): Promise<EntityOwners> =>
  Promise.all(
    ids.map(async (entityId) => [entityId, await asked(readOwners(client, { module, account, entityId }))] as const),
  )

const printHead = (io: Io, { chainId, module }: Connection, account: Address, owners: EntityOwners): void => {
  io.out(`account ${printAddress(account)} on ${nameOf(chainId)}\nmodule ${printAddress(module)}\n`)
  for (const [entityId, one] of owners) io.out(`entity ${entityId}: ${ownersText(one)}\n`)
}

const ownersText = (owners: Owners): string => {
  if (!owners.installed) return 'never installed'
  const second = owners.second === undefined ? '' : `, and ${printAddress(owners.second)} may revoke`
  return owners.textGrants
    ? `text is signed by ${printAddress(owners.first)}${second}`
    : `only calls of the account grant; text of ${printAddress(owners.first)} may revoke${second}`
}
