import { InvalidArgumentError } from 'commander'
import type { LocalAccount } from 'viem'
import type { SessionAccount } from '../../account/session/SessionAccount.js'
import { toSessionAccount } from '../../account/toSessionAccount.js'
import { readState } from '../../account/readers/readState.js'
import { rootOf } from '../../compiler/root.js'
import { executeCalldata } from '../../evm/accountCalldata.js'
import type { Hex } from '../../policy/Hex.js'
import { asked } from '../chain/asked.js'
import { chainOptions, url } from '../chain/chainOptions.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { nameOf } from '../chain/connect.js'
import { decodedCall, decodedText } from '../chain/decodedCall.js'
import { keyAddress, openKey } from '../chain/keyFile.js'
import { passwordOption, type PasswordFlags } from '../chain/password.js'
import { fromBlockOption, rootArgument } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'
import { carry, denialIn } from '../send/carry.js'
import { allowed, countText, silentKey, tryOut } from '../send/dryRun.js'
import { openSession, type FindFlags, type Opened } from '../send/openSession.js'
import { reportDenied, reportDone } from '../send/outcome.js'
import { readCalls, type CallFlags } from '../send/readCalls.js'

type Flags = FindFlags &
  CallFlags &
  PasswordFlags & { keyKeystore?: string; timeout: number; paymaster?: string; paymasterContext?: unknown }

const help = `
The session is that of --writ, an artifact; else the one live session that the chain knows of --account and the key. Before
anything is signed, the operation is decided by the writ and the meters on the chain; what is not allowed is not sent, and exits 5.
A grant file that the owner has signed (\`writ grant --ledger\`) need not be in force yet: the operation then carries the
owner's signature and puts the session into force itself, which is said (\`begun\` in JSON: its root).
With a bundler the account pays for gas out of the writ's fees, or the service of --paymaster does; with --direct the key itself
sends a transaction and pays for it.

--call takes the function as its contract declares it and its arguments: numbers, amounts of the writ's tokens ("25 USDC"),
addresses or token symbols, true or false, text; lists and tuples as JSON. --calls takes JSON: a list of
{ "to", "value": "wei", "data" }, or a step of an operations file; several calls are one batch, all or nothing.

A command that was cut off may have sent its operation: look at \`writ status\` before you run it again.

Exit codes: 0 included, and its calls went through; 2 usage; 3 invalid input; 4 the node or the bundler does not answer;
5 the writ or the chain refused it, or it was included and its calls failed.

Examples:
  writ send --writ payroll.json --key-keystore agent.json --to USDC --call 'transfer(address,uint256)' 0xa11c… "25 USDC"
  writ send --account 0x5A0b… --key-keystore agent.json --to 0xa11c… --value "0.1 ETH" --dry-run
  writ send --writ bot.json --key-keystore agent.json --calls batch.json --direct --yes --json
  writ send --writ bot.json --key-keystore agent.json --calls batch.json --paymaster https://paymaster.example/8453`

/** `writ send`: an operation of the agent. */
export const sendCommand: AddCommand = (program, io, done) => {
  const command = program
    .command('send')
    .summary('sends an operation of a session key, if the writ allows it')
    .description(
      'Decides an operation by its writ and the chain, signs it with the session key, sends it and waits for it.',
    )
    .argument('[args...]', 'the arguments of --call')
    .option('--to <address>', 'what is called: an address, or the symbol of a token of the writ')
    .option('--value <amount>', 'the ether that goes with it, such as "0.1 ETH"')
    .option('--data <hex>', 'the calldata', hex)
    .option('--call <function>', "the function, such as 'transfer(address,uint256)'; its arguments follow")
    .option('--calls <path>', 'a JSON file of one or more calls; - reads standard input')
    .option('--writ <path>', 'the artifact that was granted, or a signed grant file')
    .option('--session <root>', 'without --writ: by which session, where the key has several', rootArgument)
    .option('--key-keystore <path>', "the agent's key, as `writ key new` makes it")
    .option('--paymaster <url>', 'a service that pays for the gas (ERC-7677), where the writ says `sponsored by`', url)
    .option('--paymaster-context <json>', 'what that service wants to be told, such as a policy of its own', json)
    .option('--direct', 'by a transaction of the key, without a bundler')
    .option('--timeout <seconds>', 'how long to wait for a bundler', seconds, 600)
    .addHelpText('after', help)
  fromBlockOption(passwordOption(chainOptions(command, ['entity']))).action(async (words: string[], flags: Flags) => {
    done(await send(io, flags, words))
  })
}

