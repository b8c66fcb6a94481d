import type { Binding } from '../policy/Binding.js'
import { readArtifact } from './artifact.js'
import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'
import { readText } from './files.js'
import type { HeaderFlags } from './headerOptions.js'
import type { Io } from './Io.js'
import { checkText, closeText, type LoadedWrit } from './loadWrit.js'

/** A policy from a writ or from an artifact; the artifact brings its binding. */
export type LoadedPolicy = LoadedWrit & { readonly binding?: Binding }

/** Reads FILE as a writ, or, where it is JSON, as an artifact. With `closed` no header value may stay open. */
export const loadPolicy = (io: Io, file: string, flags: HeaderFlags, json: boolean, closed = false): LoadedPolicy => {
  const text = readText(io, file)
  if (!text.trimStart().startsWith('{'))
    return closed ? closeText(io, file, text, flags, json) : checkText(io, file, text, flags, json)
  const { policy, binding } = readArtifact(text, file)
  const given: [keyof HeaderFlags, unknown][] = [
    ['account', policy.account],
    ['key', policy.key],
    ['chain', policy.chainId],
    ['from', policy.from],
    ['until', policy.until],
    ['ttl', policy.until - policy.from],
  ]
  for (const [flag, value] of given)
    if (flags[flag] !== undefined && flags[flag] !== value)
      throw new CliError(
        ExitCode.invalid,
        `--${flag} says ${String(flags[flag])}, but the artifact \`${file}\` says ${String(value)}`,
      )
  return { policy, binding, open: [], diagnostics: [], sources: {}, texts: [] }
}
