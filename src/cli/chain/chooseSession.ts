import { ChainFault } from '../../account/ChainFault.js'
import { findValidations } from '../../account/readers/findValidations.js'
import { readOwners } from '../../account/readers/readOwners.js'
import { readState } from '../../account/readers/readState.js'
import { encode } from '../../compiler/encode.js'
import { rootOf } from '../../compiler/root.js'
import type { Binding } from '../../policy/Binding.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import type { State } from '../../policy/State.js'
import { readArtifact } from '../artifact.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import { isSignedGrant } from '../outputFile.js'
import { asked } from './asked.js'
import { dateText } from './dateText.js'
import type { Connection } from './connect.js'
import type { GrantFile } from './loadGrant.js'
import { sessionsOf, type SessionFlags } from './sessions.js'

/** The session that a writ is to become, and what the chain knows of it. */
export type Chosen = { readonly policy: Policy; readonly root: Hex; readonly status: State['status'] }

export type ChooseOptions = SessionFlags & {
  /** Where the artifact is to be written: an earlier run may have written it, and died before the grant. */
  readonly output?: string
  /** Make a new session though an equal one is in force. */
  readonly again: boolean
  /** Unix seconds of the latest block. */
  readonly time: number
}

/**
 * A writ that does not say when it begins is another session at each moment, with budgets of its own: run twice by mistake it would allow twice as
 * much. So the session that an earlier run began is taken up where there is one: in the artifact that it left, or in force on the chain.
 */
export const chooseSession = async (
  io: Io,
  connection: Connection,
  file: GrantFile,
  binding: Binding,
  options: ChooseOptions,
): Promise<Chosen> => {
  const own = await chosen(connection, file.policy, binding)
  const left = await leftBehind(io, connection, file, binding, options)
  if (!file.beginsNow || own.status !== 'none' || options.again) return own
  if (left?.status === 'active' || left?.signed) return left
  // Nobody has said yes to it yet, and an equal one may be in force all the same.
  return (await inForce(io, connection, file, binding, options)) ?? left ?? own
}

/** The session in the artifact of an earlier run, where it is this writ's and has not ended. Another one that is in force is not overwritten. */
const leftBehind = async (
  io: Io,
  connection: Connection,
  file: GrantFile,
  binding: Binding,
  { output, time, again }: ChooseOptions,
): Promise<(Chosen & { readonly signed: boolean }) | undefined> => {
  if (output === undefined || !io.exists(output)) return undefined
  const other = readArtifact(readText(io, output), output)
  const there = { ...(await chosen(connection, other.policy, other.binding)), signed: isSignedGrant(io, output) }
  const lives = there.status === 'active' && time < other.policy.until
  if (file.isOf(other.policy) && same(other.binding, binding) && !again)
    return lives || (there.status === 'none' && time < other.policy.until) ? there : undefined
  if (!lives) return undefined
  throw new CliError(
    ExitCode.usage,
    `\`${output}\` holds another session, which is in force`,
    'choose another name with -o, or end that session first: writ revoke',
  )
}

const inForce = async (
  io: Io,
  connection: Connection,
  file: GrantFile,
  binding: Binding,
  { time, ...from }: ChooseOptions,
): Promise<Chosen | undefined> => {
  const { account } = file.policy
  const { sessions, fromBlock, block } = await sessionsOf(io, connection, account, from)
  const equal = sessions.find(
    ({ policy, binding: place, life }) =>
      (life === 'live' || life === 'not-yet') && same(place, binding) && time < policy.until && file.isOf(policy),
  )
  if (equal) return { policy: equal.policy, root: equal.root, status: equal.state.status }
  await expectWhole(connection, account, { fromBlock, toBlock: block.number })
  return undefined
}

/**
 * That no session can have been granted before the blocks that were read: the account installed the module in them, or never. How long the
 * writ lasts says nothing of that: a session that begins later may have been granted at any time.
 */
const expectWhole = async (
  connection: Connection,
  account: Address,
  range: { readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<void> => {
  if (range.fromBlock === 0n) return
  const { client, module, entityId } = connection
  const { installed } = await asked(readOwners(client, { module, account, entityId }))
  if (!installed) return
  const reported = await asked(findValidations(client, { account, ...range }))
  const seen = reported.some((one) => one.module === module && one.entityId === entityId)
  if (seen && !(await wasInstalled(connection, account, range.fromBlock - 1n))) return
  throw new CliError(
    ExitCode.usage,
    `an equal session that is in force may have been granted before block ${range.fromBlock}, from which on --from-block reads`,
    'search from an earlier block: that of the install, or leave --from-block out; to make one more on purpose: writ grant --again',
  )
}

/**
 * What the account reports as an install may be a second one, of what it had already. Where the node keeps so old a state, it says; where it
 * does not, the report is all there is.
 */
const wasInstalled = async (
  { client, module, entityId }: Connection,
  account: Address,
  blockNumber: bigint,
): Promise<boolean> => {
  try {
    return (await readOwners(client, { module, account, entityId, blockNumber })).installed
  } catch {
    return false
  }
}

const chosen = async ({ client }: Connection, policy: Policy, binding: Binding): Promise<Chosen> => {
  const root = rootOf(encode(policy, binding))
  const { module, tag } = binding
  const { account, meters } = policy
  const { status } = await asked(readState(client, { module, account, root, tag, meters }))
  return { policy, root, status }
}

const same = (one: Binding, other: Binding): boolean =>
  one.module === other.module && one.entityId === other.entityId && one.tag === other.tag

/** Whether it may act, now or when it begins. The module keeps a session active after its time. */
export const isInForce = ({ status, policy }: Pick<Chosen, 'status' | 'policy'>, time: number): boolean =>
  status === 'active' && time < policy.until

/** Ends the command where the session has ended for ever, or would have ended before it began; `otherwise` is what helps in place of the usual. */
export const expectGrantable = ({ root, status, policy }: Chosen, time: number, otherwise?: string): void => {
  if (status === 'revoked')
    throw new ChainFault(
      'session-ended',
      `the session ${root} has been revoked, and what is revoked never comes back`,
      otherwise ?? anotherBeginning,
    )
  if (status === 'active' && time >= policy.until)
    throw new ChainFault(
      'session-ended',
      `the session ${root} ended at ${dateText(policy.until)}: it was in force, and on the chain it is ${dateText(time)}`,
      otherwise ?? anotherBeginning,
    )
  if (time >= policy.until)
    throw new ChainFault(
      'session-ended',
      `the session would have ended before it began: \`until\` is ${dateText(policy.until)}, on the chain it is ${dateText(time)}`,
      otherwise ?? 'correct `until`, `ttl` or `from`',
    )
}

const anotherBeginning =
  'grant the writ with another beginning (leave `from` out, or say --from): that is a new session'
