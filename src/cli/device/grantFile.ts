import { type Address as ViemAddress, recoverMessageAddress } from 'viem'
import { deviceText, displayable } from '../../compiler/device/deviceText.js'
import type { Binding } from '../../policy/Binding.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { artifactIn, makeArtifact, readArtifact, type Artifact } from '../artifact.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { formFault, renderForm } from './formFile.js'

/** A grant on its way to the chain: the artifact, the text that the owner's device shows of it, and, once it is signed, the owner's signature. */
export type TextGrant = {
  readonly artifact: Artifact
  /** A function of the artifact's grant alone (docs/device-text.md). */
  readonly text: string
  /** Whose signature it is, or is to be; left out: who signs was not known when it was made. */
  readonly owner?: Address
  /** `r ‖ s ‖ v`, EIP-191 over `text`, s low. */
  readonly signature?: Hex
}

/** One that the owner has signed. */
export type SignedGrant = TextGrant & Required<Pick<TextGrant, 'owner' | 'signature'>>

/** What a grant file says, once all of it was compared with the bytes of the grant. */
export type ReadGrant = { readonly grant: TextGrant; readonly policy: Policy; readonly binding: Binding }

/** The version of the form. */
const VERSION = 1

/** The file of a grant: JSON in one form, of which each byte is checked when it is read. */
export const renderGrantFile = (grant: TextGrant): string => renderForm(contentOf(grant))

const contentOf = ({ text, owner, signature, artifact }: TextGrant): object => ({
  writGrant: VERSION,
  text,
  ...(owner && { owner }),
  ...(signature && { signature }),
  artifact,
})

/** Whether a text means to be a grant file. */
export const isGrantFile = (text: string): boolean => {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && 'writGrant' in json
  } catch {
    return false
  }
}

/**
 * Reads a grant file. The grant's bytes are decoded strictly; everything else in the file must be what follows from them, the signature the owner's of
 * the text that follows from them, and the file byte for byte as it was written. Ends the command with what is not so.
 */
export const readGrantFile = async (text: string, file: string): Promise<ReadGrant> => {
  const fail = (what: string): never => {
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` is not a grant file as writ writes it: ${what}`,
      'do not use it: it was changed or cut on its way, or made by another version of writ; have it made and signed again',
    )
  }
  const json = jsonIn(text) ?? fail('it is not whole JSON')
  if (typeof json !== 'object' || json === null || !('writGrant' in json)) return fail('it has no `writGrant`')
  if (json.writGrant !== VERSION) return fail(`its version is ${String(json.writGrant)}, this program reads ${VERSION}`)
  const carried = artifactIn(json)
  const { policy, binding } = readArtifact(JSON.stringify(carried), file)
  const sourceHash = Object(carried).sourceHash as unknown
  if (!isHex(sourceHash, 32)) return fail('its `sourceHash` is not 32 bytes')
  const artifact: Artifact = { ...makeArtifact(policy, binding, []), sourceHash }
  for (const [name, value] of Object.entries(artifact))
    if (JSON.stringify(Object(carried)[name]) !== JSON.stringify(value))
      return fail(`its \`${name}\` is not that of its grant`)
  const [problem] = displayable(policy, binding)
  if (problem !== undefined) return fail(`no device can show its grant: ${problem.message}`)
  const shown = deviceText(policy, binding)
  if (!('text' in json) || json.text !== shown) return fail('its `text` is not what the grant says')
  const owner = 'owner' in json ? json.owner : undefined
  if (owner !== undefined && !isHex(owner, 20)) return fail('its `owner` is not an address in lower case')
  const signature = 'signature' in json ? json.signature : undefined
  if (signature !== undefined) {
    if (!isHex(signature, 65)) return fail('its `signature` is not 65 bytes')
    if (owner === undefined) return fail('it is signed, and does not say by whom')
    if (!(await isSignedBy(owner, shown, signature))) return fail(`its signature is not that of ${owner} for this text`)
  }
  const grant: TextGrant = { artifact, text: shown, ...(owner && { owner }), ...(signature && { signature }) }
  const fault = formFault(text, contentOf(grant))
  if (fault !== undefined) return fail(fault)
  return { grant, policy, binding }
}

/** Half of the order of secp256k1: of the two signatures that are one, the chain takes the one with the lower s. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** Whether a signature is one that the module takes as an address's of a text: s low, v 27 or 28. */
export const isSignedBy = async (owner: Address, text: string, signature: Hex): Promise<boolean> => {
  if (BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER || !/1[bc]$/.test(signature)) return false
  const signer = await recoverMessageAddress({ message: text, signature }).catch(
    (): ViemAddress | undefined => undefined,
  )
  return signer?.toLowerCase() === owner
}

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isHex = (value: unknown, bytes: number): value is Hex =>
  typeof value === 'string' && value.length === 2 + 2 * bytes && /^0x[0-9a-f]*$/.test(value)
