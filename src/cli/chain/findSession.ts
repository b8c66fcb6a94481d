import { ChainFault } from '../../account/ChainFault.js'
import { rootOf } from '../../compiler/root.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { readArtifact } from '../artifact.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import { accountOf, type Connection } from './connect.js'
import { sessionNamed, sessionsOf, type SessionFlags } from './sessions.js'

/** A session that the command line names; its policy is known where an artifact, or a report on the chain, holds its grant. */
export type Named = {
  readonly account: Address
  readonly root: Hex
  readonly grant?: Hex
  readonly policy?: Policy
}

/** Finds what SESSION names: an artifact file, a whole root, or the beginning of one that only one session of the account has. */
export const findSession = async (
  io: Io,
  connection: Connection,
  session: string,
  flags: SessionFlags & { readonly account?: Address },
): Promise<Named> => {
  const { account } = flags
  if (!/^0x[0-9a-fA-F]*$/.test(session)) return fromFile(io, connection, session, account)
  const root = session.toLowerCase() as Hex
  const owner = await accountOf(connection, account)
  // Where the node is slow to tell what it knows, a whole root is enough to end a session.
  if (root.length === 66) return { account: owner, root }
  const { sessions } = await sessionsOf(io, connection, owner, flags)
  const { grant, policy, ...found } = sessionNamed(sessions, root)
  return { account: owner, root: found.root, grant, policy }
}

const fromFile = async (io: Io, connection: Connection, file: string, account: Address | undefined): Promise<Named> => {
  const { policy, binding, grant } = readArtifact(readText(io, file), file)
  if (policy.chainId !== connection.chainId)
    throw new ChainFault(
      'wrong-chain',
      `the session in \`${file}\` is of chain ${policy.chainId}, but the node is of ${connection.chainId}`,
      'give --rpc a node of that chain',
    )
  if (account !== undefined && account !== policy.account)
    throw new CliError(ExitCode.invalid, `\`${file}\` is of the account ${policy.account}, not of ${account}`)
  if (binding.module !== connection.module)
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` is of the module ${binding.module}, not of ${connection.module}`,
      `add --module ${binding.module}`,
    )
  return { account: policy.account, root: rootOf(grant), grant, policy }
}
