import { concat, getAddress, keccak256, slice } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import { readAccount, type AccountState } from '../../account/readers/readAccount.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { asked } from '../chain/asked.js'
import { carry, carrierAddress, hasCarrier, type CarrierFlags } from '../chain/carrier.js'
import type { ChainFlags } from '../chain/chainOptions.js'
import { mustSayYes } from '../chain/confirm.js'
import { accountOf, connect, nameOf, type Connection } from '../chain/connect.js'
import { endedAll, endedOne, statusOf } from '../chain/ended.js'
import { printPlan } from '../chain/planned.js'
import type { SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import { expectNoIdle, expectSame } from './fileSays.js'
import { orderCalldata, readOrderFile, rootIn, type SignedOrder } from './orderFile.js'
import { registeredOwners } from './textOwner.js'

type Flags = ChainFlags & CarrierFlags & SessionFlags

/** `writ revoke --signed FILE`: an end of sessions that was signed elsewhere, carried by whoever pays for it. */
export const revokeSigned = async (io: Io, flags: Flags, path: string): Promise<void> => {
  expectNoIdle(flags, idle, 'of an end that is signed already')
  const order = await readOrderFile(readText(io, path), path)
  const { module, entityId } = order
  const chain = chainOf(order)
  if (chain !== undefined && flags.chain !== undefined && chain !== flags.chain)
    throw new CliError(ExitCode.invalid, `\`${path}\` is for ${nameOf(chain)}, not for ${nameOf(flags.chain)}`)
  expectSame(
    path,
    { account: flags.account, module: flags.module, entity: flags.entity },
    {
      account: accountIn(order),
      module,
      entityId,
    },
  )
  const place = { module, entity: entityId, ...(chain !== undefined && { chain }) }
  const connection = await connect(io, { ...flags, ...place }, ['module', 'reader'])
  await accountOf(connection, accountIn(order))
  if (await isDone(connection, order)) return ended(io, flags, connection, order, undefined)
  await expectOwner(connection, order)
  if (!hasCarrier(flags))
    throw new CliError(
      ExitCode.usage,
      'nobody is named to carry it',
      'add --from-keystore FILE: anyone with some ether',
    )
  if (flags.dryRun) {
    const from = await carrierAddress(io, flags)
    const facts = order.by === 'owner' ? { owner: order.owner, text: order.text } : {}
    const more = order.by === 'owner' ? `signed by ${getAddress(order.owner)}:\n\n${order.text}\n` : ''
    const planned = { what: whatOf(order), from, to: module, data: orderCalldata(order) }
    return printPlan(io, flags.json === true, [planned], more, facts)
  }
  mustSayYes(io, flags)
  return carryOrder(io, flags, connection, order)
}

/** Flags of the other ways to revoke. */
const idle = ['out', 'kind', 'ownerValidation', 'entryPoint', 'ownerKeystore', 'ownerUnlocked', 'keyKeystore'] as const

/** Sends an order, and says what became of it. `keep` is called where it could not be carried, before the command ends with the reason. */
export const carryOrder = async (
  io: Io,
  flags: Flags,
  connection: Connection,
  order: SignedOrder,
  keep?: () => void,
): Promise<void> => {
  const root = rootIn(order)
  const account = getAddress(accountIn(order))
  const what = root === undefined ? `EVERY session of ${account}` : `the session ${root} of ${account}`
  const who = order.by === 'owner' ? getAddress(order.owner) : 'its own key'
  const transaction = await carry(io, flags, connection, {
    to: connection.module,
    data: orderCalldata(order),
    question: `End ${what} on ${nameOf(connection.chainId)}, for ever, as ${who} signed it, paid by $?`,
    isDone: () => isDone(connection, order),
  }).catch((error: unknown) => {
    keep?.()
    throw error
  })
  return ended(io, flags, connection, order, transaction)
}

const ended = (
  io: Io,
  flags: Flags,
  connection: Connection,
  order: SignedOrder,
  transaction: Hex | undefined,
): Promise<void> => {
  const root = rootIn(order)
  const account = accountIn(order)
  if (root === undefined)
    return endedAll(io, flags, connection, account, (now) => isKilledBy(now, order.signature), transaction)
  const known = order.by === 'key' && { grant: order.grant, policy: order.policy }
  return endedOne(io, flags, connection, { account, root, ...known }, transaction)
}

/** A clause. */
const whatOf = (order: SignedOrder): string => {
  const root = rootIn(order)
  if (order.by === 'key') return `renounces the session ${String(root)}`
  return root === undefined ? 'ends every session of the account' : `ends the session ${root}`
}

const isDone = async (connection: Connection, order: SignedOrder): Promise<boolean> => {
  const { client, module } = connection
  const root = rootIn(order)
  const account = accountIn(order)
  if (root !== undefined) return (await statusOf(connection, { account, root })) === 'revoked'
  return isKilledBy(await asked(readAccount(client, { module, account })), order.signature)
}

/** The tag that a kill leaves is made from its signature, and from no other. */
const isKilledBy = ({ tag }: AccountState, signature: Hex): boolean =>
  tag === slice(keccak256(concat([slice(signature, 0, 64)])), 0, 6)

/** That the module would take the text as an owner's. */
const expectOwner = async (connection: Connection, order: SignedOrder): Promise<void> => {
  if (order.by === 'key') return
  const { first, second } = await registeredOwners(connection, order.kill.account)
  if (order.owner === first || order.owner === second) return
  throw new ChainFault(
    'signature-refused',
    `it is signed by ${order.owner}, but the owner of ${order.kill.account} that the module knows is ${[first, second].filter((one) => one).join(' or ')}`,
    'have that owner sign it: writ revoke --all --ledger',
  )
}

const accountIn = (order: SignedOrder): Address => (order.by === 'key' ? order.policy.account : order.kill.account)

const chainOf = (order: SignedOrder): number | undefined => {
  if (order.by === 'key') return order.policy.chainId
  return order.kill.kind === 'everyChain' ? undefined : order.kill.chainId
}
