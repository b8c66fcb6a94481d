import { getAddress } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import { keystoreOwner } from '../../account/owners/keystoreOwner.js'
import * as compiled from '../../compiler/renounce.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { carryOrder } from '../device/carryOrder.js'
import { orderCalldata, renderOrderFile, type SignedOrder } from '../device/orderFile.js'
import { writeText } from '../files.js'
import { carrierAddress, hasCarrier, type CarrierFlags } from './carrier.js'
import { endedOne, statusOf } from './ended.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import { expectReplaceable } from '../outputFile.js'
import type { ChainFlags } from './chainOptions.js'
import { confirm, mustSayYes } from './confirm.js'
import { connect, type Connection } from './connect.js'
import { findSession, type Named } from './findSession.js'
import { keyAddress, openKey } from './keyFile.js'
import type { PasswordFlags } from './password.js'
import { printPlan } from './planned.js'
import { sessionNamed, sessionsOf, type SessionFlags } from './sessions.js'
import { settle, transact } from './transaction.js'

export type RenounceFlags = ChainFlags &
  PasswordFlags &
  SessionFlags &
  CarrierFlags & { readonly keyKeystore?: string; readonly out?: string }

/**
 * The agent's key ends its own session: by a transaction of the key's address, which pays the gas, or by a signature that a carrier pays for, or that
 * is written for one.
 */
export const renounce = async (io: Io, flags: RenounceFlags, session: string): Promise<void> => {
  const { keyKeystore: file } = flags
  if (file === undefined)
    throw new CliError(ExitCode.usage, '--renounce needs the key', "add --key-keystore FILE, the agent's keystore")
  expectReplaceable(io, flags.out, 'order')
  const connection = await connect(io, flags, ['module'])
  const named = await withGrant(io, connection, await findSession(io, connection, session, flags), flags)
  const isEnded = async (): Promise<boolean> => (await statusOf(connection, named)) === 'revoked'
  const ended = (transaction?: Hex): Promise<void> => endedOne(io, flags, connection, named, transaction)
  if (await isEnded()) return ended()
  const from = await keyAddress(io, flags, file)
  expectKey(named, from)
  if (hasCarrier(flags) || flags.out !== undefined) return bySignature(io, flags, connection, named, file)
  const transaction = { to: connection.module, data: compiled.renounce(named.grant) }
  const what = `renounces the session ${named.root}`
  if (flags.dryRun) return printPlan(io, flags.json === true, [{ what, from, ...transaction }])
  mustSayYes(io, flags)
  const key: OwnerSigner = keystoreOwner(connection.client, await openKey(io, flags, file))
  await settle(io, connection, key.address)
  if (await isEnded()) return ended()
  await confirm(io, flags, `End the session ${named.root} of the key ${getAddress(from)} for ever?`)
  return ended(await transact(io, connection, key, transaction))
}

/** Signed by the key, and carried by another, now or later. */
const bySignature = async (
  io: Io,
  flags: RenounceFlags,
  connection: Connection,
  { grant, policy, root }: Whole,
  file: string,
): Promise<void> => {
  const { module, entityId } = connection
  const carried = hasCarrier(flags)
  if (carried) mustSayYes(io, flags)
  const key = await openKey(io, flags, file)
  const signature = await key.sign({ hash: compiled.renounceDigest(grant) })
  const order: SignedOrder = { by: 'key', grant, policy, module, entityId, signature }
  if (flags.dryRun) {
    const from = carried ? await carrierAddress(io, flags) : policy.key
    const planned = { what: `renounces the session ${root}`, from, to: module, data: orderCalldata(order) }
    return printPlan(io, flags.json === true, [planned])
  }
  const { out } = flags
  if (out !== undefined) writeText(io, out, renderOrderFile(order))
  if (carried) return carryOrder(io, flags, connection, order)
  if (flags.json) return io.out(`${JSON.stringify({ root, signature, sent: false, out })}\n`)
  io.out(
    `signed by the key, not carried yet: the session ${root} has not ended\nwrote ${out}\nnext: anyone with ether for the gas carries it: writ revoke --signed ${out} --from-keystore FILE\n`,
  )
}

type Whole = Named & Required<Pick<Named, 'grant' | 'policy'>>

/** The module knows the key by the grant's own header, so the grant is needed. */
const withGrant = async (io: Io, connection: Connection, named: Named, flags: SessionFlags): Promise<Whole> => {
  const { account, root, grant, policy } = named
  if (grant !== undefined && policy !== undefined) return { account, root, grant, policy }
  const { sessions } = await sessionsOf(io, connection, account, flags)
  const found = sessionNamed(sessions, root)
  return { account, root, grant: found.grant, policy: found.policy }
}

const expectKey = ({ root, policy }: Whole, key: Address): void => {
  if (policy.key === key) return
  throw new ChainFault(
    'signature-refused',
    `the session ${root} is of the key ${policy.key}, not of ${key}`,
    'give the keystore of that key, or let the owner end it',
  )
}
