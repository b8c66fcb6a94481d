import { getAddress } from 'viem'
import { callModule } from '../../account/callModule.js'
import { ChainFault } from '../../account/ChainFault.js'
import { readOwners } from '../../account/readers/readOwners.js'
import * as calldata from '../../compiler/calldata.js'
import { explain } from '../../explain/explain.js'
import type { Hex } from '../../policy/Hex.js'
import { actOptions, connectToAct, perform, plan, settledOwner, type ActFlags } from '../chain/act.js'
import { asked } from '../chain/asked.js'
import { expectGrantable, type Chosen } from '../chain/chooseSession.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { accountOf, nameOf, type Connection } from '../chain/connect.js'
import { dateText } from '../chain/dateText.js'
import { gate, gateText, type Gate } from '../chain/gate.js'
import { choose, expectInForce, intendGrant, writeArtifact, type Intent } from '../chain/grantIntent.js'
import { keyKeystoreOption, withKey } from '../chain/keyFile.js'
import { printPlan } from '../chain/planned.js'
import { fromBlockOption, type SessionFlags } from '../chain/sessions.js'
import { headerOptions, type HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type Flags = ActFlags &
  HeaderFlags &
  SessionFlags & { keyKeystore?: string; output?: string; verify: boolean; again?: true }

const help = `
What FILE leaves open comes from the flags and the chain: the chain is the node's, the beginning is the latest block's time, and the
account's kill tag is read. Then the writ is explained, verified as \`writ verify\` does (2,000 operations), and granted on the owner's
authority. The agent needs the artifact (-o), its own key, and nothing else.

The command can be run again: where the session is in force already, nothing is sent. That holds also for a writ that does not say when
it begins, of which each moment makes another session, with budgets of its own; --again makes one more of those on purpose.

Examples:
  writ grant pay.writ --owner-keystore owner.json -o pay.session.json
  writ grant pay.writ --owner-keystore owner.json --dry-run          see what would be sent
  writ grant pay.writ --owner-unlocked 0x7099… --yes                 on a development node

Exit codes: 0 the session is in force, 1 the gate found a difference, 2 usage, 3 invalid writ, 4 environment, 5 refused.`

/** `writ grant`: a writ into force. */
export const grantCommand: AddCommand = (program, io) => {
  const command = program
    .command('grant')
    .summary('puts a writ into force on the chain')
    .description('Puts FILE, a writ or an artifact, into force on the chain, on the authority of the account’s owner.')
    .argument('<file>', 'a writ, or an artifact made by `writ compile`')
    .option('-o, --output <path>', 'write the artifact there, for the agent')
    .option('--again', 'make a new session though an equal one is in force')
    .option('--no-verify', 'skip the gate: nobody has then proved that the module does what the writ says')
    .addHelpText('after', help)
  keyKeystoreOption(fromBlockOption(actOptions(headerOptions(command), ['account']))).action(
    async (file: string, flags: Flags) => grant(io, file, await withKey(io, flags)),
  )
}

const grant = async (io: Io, path: string, flags: Flags): Promise<void> => {
  const connection = await connectToAct(io, flags, ['module', 'reader'])
  const intent = await intendGrant(io, path, flags, connection)
  await accountOf(connection, intent.account)
  await expectInstalled(connection, intent)
  const session = await choose(io, flags, connection, intent)
  if (session.status === 'active') return finish(io, flags, connection, intent, session, { already: true })
  expectGrantable(session, intent.time)
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
  if (now.status === 'active') return finish(io, flags, connection, intent, now, { already: true })
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
