import { InvalidArgumentError } from 'commander'
import { getAddress } from 'viem'
import { accountAddress } from '../../account/accountAddress.js'
import { ChainFault } from '../../account/ChainFault.js'
import { readValidation } from '../../account/readers/accountView.js'
import { readOwners } from '../../account/readers/readOwners.js'
import * as calldata from '../../compiler/calldata.js'
import { explain } from '../../explain/explain.js'
import { moduleAddress } from '../../evm/moduleAddress.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Owners } from '../artifact.js'
import { actOptions, connectToAct, perform, plan, settledOwner, type ActFlags, type Order } from '../chain/act.js'
import { asked } from '../chain/asked.js'
import { expectGrantable, type Chosen } from '../chain/chooseSession.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { accountOf, nameOf, type Connection } from '../chain/connect.js'
import { gate, gateText } from '../chain/gate.js'
import { choose, expectInForce, intendGrant, writeArtifact, type Intent } from '../chain/grantIntent.js'
import { ownerAddress } from '../chain/owner.js'
import { keyKeystoreOption, withKey } from '../chain/keyFile.js'
import { printPlan } from '../chain/planned.js'
import { fromBlockOption, type SessionFlags } from '../chain/sessions.js'
import { deviceOptions } from '../device/deviceOptions.js'
import { address, headerOptions, type HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { expectReplaceable } from '../outputFile.js'
import type { AddCommand } from '../run.js'

type Flags = ActFlags &
  HeaderFlags &
  SessionFlags & {
    owner?: Address
    secondOwner?: Address
    textGrants: boolean
    salt?: bigint
    grant?: string
    keyKeystore?: string
    output?: string
    verify: boolean
  }

const help = `
Run once for each account, by its owner. The module is installed for operations of session keys and nothing else, and without hooks; it
learns who the owners are: the first one can sign grants as text, both can sign kills. An entity id serves once for ever, also where the
module is uninstalled again: the next free one is named then. Look at the result on a second machine: writ status --verify-install.

With --salt the account itself is made first, by its kind's factory, where it does not stand yet.
With --grant a first writ comes into force with the install (its flags --key, --ttl … are those of \`writ grant\`).

Examples:
  writ install --account 0x5A0b… --owner-keystore owner.json
  writ install --salt 0 --owner-keystore owner.json                       makes the account too
  writ install --account 0x5A0b… --owner-keystore owner.json --grant pay.writ -o pay.session.json
  writ install --account 0x5A0b… --owner-keystore owner.json --owner 0xDad7…   the Ledger's address will sign grants
  writ install --account 0x5A0b… --ledger               the account's owner is a Ledger (needs its setting of blind signing)

Exit codes: 0 installed, 1 the gate found a difference, 2 usage, 3 invalid writ, 4 environment, 5 refused (the entity id was used).`

/** `writ install`: the module into an account. */
export const installCommand: AddCommand = (program, io) => {
  const command = program
    .command('install')
    .summary('installs the module in an account, and says who its owners are')
    .description('Installs the module in an account, on the authority of its owner, and registers the owners.')
    .option('--owner <address>', 'who may sign grants and kills (default: who signs this)', address)
    .option('--second-owner <address>', 'who may sign kills too', address)
    .option('--no-text-grants', 'only calls of the account itself can grant')
    .option('--salt <n>', 'makes the account of the owner and this salt, where it does not stand yet', salt)
    .option('--grant <file>', 'a first writ, put into force with the install')
    .option('-o, --output <path>', 'with --grant: write the artifact there, for the agent')
    .option('--no-verify', 'with --grant: skip the gate')
    .addHelpText('after', help)
  keyKeystoreOption(fromBlockOption(deviceOptions(actOptions(headerOptions(command), ['account'])))).action(
    async (flags: Flags) => install(io, await withKey(io, flags)),
  )
}

const salt = (text: string): bigint => {
  if (!/^(0x[0-9a-fA-F]{1,64}|[0-9]{1,77})$/.test(text)) throw new InvalidArgumentError('It is not a whole number.')
  return BigInt(text)
}

/** A first writ, and the session that it becomes. */
type First = { readonly intent: Intent; readonly session: Chosen }

const install = async (io: Io, flags: Flags): Promise<void> => {
  if (flags.grant !== undefined) expectReplaceable(io, flags.output, 'artifact')
  const connection = await connectToAct(io, flags, ['module', 'reader'])
  const account = await accountToBe(io, flags, connection)
  const signer = await ownerAddress(io, flags)
  const owners: Owners = { first: flags.owner ?? signer, second: flags.secondOwner, textGrants: flags.textGrants }
  const first = await firstGrant(io, { ...flags, account }, connection)
  // The module keeps a session active after its time: that it is in force already is not said of one that is over.
  if (first?.session.status === 'active') expectGrantable(first.session, first.intent.time)
  if (await isInstalled(connection, account, owners, first))
    return finish(io, flags, connection, account, owners, first)
  if (first) expectGrantable(first.session, first.intent.time)
  if (!flags.dryRun) mustSayYes(io, flags)

  const artifact = first?.intent.file.artifact(first.session.policy, first.intent.binding, owners)
  if (first && artifact) {
    if (!flags.json) io.out(`${explain(first.session.policy)}\n`)
    const found = await gate(io, first.session.policy, first.intent.binding, flags.verify)
    if (!flags.json) io.out(gateText(found))
  }
  const order = orderOf(flags, connection, account, owners, artifact?.grant)
  if (flags.dryRun) {
    const more = artifact ? `the grant is that of this writ:\n\n${artifact.canonical}` : ''
    const facts = { account, ...(artifact && { root: artifact.root, canonical: artifact.canonical }) }
    return printPlan(io, flags.json === true, await plan(io, flags, connection, order), more, facts)
  }
  const owner = await settledOwner(io, flags, connection)
  if (await isInstalled(connection, account, owners, first))
    return finish(io, flags, connection, account, owners, first)
  await confirm(io, flags, questionOf(connection, account, owners))
  if (artifact) writeArtifact(io, flags, artifact)
  const { hash } = await perform(io, connection, owner, order)
  return finish(io, flags, connection, account, owners, first, hash)
}

/** The account's address, also where it does not stand yet and is made by its salt. */
const accountToBe = async (io: Io, flags: Flags, connection: Connection): Promise<Address> => {
  if (flags.salt === undefined) return accountOf(connection, flags.account)
  const owner = await ownerAddress(io, flags)
  const made = await asked(accountAddress(connection.client, connection.kind, owner, flags.salt))
  if (flags.account === undefined || flags.account === made) return made
  throw new ChainFault(
    'account-missing',
    `the account of ${owner} and salt ${flags.salt} is ${made}, not ${flags.account}`,
    'leave one of --account and --salt out, or correct it',
  )
}

const firstGrant = async (
  io: Io,
  flags: Flags & { readonly account: Address },
  connection: Connection,
): Promise<First | undefined> => {
  if (flags.grant === undefined) return undefined
  const intent = await intendGrant(io, flags.grant, flags, connection)
  return { intent, session: await choose(io, flags, connection, intent) }
}

const orderOf = (
  { salt }: Flags,
  { module, entityId, kind }: Connection,
  account: Address,
  { first, second, textGrants }: Owners,
  grant: Hex | undefined,
): Order => ({
  what: `installs the module in the account of kind ${kind.name}, as entity ${entityId}`,
  account,
  data: calldata.installValidation(module, {
    entityId,
    firstOwner: first,
    textGrants,
    ...(second && { secondOwner: second }),
    ...(grant && { grant }),
  }),
  ...(salt !== undefined && { salt }),
})

/** Whether an earlier run did all of it. An entity id that was used for something else ends the command, with the next free one. */
const isInstalled = async (
  connection: Connection,
  account: Address,
  { first, second, textGrants }: Owners,
  granted: First | undefined,
): Promise<boolean> => {
  const { client, module, entityId } = connection
  const found = await asked(readOwners(client, { module, account, entityId }))
  if (!found.installed) return false
  const same = found.first === first && found.second === second && found.textGrants === textGrants
  if (!same)
    throw new ChainFault(
      'entity-taken',
      `the account ${account} used the entity ${entityId} before, with other owners; an entity serves once`,
      `the next free one: --entity ${await nextFree(connection, account)}`,
    )
  const view = await asked(readValidation(client, account, { module, entityId }))
  if (view?.flags === 0)
    throw new ChainFault(
      'entity-taken',
      `the account ${account} uninstalled the entity ${entityId}; an entity serves once`,
      `the next free one: --entity ${await nextFree(connection, account)}`,
    )
  if (granted === undefined || granted.session.status === 'active') return true
  throw new ChainFault(
    'entity-taken',
    `the module is installed as entity ${entityId} already, without this writ`,
    'put the writ into force with: writ grant FILE',
  )
}

const nextFree = async ({ client, module, entityId }: Connection, account: Address): Promise<number> => {
  let free = entityId + 1
  while ((await asked(readOwners(client, { module, account, entityId: free }))).installed) free += 1
  return free
}

const questionOf = ({ chainId, entityId }: Connection, account: Address, { first, second, textGrants }: Owners) => {
  const owners = second === undefined ? getAddress(first) : `${getAddress(first)} and ${getAddress(second)}`
  const text = textGrants ? '' : ', without text grants'
  return `Install the module in ${getAddress(account)} on ${nameOf(chainId)} as entity ${entityId}, for ${owners}${text}?`
}

/** Checks that all of it is so, and says it; without a transaction it was so before. */
const finish = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  account: Address,
  owners: Owners,
  granted: First | undefined,
  transaction?: Hex,
): Promise<void> => {
  const { chainId, module, entityId } = connection
  if (!(await isInstalled(connection, account, owners, transaction === undefined ? granted : undefined)))
    throw new ChainFault(
      'not-installed',
      `the module is not installed in ${account} after transaction ${transaction ?? ''}`,
      'the chain may have been reorganized just now: run the same again',
    )
  const artifact = granted && (await expectInForce(io, flags, connection, granted.intent, granted.session, owners))
  const already = transaction === undefined
  if (flags.json) {
    const facts = { chainId, account, module, entityId, owners, already, transaction, root: artifact?.root }
    return io.out(`${JSON.stringify({ ...facts, output: flags.output })}\n`)
  }
  io.out(`${already ? 'installed already' : 'installed'}: entity ${entityId} of ${getAddress(account)}\n`)
  if (!already) io.out(`by transaction ${transaction}\n`)
  if (artifact) io.out(`granted session ${artifact.root}\n`)
  if (flags.output !== undefined && artifact) io.out(`wrote ${flags.output}: give it to the agent\n`)
  io.out(`next: look at it on a second machine, through another node: ${verifyLine(connection, account, owners)}\n`)
}

/** The command that compares all of what was installed. The URL of the node here is not in it: it may hold a key, and another node is what is wanted. */
const verifyLine = (
  { module, entityId }: Connection,
  account: Address,
  { first, second, textGrants }: Owners,
): string =>
  [
    `writ status --verify-install --account ${getAddress(account)} --owner ${getAddress(first)}`,
    ...(second === undefined ? [] : [`--second-owner ${getAddress(second)}`]),
    ...(textGrants ? [] : ['--no-text-grants']),
    ...(entityId === 1 ? [] : [`--entity ${entityId}`]),
    ...(module === moduleAddress() ? [] : [`--module ${getAddress(module)}`]),
    '--rpc URL',
  ].join(' ')
