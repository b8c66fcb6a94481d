import { getAddress } from 'viem'
import { bindingOf } from '../bindingOptions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText, writeText } from '../files.js'
import type { Io } from '../Io.js'
import { expectReplaceable } from '../outputFile.js'
import { hasDevice } from './deviceOptions.js'
import { expectNoIdle, expectSame, ofCarrying, ofUnsigned } from './fileSays.js'
import { expectOutput, printDryRun, sign, type TextFlags } from './grantByText.js'
import { factsOf } from './grantFacts.js'
import { readGrantFile, renderGrantFile, type TextGrant } from './grantFile.js'
import { prepareAlone } from './prepareGrant.js'
import { proveGrant } from './proveGrant.js'
import { mustPressButtons } from './signText.js'

/** `writ grant FILE --offline`: a file that another machine signs. Nobody is asked, neither a node nor a device. */
export const grantOffline = async (io: Io, flags: TextFlags, path: string): Promise<void> => {
  if (flags.rpc !== undefined)
    throw new CliError(ExitCode.usage, '--offline asks no node, and --rpc names one', 'leave one of them out')
  const output = expectOutput(flags, 'what is to be signed')
  expectReplaceable(io, output, 'grant')
  const { policy, binding, artifact, owner } = prepareAlone(io, path, flags)
  const { text, gate } = await proveGrant(io, flags, policy, binding)
  if (flags.dryRun) return printDryRun(io, flags, { artifact, ...(owner && { owner }) }, text, gate)
  const grant: TextGrant = { artifact, text, ...(owner && { owner }) }
  writeText(io, output, renderGrantFile(grant))
  const toRead = claimsOf(grant)
  if (flags.json)
    return io.out(`${JSON.stringify({ ...factsOf(artifact), owner, signed: false, toRead, text, gate, output })}\n`)
  io.out(
    `session ${artifact.root}\nwrote ${output}, not signed yet\n\nNobody has asked the chain. These must be so there, or it refuses the grant (writ status --account ${getAddress(artifact.account)}):\n${toRead.map((line) => `  ${line}\n`).join('')}\nnext, on the machine with the device: writ grant --sign ${output} --ledger\n`,
  )
}

/** What the grant takes for granted of the chain, each a line. */
const claimsOf = ({ artifact, owner, text }: TextGrant): readonly string[] => {
  const { account, binding, chainId } = artifact
  const { entityId, tag, module } = binding
  const who = owner === undefined ? 'whoever signs' : getAddress(owner)
  const stated = text.split(';').filter((clause) => /^\s*token\s.*\sdec\s/s.test(clause))
  return [
    `chain ${chainId} has the module at ${getAddress(module)}`,
    `${getAddress(account)} has installed it as entity ${entityId}, with ${who} as its first owner`,
    `the kill tag of the account is ${tag}`,
    ...stated.map(
      (clause) => `its decimals are those of the token: ${clause.trim().replace(/\s+/g, ' ').replace('token ', '')}`,
    ),
  ]
}

/** `writ grant --sign FILE`: on the machine with the device, which needs no network. */
export const signGrantFile = async (io: Io, flags: TextFlags, path: string): Promise<void> => {
  if (!hasDevice(flags))
    throw new CliError(
      ExitCode.usage,
      'no device is named to sign',
      'add --ledger, or --signer simulated to try it out',
    )
  expectNoIdle(flags, [...ofUnsigned, ...ofCarrying], 'of a grant that is written already and only to be signed')
  const { grant, policy, binding } = await readGrantFile(readText(io, path), path)
  bindingOf(flags, binding)
  expectSame(path, flags, policy)
  const { artifact } = grant
  if (grant.signature !== undefined)
    throw new CliError(
      ExitCode.usage,
      `\`${path}\` is signed already, by ${String(grant.owner)}`,
      `put it into force: writ grant --signed ${path}`,
    )
  if (flags.owner !== undefined && grant.owner !== undefined && flags.owner !== grant.owner)
    throw new CliError(
      ExitCode.invalid,
      `--owner says ${flags.owner}, but \`${path}\` is to be signed by ${grant.owner}`,
    )
  const output = flags.output ?? path
  expectReplaceable(io, output, 'grant')
  const owner = grant.owner ?? flags.owner
  if (!flags.dryRun) mustPressButtons(io, flags)
  if (policy.until <= io.now())
    io.err('warning: by the clock of this machine the session has ended already: the chain would refuse it\n')
  const { text, gate } = await proveGrant(io, flags, policy, binding)
  if (flags.dryRun) return printDryRun(io, flags, { artifact, ...(owner && { owner }) }, text, gate)
  const signed = await sign(io, flags, { artifact, text }, owner)
  writeText(io, output, renderGrantFile(signed))
  const facts = { ...factsOf(artifact), owner: signed.owner, signature: signed.signature, text, gate, output }
  if (flags.json) return io.out(`${JSON.stringify(facts)}\n`)
  io.out(
    `signed by ${getAddress(signed.owner)}\nwrote ${output}\nnext, on a machine with a node: writ grant --signed ${output} --from-keystore FILE\n`,
  )
}
