import { dirname, resolve } from 'node:path'
import { checkWrit } from '../actions/checkWrit.js'
import { encodable } from '../compiler/encodable.js'
import type { Diagnostic } from '../diagnostic/Diagnostic.js'
import type { HeaderField } from '../dsl/check.js'
import type { Policy } from '../policy/Policy.js'
import { CliError } from './CliError.js'
import { failOnErrors, type Sources } from './diagnostics.js'
import { displayWarnings } from './displayWarnings.js'
import { ExitCode } from './ExitCode.js'
import { readText } from './files.js'
import { headerOf, type HeaderFlags } from './headerOptions.js'
import type { Io } from './Io.js'

/** A checked writ, with what the checker had to say about it. */
export type LoadedWrit = {
  readonly policy: Policy
  /** Header fields that neither the file nor a flag gives; the policy holds stand-ins there. */
  readonly open: readonly HeaderField[]
  /** Warnings only. */
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: Sources
  /** The writ, then what it imports in the order of reading; none where it was no writ. */
  readonly texts: readonly string[]
}

/** Reads and checks a writ, or ends the command with its faults printed. */
export const loadWrit = (io: Io, file: string, flags: HeaderFlags, json: boolean): LoadedWrit =>
  checkText(io, file, readText(io, file), flags, json)

/**
 * The same for a writ that is to be compiled: nothing may stay open, and a start that nobody gave is SOURCE_DATE_EPOCH
 * (https://reproducible-builds.org/specs/source-date-epoch), else the present moment.
 */
export const loadClosedWrit = (io: Io, file: string, flags: HeaderFlags, json: boolean): LoadedWrit =>
  closeText(io, file, readText(io, file), flags, json)

/** `loadClosedWrit` of a text that has been read already. */
export const closeText = (io: Io, file: string, text: string, flags: HeaderFlags, json: boolean): LoadedWrit => {
  const first = checkText(io, file, text, flags, json)
  const missing = first.open.filter((field) => field !== 'from')
  if (missing.length > 0)
    throw new CliError(
      ExitCode.usage,
      `\`${file}\` does not say its ${missing.join(', ')}`,
      `add ${missing.map((field) => `--${field} …`).join(' ')}, or the lines to the file`,
    )
  return first.open.length === 0 ? first : checkText(io, file, text, { ...flags, from: startOf(io) }, json)
}

/** `loadWrit` of a text that has been read already. */
export const checkText = (io: Io, file: string, text: string, flags: HeaderFlags, json: boolean): LoadedWrit => {
  const sources: Record<string, string> = { [file]: text }
  const readFile = (path: string): string | undefined => {
    try {
      const bytes = io.read(resolve(file === '-' ? '.' : dirname(file), path))
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      // The checker says in its own words, with a span, that a named file cannot be read.
      return undefined
    }
  }
  const result = checkWrit(text, { file, header: headerOf(flags), readFile })
  for (const imported of result.imported) sources[imported.file] = imported.text
  failOnErrors(io, result.diagnostics, sources, file, json)
  if (result.policy === undefined) throw new Error('the checker gave neither a policy nor an error')
  // While the beginning is open a stand-in holds its place, and the rules' own dates need not fit it.
  const [problem] = result.open.includes('from') ? [] : encodable(result.policy)
  if (problem !== undefined)
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` cannot be compiled: ${problem.rule === undefined ? '' : `rule ${problem.rule + 1}: `}${problem.message}`,
      'the limits stand in docs/format.md; what is too large can be said in several writs',
    )
  return {
    policy: result.policy,
    open: result.open,
    diagnostics: [...result.diagnostics, ...displayWarnings(result.policy)],
    sources,
    texts: [text, ...result.imported.map((one) => one.text)],
  }
}

const startOf = (io: Io): number => {
  const epoch = io.env['SOURCE_DATE_EPOCH']
  if (epoch === undefined || epoch === '') return io.now()
  if (!/^[0-9]{1,12}$/.test(epoch))
    throw new CliError(ExitCode.usage, `SOURCE_DATE_EPOCH is \`${epoch}\`, not unix seconds`)
  return Number(epoch)
}
