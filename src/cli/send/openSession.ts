import type { LocalAccount } from 'viem'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import type { Binding } from '../../policy/Binding.js'
import { readArtifact } from '../artifact.js'
import type { ChainFlags } from '../chain/chainOptions.js'
import { accountOf, connect, type Connection } from '../chain/connect.js'
import { sessionNamed, sessionsOf, type SessionFlags } from '../chain/sessions.js'
import { isGrantFile, readGrantFile } from '../device/grantFile.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'

/** Where the session is found: an artifact, or the chain, by account and key. */
export type FindFlags = ChainFlags &
  SessionFlags & { readonly writ?: string; readonly session?: string; readonly direct?: true }

/** A session that a key may act by, and the chain it is on. */
export type Opened = {
  readonly connection: Connection
  readonly account: Address
  readonly grant: Hex
  readonly policy: Policy
  readonly binding: Binding
  /** The owner's signature of the writ's text, where the file has it: the first operation may carry it. */
  readonly signature?: Hex
}

/** Reaches the chain and finds the session of a key. Ends the command where there is none, or where it is not clear which. */
export const openSession = async (io: Io, flags: FindFlags, key: LocalAccount['address']): Promise<Opened> => {
  const needs = ['module', ...(flags.direct ? [] : (['bundler'] as const))] as const
  if (flags.writ !== undefined) {
    if (flags.session !== undefined)
      throw new CliError(ExitCode.usage, '--writ and --session exclude each other', 'leave one of them out')
    const text = readText(io, flags.writ)
    const { policy, binding, grant } = readArtifact(text, flags.writ)
    const signature = isGrantFile(text) ? (await readGrantFile(text, flags.writ)).grant.signature : undefined
    agrees(flags, policy, binding)
    const connection = await connect(
      io,
      { ...flags, chain: policy.chainId, module: binding.module, entity: binding.entityId },
      needs,
    )
    const account = await accountOf(connection, policy.account)
    return { connection, account, grant, policy, binding, ...(signature && { signature }) }
  }
  const connection = await connect(io, flags, needs)
  const account = await accountOf(connection, flags.account)
  const { sessions } = await sessionsOf(io, connection, account, flags)
  const own = sessions.filter(({ policy }) => policy.key === key.toLowerCase())
  if (flags.session !== undefined) {
    const { grant, policy, binding } = sessionNamed(own, flags.session)
    return { connection, account, grant, policy, binding }
  }
  const live = own.filter(({ life }) => life === 'live')
  const [only] = live
  if (only === undefined)
    throw new CliError(
      ExitCode.refused,
      `the key ${key} has no live session at ${account}`,
      own.length === 0
        ? 'its owner has to grant one; is it the right account, chain and key?'
        : `it had, or will have: ${own.map(({ root, life }) => `${root} (${life.replace('-', ' ')})`).join(', ')}`,
    )
  if (live.length > 1)
    throw new CliError(
      ExitCode.usage,
      `the key has ${live.length} live sessions at ${account}`,
      `say by which, with --session: ${live.map(({ root }) => root).join(', ')}`,
    )
  return { connection, account, grant: only.grant, policy: only.policy, binding: only.binding }
}

/** Flags that say the same as an artifact may stand beside it. */
const agrees = (flags: FindFlags, policy: Policy, binding: Binding): void => {
  const pairs = [
    ['account', flags.account, policy.account],
    ['module', flags.module, binding.module],
  ] as const
  for (const [name, given, own] of pairs)
    if (given !== undefined && given !== own)
      throw new CliError(
        ExitCode.invalid,
        `--${name} says ${given}, but the artifact says ${own}`,
        'leave the flag out',
      )
}
