import { loadWrit } from '../loadWrit.js'
import { diagnosticsJson, printDiagnostics } from '../diagnostics.js'
import { headerOptions, type HeaderFlags } from '../headerOptions.js'
import type { AddCommand } from '../run.js'

/** `writ check`: is this a valid writ? */
export const checkCommand: AddCommand = (program, io) => {
  const command = program
    .command('check')
    .summary('says whether a writ is valid, with every fault it has')
    .description(
      'Parses and checks FILE and prints every fault and warning with its place, its reason and what to write instead.\nNever reads the clock, never needs the network. Header values that the file leaves open may be given as flags or stay open.',
    )
    .argument('<file>', 'a writ; - reads standard input')
    .option('--json', 'print one JSON object: {file, valid, open, diagnostics}')
    .addHelpText('after', '\nExit codes: 0 valid (warnings allowed), 3 not valid, 4 the file cannot be read.')
  headerOptions(command).action((file: string, flags: HeaderFlags & { json?: true }) => {
    const loaded = loadWrit(io, file, flags, flags.json === true)
    if (flags.json) {
      const diagnostics = diagnosticsJson(loaded.diagnostics, loaded.sources, file)
      io.out(`${JSON.stringify({ file, valid: true, open: loaded.open, diagnostics })}\n`)
      return
    }
    printDiagnostics(io, loaded.diagnostics, loaded.sources)
    const rules = loaded.policy.rules.length
    io.out(`${file}: valid, ${rules} ${rules === 1 ? 'rule' : 'rules'}\n`)
    if (loaded.open.length > 0) io.out(`left open: ${loaded.open.join(', ')} (to be given when it is compiled)\n`)
  })
}
