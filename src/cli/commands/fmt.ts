import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText, writeText } from '../files.js'
import { failOnErrors } from '../diagnostics.js'
import type { AddCommand } from '../run.js'
import { parse } from '../../dsl/parse.js'
import { format } from '../../dsl/format.js'

/** `writ fmt`: one layout for all; comments stay. */
export const fmtCommand: AddCommand = (program, io, done) => {
  program
    .command('fmt')
    .summary('lays out writ files in the one form, comments kept')
    .description(
      'Rewrites each FILE in the standard layout. Comments stay; running it twice changes nothing more.\nA file that does not parse is left as it is.',
    )
    .argument('<file...>', 'writ files; - reads standard input and prints the result')
    .option('--check', 'write nothing; exit 1 if a file is not in the standard layout')
    .option('--json', 'print one JSON object for each file')
    .addHelpText('after', '\nExamples:\n  writ fmt policies/*.writ\n  writ fmt --check policies/*.writ     in CI')
    .action((files: string[], options: { check?: true; json?: true }) => {
      if (files.filter((file) => file === '-').length > 1)
        throw new CliError(ExitCode.usage, 'standard input can be named only once')
      let changed = 0
      for (const file of files) {
        const text = readText(io, file)
        failOnErrors(io, parse(text).diagnostics, { [file]: text }, file, options.json === true)
        const result = format(text)
        const differs = result !== text
        if (differs) changed += 1
        if (options.json) io.out(`${JSON.stringify({ file, formatted: !differs })}\n`)
        if (options.check) {
          if (differs && !options.json) io.out(`${file} is not in the standard layout\n`)
        } else if (file === '-') io.out(result)
        else if (differs) {
          writeText(io, file, result)
          if (!options.json) io.out(`${file}\n`)
        }
      }
      if (options.check && changed > 0) done(ExitCode.differs)
    })
}
