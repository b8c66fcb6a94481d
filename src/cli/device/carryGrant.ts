import { getAddress } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import { readAccount } from '../../account/readers/readAccount.js'
import { readState } from '../../account/readers/readState.js'
import * as calldata from '../../compiler/calldata.js'
import type { Hex } from '../../policy/Hex.js'
import type { State } from '../../policy/State.js'
import { bindingOf, type BindingFlags } from '../bindingOptions.js'
import { asked } from '../chain/asked.js'
import { carry, carrierAddress, hasCarrier, type CarrierFlags } from '../chain/carrier.js'
import type { ChainFlags } from '../chain/chainOptions.js'
import { expectGrantable, isInForce } from '../chain/chooseSession.js'
import { mustSayYes } from '../chain/confirm.js'
import { accountOf, connect, nameOf, type Connection } from '../chain/connect.js'
import { dateText } from '../chain/dateText.js'
import type { Gate } from '../chain/gate.js'
import { printPlan } from '../chain/planned.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import { expectNoIdle, expectSame, ofUnsigned } from './fileSays.js'
import { factsOf } from './grantFacts.js'
import { readGrantFile, type ReadGrant, type SignedGrant } from './grantFile.js'
import { proveGrant } from './proveGrant.js'
import { grantOwner } from './textOwner.js'

type Flags = ChainFlags & CarrierFlags & BindingFlags & { readonly verify: boolean }

type Whole = SignedGrant & Pick<ReadGrant, 'policy' | 'binding'>

/** `writ grant --signed FILE`: what an owner has signed is checked again, all of it, and put into force by whoever pays for it. */
export const grantSigned = async (io: Io, flags: Flags, path: string): Promise<void> => {
  expectNoIdle(flags, [...ofUnsigned, 'output', 'owner'], 'of a grant that is signed already')
  const read = await readGrantFile(readText(io, path), path)
  const { policy, binding } = read
  expectSame(path, flags, policy)
  const { owner, signature } = read.grant
  if (owner === undefined || signature === undefined)
    throw new CliError(
      ExitCode.usage,
      `\`${path}\` is not signed yet`,
      `on the machine with the owner's device: writ grant --sign ${path} --ledger`,
    )
  const grant: Whole = { ...read.grant, policy, binding, owner, signature }
  const { module, entityId } = bindingOf(flags, binding)
  const connection = await connect(io, { ...flags, chain: policy.chainId, module, entity: entityId }, [
    'module',
    'reader',
    'printer',
  ])
  await accountOf(connection, policy.account)
  const time = Number((await asked(connection.client.getBlock())).timestamp)
  const status = await statusOf(connection, grant)
  if (isInForce({ status, policy }, time)) return finish(io, flags, grant, { already: true })
  await expectCarriable(connection, grant, status, time)
  if (!hasCarrier(flags))
    throw new CliError(
      ExitCode.usage,
      'nobody is named to carry it',
      'add --from-keystore FILE: anyone with some ether',
    )
  if (!flags.dryRun) mustSayYes(io, flags)
  const { gate } = await proveGrant(io, flags, policy, binding)
  if (flags.dryRun) {
    const from = await carrierAddress(io, flags)
    const what = `puts the session ${grant.artifact.root} into force`
    const data = calldata.activate(grant.artifact.grant, signature)
    const facts = { root: grant.artifact.root, owner, text: grant.text, gate }
    const more = `the grant is that of this text, signed by ${getAddress(owner)}:\n\n${grant.text}\n`
    return printPlan(io, flags.json === true, [{ what, from, to: module, data }], more, facts)
  }
  return carryGrant(io, flags, connection, grant, { gate, output: path })
}

/** How the grant was proved, and the file that has it. */
type How = { readonly gate: Gate; readonly output: string }

/** Sends `activate`, which pins the decimals that the grant states, and checks that the session is in force. */
export const carryGrant = async (
  io: Io,
  flags: ChainFlags & CarrierFlags,
  connection: Connection,
  grant: Whole,
  how: How,
): Promise<void> => {
  const { artifact, owner, signature } = grant
  const { root, key, chainId, until } = artifact
  const transaction = await carry(io, flags, connection, {
    to: connection.module,
    data: calldata.activate(artifact.grant, signature),
    question: `Put this into force for the key ${getAddress(key)} on ${nameOf(chainId)}, until ${dateText(until)}, as ${getAddress(owner)} signed it, paid by $?`,
    isDone: async () => (await statusOf(connection, grant)) === 'active',
  })
  if ((await statusOf(connection, grant)) !== 'active')
    throw new ChainFault(
      'session-missing',
      `the session ${root} is not in force after transaction ${transaction ?? ''}`,
      'the chain may have been reorganized just now: run the same again',
    )
  return finish(io, flags, grant, { ...how, already: transaction === undefined, transaction })
}

const statusOf = async (
  { client, module }: Connection,
  { policy, binding, artifact }: Whole,
): Promise<State['status']> => {
  const { account, meters } = policy
  const { tag } = binding
  return (await asked(readState(client, { module, account, root: artifact.root, tag, meters }))).status
}

/** That the chain would take it: by its owner, under the present kill tag, neither revoked nor over. */
const expectCarriable = async (
  connection: Connection,
  grant: Whole,
  status: State['status'],
  time: number,
): Promise<void> => {
  const { client, module } = connection
  const { policy, binding, owner, artifact } = grant
  const { account } = policy
  const registered = await grantOwner(connection, account)
  if (registered !== owner)
    throw new ChainFault(
      'signature-refused',
      `the grant is signed by ${owner}, but the owner of ${account} that the module knows is ${registered}`,
      'have that owner sign it: writ grant FILE --ledger',
    )
  const { tag } = await asked(readAccount(client, { module, account }))
  if (tag !== binding.tag)
    throw new ChainFault(
      'session-ended',
      `the grant names the kill tag ${binding.tag}, but the account's is ${tag}: everything signed before has been ended`,
      'have a new one signed: writ grant FILE --ledger',
    )
  // What is signed cannot be corrected.
  const anew = 'have a new one signed: writ grant FILE --ledger'
  if (status === 'none' && time >= policy.until)
    throw new ChainFault(
      'session-ended',
      `the signed session ${artifact.root} has ended before anyone put it into force: its \`until\` is ${dateText(policy.until)}, on the chain it is ${dateText(time)}`,
      anew,
    )
  expectGrantable({ policy, root: artifact.root, status }, time, anew)
}

/** What this run did: nothing, where the session was in force already. */
type Done = Partial<How> & { readonly already: boolean; readonly transaction?: Hex | undefined }

const finish = (io: Io, flags: ChainFlags, { artifact, owner }: Whole, done: Done): void => {
  const { root, until } = artifact
  if (flags.json) return io.out(`${JSON.stringify({ ...factsOf(artifact), owner, ...done })}\n`)
  io.out(`${done.already ? 'in force already:' : 'granted'} session ${root}\n`)
  if (done.transaction !== undefined) io.out(`by transaction ${done.transaction}\n`)
  io.out(`until ${dateText(until)}\n`)
  if (done.output !== undefined) io.out(`${done.output} is for the agent\n`)
}
