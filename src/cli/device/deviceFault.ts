import { LedgerError, type LedgerFault } from '../../ledger/LedgerError.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'

/** A failure at the device as the end of a command; undefined where the error, and what caused it, is no such failure. */
export const deviceFault = (error: unknown): CliError | undefined => {
  let cause = error
  // viem wraps what an account's own methods throw.
  for (let depth = 0; depth < 10 && cause instanceof Error; depth += 1) {
    if (cause instanceof LedgerError) return new CliError(exitCodeOf(cause.fault), cause.message, cause.help)
    cause = cause.cause
  }
  return undefined
}

const exitCodeOf = (fault: LedgerFault): ExitCode => {
  switch (fault) {
    case 'bad-path':
      return ExitCode.usage
    case 'too-long':
    case 'not-readable':
      return ExitCode.invalid
    case 'refused':
    case 'blind-signing':
    case 'wrong-address':
      return ExitCode.refused
    case 'no-usb-library':
    case 'no-permission':
    case 'no-device':
    case 'several-devices':
    case 'busy':
    case 'locked':
    case 'wrong-app':
    case 'app-closed':
    case 'unplugged':
    case 'wrong-signature':
    case 'unknown':
      return ExitCode.environment
    default:
      return fault satisfies never
  }
}
