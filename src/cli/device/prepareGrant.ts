import { ChainFault } from '../../account/ChainFault.js'
import type { Binding } from '../../policy/Binding.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import type { Artifact } from '../artifact.js'
import { bindingOf } from '../bindingOptions.js'
import type { ChainFlags } from '../chain/chainOptions.js'
import { expectGrantable, isInForce } from '../chain/chooseSession.js'
import { accountOf, connect, type Connection } from '../chain/connect.js'
import { choose, intendGrant, type IntentFlags } from '../chain/grantIntent.js'
import { loadGrant } from '../chain/loadGrant.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { loadPolicy } from '../loadPolicy.js'
import { grantOwner } from './textOwner.js'

export type PrepareFlags = ChainFlags &
  HeaderFlags &
  IntentFlags & { readonly tag?: Hex; readonly owner?: Address; readonly chain?: number; readonly account?: Address }

/** A grant that is to be signed as text. */
export type Prepared = {
  readonly policy: Policy
  readonly binding: Binding
  readonly artifact: Artifact
  /** Who must sign it, where that is known. */
  readonly owner?: Address
  /** The chain that was asked; left out: nobody was. */
  readonly connection?: Connection
  /** The session is in force already. */
  readonly already: boolean
}

/** Reads FILE; kill tag, owner and what else is open come from the chain. Ends the command where the session could not be granted there. */
export const prepareOnChain = async (io: Io, path: string, flags: PrepareFlags): Promise<Prepared> => {
  const connection = await connect(io, flags, ['module', 'reader', 'printer'])
  const intent = await intendGrant(io, path, flags, connection)
  const { account, binding, time, file } = intent
  if (flags.tag !== undefined && flags.tag !== binding.tag)
    throw new ChainFault(
      'session-ended',
      `--tag says ${flags.tag}, but the account's kill tag is ${binding.tag}`,
      'leave --tag out: it is read from the chain',
    )
  await accountOf(connection, account)
  const owner = await grantOwner(connection, account)
  if (flags.owner !== undefined && flags.owner !== owner)
    throw new CliError(
      ExitCode.refused,
      `--owner says ${flags.owner}, but the owner that the module knows is ${owner}`,
      'leave --owner out, or look at the account: writ status --verify-install',
    )
  const session = await choose(io, flags, connection, intent)
  const already = isInForce(session, time)
  if (!already) expectGrantable(session, time)
  return {
    policy: session.policy,
    binding,
    artifact: file.artifact(session.policy, binding),
    owner,
    connection,
    already,
  }
}

/** The same with nobody asked: what is open comes from the command line alone, and the beginning is now. */
export const prepareAlone = (io: Io, path: string, flags: PrepareFlags): Prepared => {
  const json = flags.json === true
  const loaded = loadPolicy(io, path, flags, json, true)
  const { chainId, from } = loaded.policy
  const file = loadGrant(io, path, { ...flags, from }, { chainId, time: from })
  const binding = bindingOf(flags, loaded.binding)
  const { owner } = flags
  return {
    policy: file.policy,
    binding,
    artifact: file.artifact(file.policy, binding),
    ...(owner && { owner }),
    already: false,
  }
}
