import { getAddress } from 'viem'
import { readArtifact } from '../artifact.js'
import { expectPayer, hasCarrier, type CarrierFlags } from '../chain/carrier.js'
import { mustSayYes } from '../chain/confirm.js'
import { urlOf } from '../chain/connect.js'
import { dateText } from '../chain/dateText.js'
import type { Gate } from '../chain/gate.js'
import { writeArtifact } from '../chain/grantIntent.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText, writeText } from '../files.js'
import type { Io } from '../Io.js'
import { expectReplaceable, expectReplaceableOrSigned } from '../outputFile.js'
import { carryGrant } from './carryGrant.js'
import type { DeviceFlags } from './deviceOptions.js'
import { factsOf } from './grantFacts.js'
import { isGrantFile, readGrantFile, renderGrantFile, type SignedGrant, type TextGrant } from './grantFile.js'
import { prepareAlone, prepareOnChain, type PrepareFlags, type Prepared } from './prepareGrant.js'
import { proveGrant } from './proveGrant.js'
import { mustPressButtons, review, signText } from './signText.js'

export type TextFlags = PrepareFlags & DeviceFlags & CarrierFlags & { readonly verify: boolean }

/** `writ grant FILE --ledger`: the owner's device signs the text of the grant; where a carrier is named it is put into force too. */
export const grantByText = async (io: Io, flags: TextFlags, path: string): Promise<void> => {
  const output = expectOutput(flags, 'the signed grant')
  expectReplaceableOrSigned(io, output)
  const carried = hasCarrier(flags)
  const onChain = urlOf(io, flags.rpc, 'rpc', 'WRIT_RPC') !== undefined
  if (carried && !onChain)
    throw new CliError(ExitCode.usage, 'somebody is named to carry the grant, and no node', 'add --rpc URL')
  if (carried) mustSayYes(io, flags)
  if (!flags.dryRun) mustPressButtons(io, flags)
  const prepared = onChain ? await prepareOnChain(io, path, flags) : prepareAlone(io, path, flags)
  if (prepared.already) return inForce(io, flags, output, prepared)
  const { policy, binding, artifact, owner } = prepared
  const before = await signedBefore(io, output, prepared)
  if (before === undefined) expectReplaceable(io, output, 'grant')
  const proved = await proveGrant(io, flags, policy, binding)
  if (flags.dryRun) return printDryRun(io, flags, prepared, proved.text, proved.gate)
  if (carried && prepared.connection) await expectPayer(io, flags, prepared.connection)
  const signed = before ?? (await sign(io, flags, { artifact, text: proved.text }, owner))
  writeText(io, output, renderGrantFile(signed))
  const how = { gate: proved.gate, output }
  if (carried && prepared.connection)
    return carryGrant(io, flags, prepared.connection, { ...signed, policy, binding }, how)
  return report(io, flags, signed, output, proved.gate)
}

/** Ends the command where no file is named: a signature that is lost has to be asked for again. */
export const expectOutput = ({ output }: { readonly output?: string }, what: string): string => {
  if (output !== undefined) return output
  throw new CliError(ExitCode.usage, `no file is named for ${what}`, 'add -o FILE')
}

/** Has the device sign a grant, after it was shown here. */
export const sign = async (
  io: Io,
  flags: DeviceFlags,
  grant: TextGrant,
  owner: SignedGrant['owner'] | undefined,
): Promise<SignedGrant> => ({ ...grant, ...(await signText(io, flags, grant.text, owner && [owner])) })

/** What an earlier run had signed for this very session and left in the file: nobody is asked to sign it twice. */
const signedBefore = async (
  io: Io,
  output: string,
  { artifact, owner }: Prepared,
): Promise<SignedGrant | undefined> => {
  if (!io.exists(output)) return undefined
  const text = readText(io, output)
  if (!isGrantFile(text)) return undefined
  const { grant: found } = await readGrantFile(text, output)
  if (found.owner === undefined || found.signature === undefined || found.artifact.grant !== artifact.grant)
    return undefined
  if (owner !== undefined && found.owner !== owner) return undefined
  return { ...found, owner: found.owner, signature: found.signature }
}

const inForce = (io: Io, flags: TextFlags, output: string, { artifact }: Prepared): void => {
  // The file of an earlier run of this session holds the owner's signature too, and stays as it is.
  if (!io.exists(output) || readArtifact(readText(io, output), output).grant !== artifact.grant) {
    expectReplaceable(io, output, 'grant')
    writeArtifact(io, flags, artifact)
  }
  const { root, until } = artifact
  if (flags.json) return io.out(`${JSON.stringify({ ...factsOf(artifact), already: true, output })}\n`)
  io.out(`in force already: session ${root}\nuntil ${dateText(until)}\n`)
}

/** Says what a device would be asked, and asks none. */
export const printDryRun = (
  io: Io,
  flags: DeviceFlags & { readonly json?: true },
  { artifact, owner }: Pick<Prepared, 'artifact' | 'owner'>,
  text: string,
  gate: Gate,
): void => {
  if (flags.json) return io.out(`${JSON.stringify({ dryRun: true, ...factsOf(artifact), owner, text, gate })}\n`)
  const who = owner === undefined ? 'the owner' : getAddress(owner)
  io.out(`dry run: nothing is signed or sent\n\n${who} would be asked to sign this.\n${review(text, flags.device)}`)
}

const report = (io: Io, flags: TextFlags, signed: SignedGrant, output: string, gate: Gate): void => {
  const { artifact, owner, signature, text } = signed
  if (flags.json)
    return io.out(`${JSON.stringify({ ...factsOf(artifact), already: false, owner, signature, text, gate, output })}\n`)
  io.out(
    `signed by ${getAddress(owner)}\nsession ${artifact.root}, not in force yet\nwrote ${output}\nnext: anyone with ether for the gas puts it into force: writ grant --signed ${output} --from-keystore FILE\n`,
  )
}
