import { getAddress } from 'viem'
import { readAccount } from '../../account/readers/readAccount.js'
import { type Kill, killText } from '../../compiler/device/killText.js'
import { rootOf } from '../../compiler/root.js'
import { moduleAddress } from '../../evm/moduleAddress.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { readArtifact } from '../artifact.js'
import { asked } from '../chain/asked.js'
import { expectPayer, hasCarrier, type CarrierFlags } from '../chain/carrier.js'
import type { ChainFlags } from '../chain/chainOptions.js'
import { mustSayYes } from '../chain/confirm.js'
import { accountOf, connect, urlOf, type Connection } from '../chain/connect.js'
import { dateText } from '../chain/dateText.js'
import { endedOne, statusOf } from '../chain/ended.js'
import { findSession } from '../chain/findSession.js'
import type { SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText, writeText } from '../files.js'
import type { Io } from '../Io.js'
import { expectReplaceable } from '../outputFile.js'
import { carryOrder } from './carryOrder.js'
import type { DeviceFlags } from './deviceOptions.js'
import { renderOrderFile, type SignedOrder } from './orderFile.js'
import { mustPressButtons, review, signText } from './signText.js'
import { registeredOwners } from './textOwner.js'

export type RevokeFlags = ChainFlags &
  SessionFlags &
  DeviceFlags &
  CarrierFlags & { readonly out?: string; readonly everyChain?: true }

/** What is to be ended, and what is known of who may say so. */
type Prepared = {
  readonly kill: Kill
  readonly module: Address
  readonly entityId: number
  readonly owners?: readonly Address[]
  readonly connection?: Connection
  /** It is ended already. */
  readonly already?: () => Promise<void>
}

/** `writ revoke … --ledger`: an owner's device signs the end of one session, or of all where none is named. */
export const revokeByText = async (io: Io, flags: RevokeFlags, session: string | undefined): Promise<void> => {
  expectReplaceable(io, flags.out, 'order')
  const carried = hasCarrier(flags)
  const onChain = !needsNoNode(flags, session) && urlOf(io, flags.rpc, 'rpc', 'WRIT_RPC') !== undefined
  if (!carried && flags.out === undefined && !flags.dryRun)
    throw new CliError(
      ExitCode.usage,
      'nobody is named to carry what is signed, and no file for it',
      'add --from-keystore FILE (anyone with some ether), or --out FILE to carry it later, or both',
    )
  if (carried && !onChain)
    throw new CliError(ExitCode.usage, 'somebody is named to carry it, and no node', 'add --rpc URL')
  if (carried) mustSayYes(io, flags)
  if (!flags.dryRun) mustPressButtons(io, flags)
  const { kill, module, entityId, owners, connection, already } = onChain
    ? await prepareOnChain(io, flags, session)
    : prepareAlone(io, flags, session)
  if (already) return already()
  const text = killText(kill)
  if (flags.dryRun) {
    if (flags.json) return io.out(`${JSON.stringify({ dryRun: true, ...kill, module, entityId, owners, text })}\n`)
    return io.out(
      `dry run: nothing is signed or sent\n\nan owner would be asked to sign this.\n${review(text, flags.device)}`,
    )
  }
  if (carried && connection) await expectPayer(io, flags, connection)
  const order: SignedOrder = { by: 'owner', kill, module, entityId, text, ...(await signText(io, flags, text, owners)) }
  const { out } = flags
  if (out !== undefined) writeOrKeep(io, out, order)
  if (carried && connection)
    return carryOrder(io, flags, connection, order, () => {
      keepSigned(io, out, order)
    })
  const { owner, signature } = order
  if (flags.json)
    return io.out(`${JSON.stringify({ ...kill, module, entityId, owner, signature, text, sent: false, out })}\n`)
  io.out(
    `signed by ${getAddress(owner)}, not carried yet: nothing has ended\nwrote ${out}\nnext: anyone with ether for the gas carries it: writ revoke --signed ${out} --from-keystore FILE\n`,
  )
}

