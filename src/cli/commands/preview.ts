import { Option } from 'commander'
import { deviceText, displayable } from '../../compiler/device/deviceText.js'
import { type Device, DEVICES } from '../../ledger/pages/Device.js'
import { pagesOf } from '../../ledger/pages/pagesOf.js'
import { bindingOf, type BindingFlags, bindingOptions } from '../bindingOptions.js'
import { CliError } from '../CliError.js'
import { drawnPages } from '../device/drawnPages.js'
import { printDiagnostics } from '../diagnostics.js'
import { ExitCode } from '../ExitCode.js'
import { headerOptions, type HeaderFlags } from '../headerOptions.js'
import { loadPolicy } from '../loadPolicy.js'
import type { AddCommand } from '../run.js'

type Flags = HeaderFlags & BindingFlags & { readonly device?: Device; readonly json?: true }

/** `writ preview`: what the owner's device shows before it signs. */
export const previewCommand: AddCommand = (program, io) => {
  const command = program
    .command('preview')
    .summary("shows what the owner's device will show")
    .description(
      'Prints the text of the grant that the owner signs on a hardware wallet, or, with --device, the pages as that device breaks them.\nCompare them with the screen: the module signs for nothing else. Standard error says how the signed text can come into force.',
    )
    .argument('<file>', 'a writ, or an artifact made by `writ compile`; - reads standard input')
    .addOption(
      new Option('--device <name>', 'break the text into the pages of this device').choices(Object.keys(DEVICES)),
    )
    .option('--json', 'print one JSON object: {file, text, device, pages, activation}')
    .addHelpText(
      'after',
      '\nExamples:\n  writ preview policies/payroll.writ\n  writ preview policies/payroll.writ --device flex\n  writ preview grant.json --device nanosp --json',
    )
  bindingOptions(headerOptions(command)).action(async (file: string, flags: Flags) => {
    const loaded = loadPolicy(io, file, flags, flags.json === true, true)
    const binding = bindingOf(flags, loaded.binding)
    const [problem] = displayable(loaded.policy, binding)
    if (problem !== undefined)
      throw new CliError(
        ExitCode.invalid,
        `no device can show \`${file}\`: ${problem.rule === undefined ? '' : `rule ${problem.rule + 1}: `}${problem.message}`,
        'say it in several writs, or let the account itself grant it by a call',
      )
    const text = deviceText(loaded.policy, binding)
    const pages = flags.device && pagesOf(text, flags.device)
    const { activationHint } = await import('../activationHint.js')
    const hint = await activationHint(loaded.policy, binding)
    if (flags.json) {
      io.out(`${JSON.stringify({ file, text, device: flags.device, pages, activation: hint.json })}\n`)
      return
    }
    printDiagnostics(io, loaded.diagnostics, loaded.sources)
    io.out(flags.device && pages ? drawnPages(pages, flags.device) : `${text}\n`)
    io.err(hint.text)
  })
}
