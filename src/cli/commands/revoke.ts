import { getAddress } from 'viem'
import { callModule } from '../../account/callModule.js'
import { readAccount } from '../../account/readers/readAccount.js'
import * as calldata from '../../compiler/calldata.js'
import { connectToAct, perform, plan, settledOwner, textActOptions, type ActFlags, type Order } from '../chain/act.js'
import { asked } from '../chain/asked.js'
import { carrierOptions, hasCarrier } from '../chain/carrier.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { accountOf, nameOf } from '../chain/connect.js'
import { endedAll, endedOne, statusOf } from '../chain/ended.js'
import { findSession } from '../chain/findSession.js'
import { printPlan } from '../chain/planned.js'
import { renounce, type RenounceFlags } from '../chain/renounce.js'
import { fromBlockOption } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { revokeSigned } from '../device/carryOrder.js'
import { deviceOptions, hasDevice } from '../device/deviceOptions.js'
import { revokeByText, type RevokeFlags } from '../device/revokeByText.js'
import { ExitCode } from '../ExitCode.js'
import { chainIdOption } from '../headerOptions.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type Flags = ActFlags & RenounceFlags & RevokeFlags & { all?: true; renounce?: true; signed?: string }

const help = `
SESSION is an artifact file, a root, or the beginning of a root that no other session of the account has. What is revoked never comes
back. --all ends every session of the account at once, however many there are, also what was signed and never used: it is the kill
switch, always sends, and looks at nothing before. --renounce is for the agent: its key ends its own session, without the owner.

With --ledger the owner's device shows and signs the end as text, at its factory settings, and needs no ether: anyone may carry the text
to the chain. With --out it is kept in a file; --every-chain makes one text that ends every session of the account on all chains. A kill
holds from a quarter of an hour before its time until seven days after it; carried late it ends newer grants too. With --out, nobody to
carry, --account and --every-chain (or --chain) no node is asked, unless --rpc names one. What is signed and could not be carried is in the
file of --out, or else on standard output. --out replaces an earlier file of a signed end, and nothing else.
Beside --signed FILE, --account and the like must say what the file says.

Approvals that a session gave outlive it. Afterwards those that are still open are listed, with the calldata that closes them.

Examples:
  writ revoke pay.session.json --owner-keystore owner.json
  writ revoke 0x3f1c --account 0x5A0b… --owner-keystore owner.json
  writ revoke --all --account 0x5A0b… --owner-keystore owner.json --yes
  writ revoke --all --account 0x5A0b… --ledger --from-keystore payer.json
  writ revoke --all --every-chain --account 0x5A0b… --ledger --out kill.json
  writ revoke --signed kill.json --from-keystore payer.json
  writ revoke pay.session.json --renounce --key-keystore agent.json
  writ revoke pay.session.json --renounce --key-keystore agent.json --from-keystore payer.json

Exit codes: 0 ended (or signed, where --out is all that was asked), 2 usage, 3 invalid file, 4 environment (node, device), 5 refused, by
the chain, by you, or on the device. Where it ended but the approvals could not be looked at, that is said, and the code is 4: the same can
be run again.`

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
    .option('--out <path>', 'write what was signed there; where no carrier is named, that is all')
    .optionsGroup('On the chain:')
  chainIdOption(textActOptions(command)).optionsGroup('By text, signed on a device:')
  carrierOptions(deviceOptions(command))
    .option('--every-chain', 'with --all: a text that holds on every chain')
    .option('--signed <file>', 'carry what was signed before')
  fromBlockOption(command.optionsGroup('Sessions:'))
    .addHelpText('after', help)
    .action((session: string | undefined, flags: Flags) => byWay(io, session, flags))
}

const byWay = (io: Io, session: string | undefined, flags: Flags): Promise<void> => {
  const usage = (message: string, help: string): never => {
    throw new CliError(ExitCode.usage, message, help)
  }
  const { all, renounce: renounces, signed, everyChain, via, out } = flags
  const device = hasDevice(flags)
  if ([session, all, signed].filter((one) => one !== undefined).length !== 1)
    return usage(
      'name either a session or --all',
      'writ revoke SESSION, writ revoke --all, or writ revoke --signed FILE',
    )
  if (everyChain && !(all && device))
    return usage('--every-chain is a text of --all', 'writ revoke --all --every-chain --ledger')
  if (signed !== undefined) {
    if (device || renounces || via !== undefined)
      return usage('--signed is signed already', 'leave the device, --renounce and --via out')
    return revokeSigned(io, flags, signed)
  }
  if (renounces) {
    if (session === undefined) return usage("--renounce ends one session, the key's own", 'name it')
    if (device) return usage("--renounce is the key's, which is not on a device", 'leave --ledger and --signer out')
    return renounce(io, flags, session)
  }
  if (via === 'text' && !device)
    return usage('text is signed on a device, and none is named', 'add --ledger, or --signer simulated')
  if (device && (flags.ownerKeystore !== undefined || flags.ownerUnlocked !== undefined))
    return usage("a device and the owner's keystore or unlocked account are two signers", 'give one of them')
  if (device && (via === undefined || via === 'text')) return revokeByText(io, flags, session)
  if (out !== undefined || hasCarrier(flags))
    return usage(
      'a transaction of the owner is neither kept in a file nor carried by others',
      'leave --out and --from-… out',
    )
  return session === undefined ? revokeAll(io, flags) : revoke(io, flags, session)
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
  return endedAll(io, flags, connection, account, ({ tag }) => tag !== before.tag, hash)
}