const prepareOnChain = async (io: Io, flags: RevokeFlags, session: string | undefined): Promise<Prepared> => {
  const connection = await connect(io, flags, ['module', 'reader'])
  const { chainId, module, entityId, client } = connection
  const named = session === undefined ? undefined : await findSession(io, connection, session, flags)
  const account = named?.account ?? (await accountOf(connection, flags.account))
  const place = { module, entityId, connection }
  if (named && (await statusOf(connection, named)) === 'revoked') {
    const kill: Kill = { kind: 'session', account, chainId, root: named.root }
    return { ...place, kill, already: () => endedOne(io, flags, connection, named, undefined) }
  }
  const { first, second } = await registeredOwners(connection, account)
  const owners = second === undefined ? [first] : [first, second]
  if (named) return { ...place, owners, kill: { kind: 'session', account, chainId, root: named.root } }
  const time = Number((await asked(client.getBlock())).timestamp)
  const { killedAt } = await asked(readAccount(client, { module, account }))
  if (Math.abs(time - io.now()) > QUARTER)
    io.err(`warning: on the chain it is ${dateText(time)}, by the clock of this machine ${dateText(io.now())}\n`)
  // Each kill lies after the one before it.
  return { ...place, owners, kill: killAll(flags, account, chainId, Math.max(time, killedAt + 1)) }
}

/** Whether it is only kept in a file, and the command line says all of it: then no node is asked, unless --rpc names one. */
const needsNoNode = (flags: RevokeFlags, session: string | undefined): boolean => {
  const { out, rpc, account, chain, everyChain } = flags
  if (out === undefined || rpc !== undefined || hasCarrier(flags)) return false
  return session === undefined && account !== undefined && (everyChain === true || chain !== undefined)
}

const writeOrKeep = (io: Io, out: string, order: SignedOrder): void => {
  try {
    writeText(io, out, renderOrderFile(order))
  } catch (error) {
    keepSigned(io, undefined, order)
    throw error
  }
}

/** What an owner has signed is not lost where it could not be carried: it is in the file, or goes to standard output as the file would be. */
const keepSigned = (io: Io, out: string | undefined, order: SignedOrder): void => {
  const carrying = `writ revoke --signed ${out ?? 'FILE'} --from-keystore PAYER`
  if (out !== undefined)
    return io.err(`It is signed and kept in ${out}. Where it has not ended, carry it: ${carrying}\n`)
  io.err(
    `It is signed. Where it has not ended, put what stands on standard output into a file and carry that: ${carrying}\n`,
  )
  io.out(renderOrderFile(order))
}

/** As far ahead of the chain's time as a kill may be, seconds. */
const QUARTER = 15 * 60

const prepareAlone = (io: Io, flags: RevokeFlags, session: string | undefined): Prepared => {
  const place = { module: flags.module ?? moduleAddress(), entityId: flags.entity ?? 1 }
  if (session === undefined) {
    const account = flags.account ?? missing('account', '--account ADDRESS')
    const chainId = flags.everyChain ? 0 : (flags.chain ?? missing('chain', '--chain NAME, or --every-chain'))
    return { ...place, kill: killAll(flags, account, chainId, io.now()) }
  }
  if (/^0x/.test(session)) {
    if (session.length !== 66 || !/^0x[0-9a-fA-F]{64}$/.test(session))
      throw new CliError(ExitCode.usage, 'without a node a root is named whole', 'give all 64 digits, or --rpc URL')
    const account = flags.account ?? missing('account', '--account ADDRESS')
    const chainId = flags.chain ?? missing('chain', '--chain NAME')
    return { ...place, kill: { kind: 'session', account, chainId, root: session.toLowerCase() as Hex } }
  }
  const { policy, binding, grant } = readArtifact(readText(io, session), session)
  const { account, chainId } = policy
  if (flags.account !== undefined && flags.account !== account)
    throw new CliError(ExitCode.invalid, `\`${session}\` is of the account ${account}, not of ${flags.account}`)
  const { module, entityId } = binding
  return {
    module,
    entityId: flags.entity ?? entityId,
    kill: { kind: 'session', account, chainId, root: rootOf(grant) },
  }
}

const killAll = ({ everyChain }: RevokeFlags, account: Address, chainId: number, before: number): Kill =>
  everyChain ? { kind: 'everyChain', account, before } : { kind: 'all', account, chainId, before }

const missing = (what: string, flag: string): never => {
  throw new CliError(ExitCode.usage, `no ${what} is named, and no node that could say it`, `add ${flag}`)
}
