import type { FaultCode } from '../../account/ChainFault.js'
import { ExitCode } from '../ExitCode.js'

/** What a fault between the program and the chain ends a command with: refused where the same again would fail again. */
export const exitCodeOf = (fault: FaultCode): ExitCode => {
  switch (fault) {
    case 'rpc-unreachable':
    case 'rpc-timeout':
    case 'wrong-chain':
    case 'bundler-unreachable':
    case 'paymaster-unreachable':
    case 'module-missing':
    case 'reader-missing':
    case 'account-missing':
    case 'insufficient-funds':
    case 'nonce-taken':
    case 'operation-dropped':
    case 'unknown':
      return ExitCode.environment
    case 'bundler-refused':
    case 'paymaster-refused':
    case 'not-installed':
    case 'entity-taken':
    case 'session-missing':
    case 'session-ended':
    case 'signature-refused':
    case 'expired-or-not-due':
    case 'validation-refused':
    case 'window-ending':
    case 'transaction-reverted':
    case 'activation-refused':
      return ExitCode.refused
    default:
      return fault satisfies never
  }
}
