import { ChainFault } from '../../account/ChainFault.js'
import { readAccount } from '../../account/readers/readAccount.js'
import { readState } from '../../account/readers/readState.js'
import type { Binding } from '../../policy/Binding.js'
import type { Address } from '../../policy/Hex.js'
import type { Artifact, Owners } from '../artifact.js'
import { writeText } from '../files.js'
import type { HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { asked } from './asked.js'
import { chooseSession, type Chosen } from './chooseSession.js'
import type { Connection } from './connect.js'
import { loadGrant, type GrantFile } from './loadGrant.js'
import type { SessionFlags } from './sessions.js'

/** What is to be granted, where, and the time of the latest block. */
export type Intent = {
  readonly file: GrantFile
  readonly account: Address
  readonly binding: Binding
  /** Unix seconds. */
  readonly time: number
}

export type IntentFlags = HeaderFlags &
  SessionFlags & { readonly output?: string; readonly again?: true; readonly json?: true }

/** Reads FILE and puts to it what the chain says. */
export const intendGrant = async (
  io: Io,
  path: string,
  flags: IntentFlags,
  { client, chainId, module, entityId }: Connection,
): Promise<Intent> => {
  const time = Number((await asked(client.getBlock())).timestamp)
  const file = loadGrant(io, path, flags, { chainId, time })
  const { account } = file.policy
  const { tag } = await asked(readAccount(client, { module, account }))
  const binding = { module, entityId, tag }
  expectPlace(path, file, binding)
  return { file, account, binding, time }
}

/** An artifact is for one module, entity and kill tag, and for no other. */
const expectPlace = (path: string, { binding: own }: GrantFile, { module, entityId, tag }: Binding): void => {
  if (own === undefined) return
  const again = 'compile the writ again, or give the writ itself'
  if (own.module !== module || own.entityId !== entityId)
    throw new ChainFault(
      'not-installed',
      `\`${path}\` is for entity ${own.entityId} of the module ${own.module}, not for entity ${entityId} of ${module}`,
      `name them with --module and --entity, or ${again}`,
    )
  if (own.tag !== tag)
    throw new ChainFault(
      'session-ended',
      `\`${path}\` names the kill tag ${own.tag}, but the account's is ${tag}: everything made before has been ended`,
      again,
    )
}

/** The session that the intent is about, as the chain knows it now. */
export const choose = (io: Io, flags: IntentFlags, connection: Connection, intent: Intent): Promise<Chosen> =>
  chooseSession(io, connection, intent.file, intent.binding, {
    time: intent.time,
    again: flags.again === true,
    ...(flags.output !== undefined && { output: flags.output }),
    ...(flags.fromBlock !== undefined && { fromBlock: flags.fromBlock }),
  })

/** Writes the artifact where the command line wants it. */
export const writeArtifact = (io: Io, { output }: IntentFlags, artifact: Artifact): void => {
  if (output !== undefined) writeText(io, output, `${JSON.stringify(artifact, null, 2)}\n`)
}

/** Checks that the session is in force now, and writes its artifact. */
export const expectInForce = async (
  io: Io,
  flags: IntentFlags,
  { client, module }: Connection,
  { file, account, binding }: Intent,
  { root, policy }: Chosen,
  owners?: Owners,
): Promise<Artifact> => {
  const { tag } = binding
  const { status } = await asked(readState(client, { module, account, root, tag, meters: policy.meters }))
  if (status !== 'active')
    throw new ChainFault(
      'session-missing',
      `the session ${root} is not in force: its status is ${status}`,
      'the chain may have been reorganized just now: run the same again',
    )
  const artifact = file.artifact(policy, binding, owners)
  writeArtifact(io, flags, artifact)
  return artifact
}
