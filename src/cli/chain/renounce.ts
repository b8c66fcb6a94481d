import { getAddress } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import { keystoreOwner } from '../../account/owners/keystoreOwner.js'
import * as compiled from '../../compiler/renounce.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import type { ChainFlags } from './chainOptions.js'
import { confirm, mustSayYes } from './confirm.js'
import { connect, type Connection } from './connect.js'
import { findSession, type Named } from './findSession.js'
import { keyAddress, openKey } from './keyFile.js'
import type { PasswordFlags } from './password.js'
import { printPlan } from './planned.js'
import { sessionNamed, sessionsOf, type SessionFlags } from './sessions.js'
import { settle, transact } from './transaction.js'

export type RenounceFlags = ChainFlags & PasswordFlags & SessionFlags & { readonly keyKeystore?: string }

/** Told how it ended; without a transaction the session was ended before. */
type Ended<Flags> = (
  io: Io,
  flags: Flags,
  connection: Connection,
  named: Named,
  transaction: Hex | undefined,
) => Promise<void>

/** The agent's key ends its own session, by a transaction of the key's address, which pays the gas. */
export const renounce = async <Flags extends RenounceFlags>(
  io: Io,
  flags: Flags,
  session: string,
  {
    isEnded,
    ended,
  }: { readonly isEnded: (connection: Connection, named: Named) => Promise<boolean>; readonly ended: Ended<Flags> },
): Promise<void> => {
  const { keyKeystore: file } = flags
  if (file === undefined)
    throw new CliError(ExitCode.usage, '--renounce needs the key', "add --key-keystore FILE, the agent's keystore")
  const connection = await connect(io, flags, ['module'])
  const named = await withGrant(io, connection, await findSession(io, connection, session, flags), flags)
  if (await isEnded(connection, named)) return ended(io, flags, connection, named, undefined)
  const from = await keyAddress(io, flags, file)
  expectKey(named, from)
  const transaction = { to: connection.module, data: compiled.renounce(named.grant) }
  const what = `renounces the session ${named.root}`
  if (flags.dryRun) return printPlan(io, flags.json === true, [{ what, from, ...transaction }])
  mustSayYes(io, flags)
  const key: OwnerSigner = keystoreOwner(connection.client, await openKey(io, flags, file))
  await settle(io, connection, key.address)
  if (await isEnded(connection, named)) return ended(io, flags, connection, named, undefined)
  await confirm(io, flags, `End the session ${named.root} of the key ${getAddress(from)} for ever?`)
  return ended(io, flags, connection, named, await transact(io, connection, key, transaction))
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
