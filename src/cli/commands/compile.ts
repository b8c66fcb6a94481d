import { makeArtifact, type Owners } from '../artifact.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { bindingOf, bindingOptions, type BindingFlags } from '../bindingOptions.js'
import { printDiagnostics } from '../diagnostics.js'
import { writeText } from '../files.js'
import type { Address } from '../../policy/Hex.js'
import { address, headerOptions, type HeaderFlags } from '../headerOptions.js'
import { loadClosedWrit } from '../loadWrit.js'
import { expectReplaceable } from '../outputFile.js'
import type { AddCommand } from '../run.js'

type Flags = HeaderFlags &
  BindingFlags & { json?: true; output?: string; owner?: Address; secondOwner?: Address; textGrants: boolean }

/** `writ compile`: one JSON artifact. */
export const compileCommand: AddCommand = (program, io) => {
  const command = program
    .command('compile')
    .summary('turns a writ into bytes, root and calldata: one JSON artifact')
    .description(
      'Compiles FILE into one JSON artifact: the grant bytes, the session root, the canonical text, the calldata for the account\n(grant, install, revoke), the ABI and a hash of the source. Without `from` in the file or --from, the start is\nSOURCE_DATE_EPOCH if set, else now; it is recorded in the artifact. With --output it also says how the signed text can\ncome into force, and how many pages a device shows.',
    )
    .argument('<file>', 'a writ; - reads standard input')
    .option(
      '-o, --output <path>',
      'write the artifact there (whole or not at all; nothing but an artifact is replaced) instead of printing it',
    )
    .option('--owner <address>', "who may sign grants and kills: adds the account's one-time install calldata", address)
    .option('--second-owner <address>', 'who may also sign kills (with --owner)', address)
    .option('--no-text-grants', 'with --owner: only calls of the account itself can grant')
    .option('--json', 'with --output: print {file, output, root, activation} as JSON')
  bindingOptions(headerOptions(command)).action(async (file: string, flags: Flags) => {
    expectReplaceable(io, flags.output, 'artifact')
    const loaded = loadClosedWrit(io, file, flags, flags.json === true)
    printDiagnostics(io, loaded.diagnostics, loaded.sources)
    const binding = bindingOf(flags)
    const artifact = makeArtifact(loaded.policy, binding, loaded.texts, ownersOf(flags))
    const text = `${JSON.stringify(artifact, null, 2)}\n`
    if (flags.output === undefined) {
      io.out(text)
      return
    }
    writeText(io, flags.output, text)
    const { activationHint } = await import('../activationHint.js')
    const hint = await activationHint(loaded.policy, binding)
    if (flags.json)
      io.out(`${JSON.stringify({ file, output: flags.output, root: artifact.root, activation: hint.json })}\n`)
    else io.out(`wrote ${flags.output}\nroot ${artifact.root}\n${hint.text}`)
  })
}

const ownersOf = ({ owner, secondOwner, textGrants }: Flags): Owners | undefined => {
  if (owner !== undefined) return { first: owner, second: secondOwner, textGrants }
  if (secondOwner !== undefined) throw new CliError(ExitCode.usage, '--second-owner goes with --owner')
  if (!textGrants)
    throw new CliError(ExitCode.usage, '--no-text-grants goes with --owner: it is said in the install', 'add --owner')
  return undefined
}
