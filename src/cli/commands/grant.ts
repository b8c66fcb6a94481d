import { getAddress } from 'viem'
import { callModule } from '../../account/callModule.js'
import { ChainFault } from '../../account/ChainFault.js'
import { readOwners } from '../../account/readers/readOwners.js'
import * as calldata from '../../compiler/calldata.js'
import { explain } from '../../explain/explain.js'
import type { Hex } from '../../policy/Hex.js'
import { connectToAct, perform, plan, settledOwner, textActOptions, type ActFlags } from '../chain/act.js'
import { asked } from '../chain/asked.js'
import { carrierOptions, hasCarrier } from '../chain/carrier.js'
import { tagOption } from '../bindingOptions.js'
import { expectGrantable, isInForce, type Chosen } from '../chain/chooseSession.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { accountOf, nameOf, type Connection } from '../chain/connect.js'
import { dateText } from '../chain/dateText.js'
import { gate, gateText, type Gate } from '../chain/gate.js'
import { choose, expectInForce, intendGrant, writeArtifact, type Intent } from '../chain/grantIntent.js'
import { keyKeystoreOption, withKey } from '../chain/keyFile.js'
import { expectSigner } from '../chain/owner.js'
import { printPlan } from '../chain/planned.js'
import { fromBlockOption, type SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { grantSigned } from '../device/carryGrant.js'
import { deviceOptions, hasDevice } from '../device/deviceOptions.js'
import { grantByText, type TextFlags } from '../device/grantByText.js'
import { grantOffline, signGrantFile } from '../device/grantOffline.js'
import { ExitCode } from '../ExitCode.js'
import { address, headerOptions, type HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { expectReplaceable } from '../outputFile.js'
import type { AddCommand } from '../run.js'

type Flags = ActFlags &
  HeaderFlags &
  SessionFlags &
  TextFlags & { keyKeystore?: string; again?: true; offline?: true; sign?: string; signed?: string }

const help = `
What FILE leaves open comes from the flags and the chain: the chain is the node's, the beginning is the latest block's time, and the
account's kill tag is read. Then the writ is explained, verified as \`writ verify\` does (2,000 operations), and granted on the owner's
authority. The agent needs the file that -o names, its own key, and nothing else.

The owner's word is either a transaction of the account's owner, or text that the owner's Ledger shows and signs at its factory settings:
the module prints that text itself, so what the screen shows is what is enforced. Nothing reaches the device before the gate has passed.
A signed grant is a file that anyone may carry to the chain (activate), with some ether for the gas.

The command can be run again: where the session is in force already, nothing is sent. That holds also for a writ that does not say when
it begins, of which each moment makes another session, with budgets of its own; --again makes one more of those on purpose. To find the one in
force, the module's reports are read, from --from-block on where it is given: begin at the block of the install or before it. Where an
earlier session may have been missed, none is granted. A session whose time is over is not in force, and does not come back.

What --sign and --signed take is whole: --account, --key, --chain, --module, --entity and --tag beside it must say what the file says,
and flags that would make up a grant, such as --ttl, are refused.

-o replaces an earlier file of writ of the same kind, and nothing else; never a grant that an owner has signed.

Examples:
  writ grant pay.writ --owner-keystore owner.json -o pay.session.json
  writ grant pay.writ --owner-keystore owner.json --dry-run          see what would be sent
  writ grant pay.writ --owner-unlocked 0x7099… --yes                 on a development node
  writ grant pay.writ --ledger -o pay.grant.json                     the owner's Ledger signs; nothing is sent
  writ grant pay.writ --ledger -o pay.grant.json --from-keystore payer.json    and it is put into force
  writ grant pay.writ --signer simulated -o pay.grant.json           the same with a device in software

In three steps, the device on a machine without network:
  writ grant pay.writ --offline --account 0x… --key 0x… --chain base --tag 0x… -o pay.grant.json
  writ grant --sign pay.grant.json --ledger
  writ grant --signed pay.grant.json --from-keystore payer.json

Exit codes: 0 in force (or signed, or written), 1 the gate found a difference, 2 usage, 3 invalid writ or grant file, 4 environment (node,
device), 5 refused, by the chain, by you, or on the device.`

/** `writ grant`: a writ into force. */
export const grantCommand: AddCommand = (program, io) => {
  const command = program
    .command('grant')
    .summary('puts a writ into force on the chain')
    .description('Puts FILE, a writ or an artifact, into force on the chain, on the authority of the account’s owner.')
    .argument('[file]', 'a writ, or an artifact made by `writ compile`')
    .option('-o, --output <path>', 'write the artifact, or the signed grant, there, for the agent')
    .option('--again', 'make a new session though an equal one is in force')
    .option('--no-verify', 'skip the gate: nobody has then proved that the module does what the writ says')
    .optionsGroup('On the chain:')
  textActOptions(headerOptions(command), ['account']).optionsGroup('By text, signed on a device:')
  deviceOptions(command)
    .option('--offline', 'ask no node and no device: write (-o) what another machine signs')
    .option('--sign <file>', 'in place of FILE: have the device sign what --offline wrote')
    .option('--signed <file>', 'in place of FILE: put into force what an owner has signed')
    .option('--owner <address>', 'where no node is asked: who is to sign', address)
  carrierOptions(tagOption(command, 'default: as the chain says; where no node is asked, zero'))
  keyKeystoreOption(fromBlockOption(command.optionsGroup('Sessions and keys:')))
    .addHelpText('after', help)
    .action(async (file: string | undefined, flags: Flags) => {
      const given = [file, flags.sign, flags.signed].filter((one) => one !== undefined)
      if (given.length !== 1)
        throw new CliError(
          ExitCode.usage,
          given.length === 0 ? 'no file is named' : 'a file is named more than once',
          'writ grant FILE, or writ grant --sign FILE, or writ grant --signed FILE',
        )
      return grantIn(io, wayOf(flags), given[0] ?? '', await withKey(io, flags))
    })
}

type WayIn = 'offline' | 'sign' | 'signed' | 'text' | 'call'

/** Which of the command's ways the flags mean; flags of another way end it. */
const wayOf = (flags: Flags): WayIn => {
  const device = hasDevice(flags)
  const { offline, sign, signed, via } = flags
  const clash = (one: string, other: string): never => {
    throw new CliError(
      ExitCode.usage,
      `${one} and ${other} do not go together`,
      'leave one of them out: writ grant --help',
    )
  }
  const [first, second] = [offline && '--offline', sign && '--sign', signed && '--signed'].filter((one) => one)
  if (first && second) return clash(first, second)
  if (device && (offline || signed !== undefined)) return clash(first ?? '', 'a device')
  if (first && via !== undefined && via !== 'text') return clash(first, `--via ${via}`)
  const byOwner = flags.ownerKeystore !== undefined || flags.ownerUnlocked !== undefined
  if (byOwner && (first || device)) return clash(first ?? 'a device', "the owner's keystore or unlocked account")
  if (offline) return 'offline'
  if (sign !== undefined) return 'sign'
  if (signed !== undefined) return 'signed'
  if (device && (via === undefined || via === 'text')) return 'text'
  if (via !== 'text') {
    const idle = [flags.tag && '--tag', flags.owner && '--owner', hasCarrier(flags) && '--from-…'].find((one) => one)
    if (idle)
      throw new CliError(
        ExitCode.usage,
        `${idle} is about a grant by text, and this one is a call by the account`,
        'leave it out',
      )
    return 'call'
  }
  throw new CliError(
    ExitCode.usage,
    'text is signed on a device, and none is named',
    'add --ledger, or --signer simulated',
  )
}

const grantIn = (io: Io, way: WayIn, file: string, flags: Flags): Promise<void> => {
  switch (way) {
    case 'offline':
      return grantOffline(io, flags, file)
    case 'sign':
      return signGrantFile(io, flags, file)
    case 'signed':
      return grantSigned(io, flags, file)
    case 'text':
      return grantByText(io, flags, file)
    case 'call':
      return grant(io, file, flags)
    default:
      return way satisfies never
  }
}

const grant = async (io: Io, path: string, flags: Flags): Promise<void> => {
  expectReplaceable(io, flags.output, 'artifact')
  const connection = await connectToAct(io, flags, ['module', 'reader'])
  const intent = await intendGrant(io, path, flags, connection)
  await accountOf(connection, intent.account)
  await expectInstalled(connection, intent)
  const session = await choose(io, flags, connection, intent)
  if (isInForce(session, intent.time)) return finish(io, flags, connection, intent, session, { already: true })
  expectGrantable(session, intent.time)
  expectSigner(flags)
  if (!flags.dryRun) mustSayYes(io, flags)

  const artifact = intent.file.artifact(session.policy, intent.binding)
  if (!flags.json) io.out(`${explain(session.policy)}\n`)
  const found = await gate(io, session.policy, intent.binding, flags.verify)
  if (!flags.json) io.out(gateText(found))
  const order = {
    what: `grants the session ${session.root}`,
    account: intent.account,
    data: callModule(connection.module, calldata.grant(artifact.grant)),
  }
  if (flags.dryRun) {
    const { canonical, root } = artifact
    const more = `the grant is that of this writ:\n\n${canonical}`
    return printPlan(io, flags.json === true, await plan(io, flags, connection, order), more, {
      root,
      canonical,
      gate: found,
    })
  }
  const owner = await settledOwner(io, flags, connection)
  const now = await choose(io, flags, connection, intent)
  if (isInForce(now, intent.time)) return finish(io, flags, connection, intent, now, { already: true })
  const { key, chainId, until } = artifact
  const what = `Grant this to the key ${getAddress(key)} on ${nameOf(chainId)}, until ${dateText(until)}, as ${getAddress(owner.address)}?`
  await confirm(io, flags, what)
  // Before it is sent: a run that dies in between leaves behind which session it was about to make.
  writeArtifact(io, flags, artifact)
  const { hash } = await perform(io, connection, owner, order)
  return finish(io, flags, connection, intent, session, { already: false, transaction: hash, gate: found })
}

const expectInstalled = async ({ client, module, entityId }: Connection, { account }: Intent): Promise<void> => {
  const { installed } = await asked(readOwners(client, { module, account, entityId }))
  if (installed) return
  throw new ChainFault(
    'not-installed',
    `the account ${account} has never installed the module under entity ${entityId}`,
    'install it first: writ install; or name the entity under which it did: --entity',
  )
}

/** What this run did: nothing, where the session was in force already. */
type Done = { readonly already: true } | { readonly already: false; readonly transaction: Hex; readonly gate: Gate }

const finish = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  intent: Intent,
  session: Chosen,
  done: Done,
): Promise<void> => {
  const artifact = await expectInForce(io, flags, connection, intent, session)
  const { root, chainId, account, key, from, until, canonical, grant: bytes } = artifact
  const { output } = flags
  if (flags.json) {
    const facts = { root, chainId, account, key, from, until, canonical, grant: bytes }
    return io.out(`${JSON.stringify({ ...facts, ...done, output })}\n`)
  }
  io.out(`${done.already ? 'in force already:' : 'granted'} session ${root}\n`)
  if (!done.already) io.out(`by transaction ${done.transaction}\n`)
  io.out(`until ${dateText(until)}\n`)
  if (output !== undefined) io.out(`wrote ${output}: give it to the agent\n`)
}
