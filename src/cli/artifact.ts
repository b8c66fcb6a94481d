import type { Abi } from 'viem'
import { concat, keccak256, stringToHex } from 'viem/utils'
import { canonical } from '../compiler/canonical.js'
import * as calldata from '../compiler/calldata.js'
import { decode } from '../compiler/decode.js'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import { contractArtifact } from '../evm/artifacts.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'

/** What `writ compile` prints: everything that the steps after it need, in one JSON object. */
export type Artifact = {
  /** The version of this form. */
  readonly writ: 1
  /** keccak256 of the source text, UTF-8; where it imports files, of the hashes of all the texts, its own first and the others as they are read. */
  readonly sourceHash: Hex
  readonly canonical: string
  readonly chainId: number
  readonly account: Address
  readonly key: Address
  readonly from: number
  readonly until: number
  readonly binding: Binding
  /** The grant bytes (docs/format.md). */
  readonly grant: Hex
  readonly root: Hex
  /** Calls that the account makes: `grant`, `revoke` and `revokeAll` to the module; `install` (where owners are given) and `uninstall` to itself. */
  readonly calldata: {
    readonly grant: Hex
    readonly revoke: Hex
    readonly revokeAll: Hex
    readonly install?: Hex
    readonly uninstall: Hex
  }
  readonly abi: Abi
}

/** Whom the module is to know as the account's owners. */
export type Owners = {
  readonly first: Address
  readonly second?: Address | undefined
  /** False: only calls of the account itself grant. */
  readonly textGrants: boolean
}

/** Compiles a policy into an artifact. `texts` are those it came from: the writ, then what it imports. */
export const makeArtifact = (policy: Policy, binding: Binding, texts: readonly string[], owners?: Owners): Artifact => {
  const grant = encode(policy, binding)
  const root = rootOf(grant)
  return {
    writ: 1,
    sourceHash: hashOf(texts),
    canonical: canonical(policy),
    chainId: policy.chainId,
    account: policy.account,
    key: policy.key,
    from: policy.from,
    until: policy.until,
    binding,
    grant,
    root,
    calldata: {
      grant: calldata.grant(grant),
      revoke: calldata.revoke(root),
      revokeAll: calldata.revokeAll(),
      ...(owners ? { install: installOf(binding, owners) } : {}),
      uninstall: calldata.uninstallValidation(binding),
    },
    abi: contractArtifact('WritModule').abi,
  }
}

const hashOf = (texts: readonly string[]): Hex => {
  const hashes = texts.map((text) => keccak256(stringToHex(text)))
  const [only] = hashes
  return only !== undefined && hashes.length === 1 ? only : keccak256(concat(hashes))
}

const installOf = ({ module, entityId }: Binding, { first, second, textGrants }: Owners): Hex =>
  calldata.installValidation(module, {
    entityId,
    firstOwner: first,
    textGrants,
    ...(second ? { secondOwner: second } : {}),
  })

/** Reads an artifact back; its bytes are decoded strictly and its root is computed anew. */
export const readArtifact = (text: string, file: string): { policy: Policy; binding: Binding; grant: Hex } => {
  const fail = (what: string): never => {
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` is not an artifact of writ: ${what}`,
      'make it again with: writ compile FILE -o ARTIFACT',
    )
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    if (text.trimStart().startsWith('{')) return fail('it is not whole JSON')
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` is not an artifact of writ: it is other text, such as a writ`,
      'give the file that `writ grant` or `writ compile` wrote for it with -o',
    )
  }
  json = artifactIn(json)
  if (typeof json !== 'object' || json === null || !('writ' in json) || !('grant' in json))
    return fail('it has no grant')
  if (json.writ !== 1) return fail(`its version is ${String(json.writ)}, this program reads 1`)
  const grant = json.grant
  if (typeof grant !== 'string' || !/^0x(?:[0-9a-f]{2})+$/.test(grant))
    return fail('its grant is not bytes in lower-case hex')
  const decoded = decode(grant as Hex)
  if (!decoded.ok) return fail(`${decoded.reason} at byte ${decoded.offset} of the grant`)
  if (!('root' in json) || json.root !== rootOf(grant as Hex)) return fail('its root is not that of its grant')
  return { policy: decoded.policy, binding: decoded.binding, grant: grant as Hex }
}

/** The artifact that a grant file carries; anything else as it is. */
export const artifactIn = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && 'writGrant' in json && 'artifact' in json ? json.artifact : json
