import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'
import type { HeaderFlags } from './headerOptions.js'
import type { OperationsFile } from './operationsFile.js'

/** Flags and the header values of an operations file as one; where both speak they must agree (the checker compares with the writ). */
export const mergeHeader = (flags: HeaderFlags, operations: OperationsFile): HeaderFlags => {
  const fromFile: HeaderFlags = {
    account: operations.account,
    key: operations.key,
    chain: operations.chainId,
    from: operations.granted,
    ttl: operations.ttlSeconds,
  }
  const merged: Record<string, unknown> = {}
  for (const name of ['account', 'key', 'chain', 'from', 'until', 'ttl'] as const) {
    const given = flags[name]
    const own = fromFile[name]
    if (given !== undefined && own !== undefined && given !== own)
      throw new CliError(
        ExitCode.invalid,
        `--${name} says ${given}, but the operations file says ${own}`,
        'leave the flag out, or correct one of them',
      )
    if ((given ?? own) !== undefined) merged[name] = given ?? own
  }
  return merged
}
