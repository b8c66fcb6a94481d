import type { Diagnostic } from '../diagnostic/Diagnostic.js'
import { render } from '../diagnostic/render.js'
import { Reported } from './CliError.js'
import { ExitCode } from './ExitCode.js'
import type { Io } from './Io.js'

/** A diagnostic as a program reads it: line and column count from 1. */
export type DiagnosticJson = {
  readonly file: string
  readonly line?: number
  readonly column?: number
  readonly severity: Diagnostic['severity']
  readonly code: string
  readonly message: string
  readonly help?: string
}

/** Puts line and column to diagnostics of `file`. */
export const diagnosticsJson = (diagnostics: readonly Diagnostic[], sources: Sources, file: string): DiagnosticJson[] =>
  diagnostics.map((diagnostic) => {
    const name = diagnostic.file ?? file
    const text = sources[name]
    const before = diagnostic.span && text !== undefined ? text.slice(0, diagnostic.span.start).split('\n') : undefined
    return {
      file: name,
      ...(before ? { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } : {}),
      severity: diagnostic.severity,
      code: diagnostic.code,
      message: diagnostic.message,
      ...(diagnostic.help === undefined ? {} : { help: diagnostic.help }),
    }
  })

export type Sources = Readonly<Record<string, string>>

/** Prints diagnostics as caret text on standard error. */
export const printDiagnostics = (io: Io, diagnostics: readonly Diagnostic[], sources: Sources): void => {
  if (diagnostics.length > 0) io.err(`${render(diagnostics, sources, { color: io.color.err })}\n`)
}

/** Ends the command if there is an error among the diagnostics; with `json` they go to standard output as one object. */
export const failOnErrors = (
  io: Io,
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  file: string,
  json: boolean,
): void => {
  if (!diagnostics.some((d) => d.severity === 'error')) return
  if (json)
    io.out(`${JSON.stringify({ file, valid: false, diagnostics: diagnosticsJson(diagnostics, sources, file) })}\n`)
  else printDiagnostics(io, diagnostics, sources)
  throw new Reported(ExitCode.invalid)
}
