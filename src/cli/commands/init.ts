import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { writeText } from '../files.js'
import type { AddCommand } from '../run.js'
import { template } from '../template.js'

/** `writ init`: a commented file to start from. */
export const initCommand: AddCommand = (program, io) => {
  program
    .command('init')
    .summary('writes a commented writ to start from')
    .description(
      'Writes a small, valid writ with comments that say what each line means. An existing file is never overwritten.',
    )
    .argument('[file]', 'where to write it; - prints it', 'my.writ')
    .option('--json', 'print the result as one JSON object')
    .action((file: string, options: { json?: true }) => {
      if (file === '-') return io.out(template)
      if (io.exists(file))
        throw new CliError(ExitCode.usage, `\`${file}\` exists already`, `choose another name: writ init other.writ`)
      writeText(io, file, template)
      if (options.json) io.out(`${JSON.stringify({ file })}\n`)
      else io.out(`wrote ${file}\nnext: put in your account and key, then: writ explain ${file}\n`)
    })
}