const send = async (io: Io, flags: Flags, words: readonly string[]): Promise<ExitCode> => {
  const { keyKeystore } = flags
  if (keyKeystore === undefined)
    throw new CliError(ExitCode.usage, 'no key is named', 'add --key-keystore FILE; make one with: writ key new FILE')
  if (flags.direct && flags.bundler !== undefined)
    throw new CliError(ExitCode.usage, '--direct goes without a bundler', 'leave one of the two out')
  if (flags.direct && flags.paymaster !== undefined)
    throw new CliError(ExitCode.usage, '--direct goes without a paymaster', 'leave one of the two out')
  if (flags.paymasterContext !== undefined && flags.paymaster === undefined)
    throw new CliError(ExitCode.usage, '--paymaster-context is for a paymaster', 'add --paymaster URL')
  const sponsor = flags.paymaster === undefined ? undefined : { url: flags.paymaster, context: flags.paymasterContext }
  mustSayYes(io, flags)
  const opened = await openSession(io, flags, await keyAddress(io, flags, keyKeystore))
  const calls = readCalls(io, flags, words, opened.policy.tokens)
  const asJson = flags.json === true
  try {
    if (flags.dryRun) {
      await tryOut(io, asJson, opened, calls, await accountFor(opened, silentKey(opened)), sponsor)
      return ExitCode.answered
    }
    const session = await accountFor(opened, await openKey(io, flags, keyKeystore))
    await allowed(session, opened.policy, calls)
    if (io.person !== undefined && !flags.yes) io.err(decodedText(decodedCall(executeCalldata(calls))))
    await confirm(io, flags, `Send ${countText(calls)} of ${opened.account} on ${nameOf(opened.connection.chainId)}?`)
    const root = await rootToBegin(opened)
    const result = await carry(io, flags.timeout, opened, session, calls, sponsor)
    await reportDone(io, asJson, { ...result, ...(root && { begun: root }) }, opened, session)
    return result.success ? ExitCode.answered : ExitCode.refused
  } catch (error) {
    const denied = denialIn(error)
    if (denied === undefined) throw error
    reportDenied(io, asJson, opened.policy, denied.denials, denied.retryAt)
    return ExitCode.refused
  }
}

/** The root of the session, where the operation is to put it into force. */
const rootToBegin = async ({ connection, account, grant, policy, binding, signature }: Opened) => {
  if (signature === undefined) return undefined
  const root = rootOf(grant)
  const { module, tag } = binding
  const { meters } = policy
  const { status } = await asked(readState(connection.client, { module, account, root, tag, meters }))
  return status === 'none' ? root : undefined
}

const accountFor = async (
  { connection, account, grant, policy, signature }: Opened,
  key: LocalAccount,
): Promise<SessionAccount> => {
  if (key.address.toLowerCase() !== policy.key)
    throw new CliError(
      ExitCode.invalid,
      `the keystore holds the key ${key.address}, the writ is for ${policy.key}`,
      'give --key-keystore the key that the writ names',
    )
  const { client, kind, entryPoint } = connection
  const signed = signature && { activation: { signature } }
  return asked(toSessionAccount({ client, address: account, key, writ: grant, kind, entryPoint, ...signed }))
}

const hex = (text: string): Hex => {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) throw new InvalidArgumentError('It is not 0x and pairs of hex digits.')
  return text.toLowerCase() as Hex
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidArgumentError('It is not JSON.')
  }
}

const seconds = (text: string): number => {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('It is not a number of seconds.')
  return Number(text)
}
