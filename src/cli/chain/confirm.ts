import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'

/**
 * Asks before something is sent; returns only after a yes. `--yes` is a yes, and where nobody is at a terminal it must be said. Ask
 * `mustSayYes` first where much work lies before the question.
 */
export const confirm = async (io: Io, flags: { readonly yes?: true }, question: string): Promise<void> => {
  mustSayYes(io, flags)
  if (flags.yes || io.person === undefined) return
  if (!(await io.person.confirm(question))) throw new CliError(ExitCode.refused, 'you said no, nothing was sent')
}

/** Ends a command that would have to ask where nobody can answer. */
export const mustSayYes = (io: Io, flags: { readonly yes?: true; readonly dryRun?: true }): void => {
  if (!flags.yes && !flags.dryRun && io.person === undefined)
    throw new CliError(
      ExitCode.usage,
      'this sends something, and nobody is at a terminal to say yes',
      'look at it with --dry-run, then add --yes',
    )
}
