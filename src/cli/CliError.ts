import type { ExitCode } from './ExitCode.js'

/** A fault that ends a command: one lower-case clause, what to do about it, and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError'

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly help?: string,
  ) {
    super(message)
  }
}

/** Ends a command whose fault has been printed already. */
export class Reported extends Error {
  override readonly name = 'Reported'

  constructor(readonly exitCode: ExitCode) {
    super('reported')
  }
}
