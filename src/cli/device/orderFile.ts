import { recoverAddress } from 'viem'
import * as calldata from '../../compiler/calldata.js'
import { decode } from '../../compiler/decode.js'
import { type Kill, killText } from '../../compiler/device/killText.js'
import { rootOf } from '../../compiler/root.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { formFault, renderForm } from './formFile.js'
import { isSignedBy } from './grantFile.js'

/** An end of sessions that was signed and that anyone may carry to the chain: by an owner's text, or by the session's own key. */
export type SignedOrder =
  | {
      readonly by: 'owner'
      readonly kill: Kill
      readonly module: Address
      /** Whose owner signed; any entity id that the account has ever installed serves. */
      readonly entityId: number
      /** A function of `kill` alone (docs/device-text.md). */
      readonly text: string
      readonly owner: Address
      /** `r ‖ s ‖ v`, EIP-191 over `text`, s low. */
      readonly signature: Hex
    }
  | {
      readonly by: 'key'
      readonly grant: Hex
      readonly policy: Policy
      readonly module: Address
      readonly entityId: number
      /** `r ‖ s ‖ v` of the grant's key over `renounceDigest`. */
      readonly signature: Hex
    }

/** The version of the form. */
const VERSION = 1

/** The file of an order: JSON in one form, of which each byte is checked when it is read. */
export const renderOrderFile = (order: SignedOrder): string => renderForm(contentOf(order))

const contentOf = (order: SignedOrder): object => {
  const { signature } = order
  if (order.by === 'key') return { writRevocation: VERSION, kind: 'renounce', grant: order.grant, signature }
  const { kill, module, entityId, text, owner } = order
  return { writRevocation: VERSION, ...kill, module, entityId, text, owner, signature }
}

/** Calldata to the module that carries the order. */
export const orderCalldata = (order: SignedOrder): Hex =>
  order.by === 'key'
    ? calldata.renounce(order.grant, order.signature)
    : calldata.endByText(order.kill, order.entityId, order.signature)

/** Reads an order file; ends the command with what is not as it was written. */
export const readOrderFile = async (source: string, file: string): Promise<SignedOrder> => {
  const fail = (what: string): never => {
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` is not a signed revocation as writ writes it: ${what}`,
      'do not use it: it was changed or cut on its way, or made by another version of writ; have it signed again',
    )
  }
  let json: Readonly<Record<string, unknown>>
  try {
    json = JSON.parse(source) as typeof json
  } catch {
    return fail('it is not whole JSON')
  }
  if (typeof json !== 'object' || json === null || !('writRevocation' in json))
    return fail('it has no `writRevocation`')
  if (json['writRevocation'] !== VERSION)
    return fail(`its version is ${String(json['writRevocation'])}, this program reads ${VERSION}`)
  const signature = hexIn(json, 'signature', 65) ?? fail('its `signature` is not 65 bytes')
  const order = json['kind'] === 'renounce' ? keysOrder(json, signature, fail) : ownersOrder(json, signature, fail)
  const fault = formFault(source, contentOf(order))
  if (fault !== undefined) return fail(fault)
  if (!(await isGenuine(order)))
    return fail(
      order.by === 'owner'
        ? `its signature is not that of ${order.owner} for its text`
        : "its signature is not that of the session's key",
    )
  return order
}

type Fail = (what: string) => never
type Json = Readonly<Record<string, unknown>>

const keysOrder = (json: Json, signature: Hex, fail: Fail): SignedOrder => {
  const grant = hexIn(json, 'grant') ?? fail('its `grant` is not bytes in lower-case hex')
  const decoded = decode(grant)
  if (!decoded.ok) return fail(`${decoded.reason} at byte ${decoded.offset} of the grant`)
  const { policy, binding } = decoded
  return { by: 'key', grant, policy, module: binding.module, entityId: binding.entityId, signature }
}

const ownersOrder = (json: Json, signature: Hex, fail: Fail): SignedOrder => {
  const kill = killIn(json) ?? fail('it does not say what is ended')
  const module = hexIn(json, 'module', 20) ?? fail('its `module` is not an address in lower case')
  const owner = hexIn(json, 'owner', 20) ?? fail('its `owner` is not an address in lower case')
  const entityId = wholeIn(json, 'entityId', 2 ** 32) ?? fail('its `entityId` is none')
  const text = killText(kill)
  if (json['text'] !== text) return fail('its `text` is not what it says besides')
  return { by: 'owner', kill, module, entityId, text, owner, signature }
}

const killIn = (json: Json): Kill | undefined => {
  const account = hexIn(json, 'account', 20)
  // Beyond the year 9999 there is no text of it.
  const before = wholeIn(json, 'before', 253_402_300_800)
  const chainId = wholeIn(json, 'chainId', Number.MAX_SAFE_INTEGER)
  const root = hexIn(json, 'root', 32)
  if (account === undefined) return undefined
  if (json['kind'] === 'all' && chainId !== undefined && before !== undefined)
    return { kind: 'all', account, chainId, before }
  if (json['kind'] === 'everyChain' && before !== undefined) return { kind: 'everyChain', account, before }
  if (json['kind'] === 'session' && chainId !== undefined && root !== undefined)
    return { kind: 'session', account, chainId, root }
  return undefined
}

const isGenuine = async (order: SignedOrder): Promise<boolean> => {
  if (order.by === 'owner') return isSignedBy(order.owner, order.text, order.signature)
  const hash = calldata.renounceDigest(order.grant)
  const signer = await recoverAddress({ hash, signature: order.signature }).catch(() => undefined)
  return signer?.toLowerCase() === order.policy.key
}

const hexIn = (json: Json, name: string, bytes?: number): Hex | undefined => {
  const value = json[name]
  if (typeof value !== 'string' || !/^0x(?:[0-9a-f]{2})+$/.test(value)) return undefined
  return bytes === undefined || value.length === 2 + 2 * bytes ? (value as Hex) : undefined
}

const wholeIn = (json: Json, name: string, below: number): number | undefined => {
  const value = json[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < below ? value : undefined
}

/** The session that an order is about; undefined where it is about all of an account. */
export const rootIn = (order: SignedOrder): Hex | undefined => {
  if (order.by === 'key') return rootOf(order.grant)
  return order.kill.kind === 'session' ? order.kill.root : undefined
}
