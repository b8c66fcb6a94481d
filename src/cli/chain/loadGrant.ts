import { ChainFault } from '../../account/ChainFault.js'
import { canonical } from '../../compiler/canonical.js'
import type { Binding } from '../../policy/Binding.js'
import type { Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { artifactIn, makeArtifact, type Artifact, type Owners } from '../artifact.js'
import { CliError } from '../CliError.js'
import { printDiagnostics } from '../diagnostics.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { loadPolicy } from '../loadPolicy.js'
import { checkText } from '../loadWrit.js'
import { nameOf } from './connect.js'

/** What the chain says to what a writ leaves open. */
export type ChainValues = {
  readonly chainId: number
  /** Unix seconds of the latest block: when a writ begins that does not say it. */
  readonly time: number
}

/** A writ or an artifact that is to be granted. */
export type GrantFile = {
  /** Where the beginning is open, it begins with the latest block. */
  readonly policy: Policy
  /** For where an artifact was made. */
  readonly binding?: Binding
  /** Neither file nor flags say when it begins: each moment makes another session of it. */
  readonly beginsNow: boolean
  /** Whether a policy is this writ's, whenever it began. */
  readonly isOf: (policy: Policy) => boolean
  /** The artifact for a place; `policy` is one that the writ `isOf`. */
  readonly artifact: (policy: Policy, binding: Binding, owners?: Owners) => Artifact
}

/**
 * Reads FILE. What it leaves open comes from the flags, then chain and beginning from the chain. Ends the command where it is not valid, or is
 * for another chain.
 */
export const loadGrant = (
  io: Io,
  file: string,
  flags: HeaderFlags & { readonly json?: true },
  values: ChainValues,
): GrantFile => {
  const text = readText(io, file)
  const loaded = text.trimStart().startsWith('{')
    ? fromArtifact(io, file, text, flags)
    : fromWrit(io, file, text, flags, values)
  if (loaded.policy.chainId !== values.chainId)
    throw new ChainFault(
      'wrong-chain',
      `\`${file}\` is for ${nameOf(loaded.policy.chainId)}, but the node is of ${nameOf(values.chainId)}`,
      'give --rpc a node of that chain, or correct the writ',
    )
  return loaded
}

type Flags = HeaderFlags & { readonly json?: true }

const fromWrit = (io: Io, file: string, text: string, flags: Flags, { chainId, time }: ChainValues): GrantFile => {
  const json = flags.json === true
  const { open } = checkText(io, file, text, flags, json)
  const missing = open.filter((field) => field === 'account' || field === 'key')
  if (missing.length > 0)
    throw new CliError(
      ExitCode.usage,
      `\`${file}\` does not say its ${missing.join(' and ')}`,
      `add ${missing.map((field) => `--${field} ADDRESS`).join(' ')}, or the lines to the file`,
    )
  const known = open.includes('chain') ? { ...flags, chain: chainId } : flags
  const beginsNow = open.includes('from')
  const begun = (by: Io, from: number) => checkText(by, file, text, beginsNow ? { ...known, from } : known, json)
  const { policy, diagnostics, sources, texts } = begun(io, time)
  if (!json) printDiagnostics(io, diagnostics, sources)
  const isOf = (other: Policy): boolean => {
    if (other.from === policy.from || !beginsNow) return canonical(other) === canonical(policy)
    try {
      return canonical(other) === canonical(begun(silent(io), other.from).policy)
    } catch {
      // With that beginning it is no valid writ, so nobody granted it.
      return false
    }
  }
  return { policy, beginsNow, isOf, artifact: (one, binding, owners) => makeArtifact(one, binding, texts, owners) }
}

const fromArtifact = (io: Io, file: string, text: string, flags: Flags): GrantFile => {
  const { policy, binding } = loadPolicy(io, file, flags, flags.json === true, true)
  if (binding === undefined) throw new Error('an artifact has a binding')
  const { sourceHash } = artifactIn(JSON.parse(text)) as { sourceHash?: Hex }
  return {
    policy,
    binding,
    beginsNow: false,
    isOf: (other) => canonical(other) === canonical(policy),
    artifact: (one, place, owners) => ({
      ...makeArtifact(one, place, [], owners),
      ...(typeof sourceHash === 'string' && { sourceHash }),
    }),
  }
}

const silent = (io: Io): Io => ({ ...io, out: () => undefined, err: () => undefined })
